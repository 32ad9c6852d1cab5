//! PAM's services, as far as our own `auth` lines go.
//!
//! `auth optional pam_wardkey.so start` makes void what an earlier try left, and must come first: behind the line that asks,
//! it would make a refusal void.

use pam_stack::{Kind, Line, OTHER, Place, Root, Service, Trouble};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::PathBuf;
use wardkey_core::policy::config::nearest;
use wardkey_core::printable::escaped;

/// Our module's file.
pub(crate) const MODULE: &str = "pam_wardkey.so";
/// Services whose programs run jobs as somebody and never authenticate anyone, by their sources, though their files may include
/// everybody's `auth` lines.
const JOBS: [&str; 3] = ["atd", "cron", "crond"];

/// What is wrong with a line `start`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BadLine {
    /// It is not of `auth`.
    Kind,
    /// Something hangs on it.
    Control,
    /// It has other arguments.
    Arguments,
    /// Another `auth` line comes before it.
    Place,
}

/// A line that cannot stand as it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Misplaced {
    /// Its file.
    pub(crate) file: PathBuf,
    /// Its number there.
    pub(crate) number: usize,
    /// The service in whose stack it is wrong.
    pub(crate) service: String,
    /// Why.
    pub(crate) wrong: BadLine,
}

/// Whether it is a line of ours.
pub(crate) fn is_ours(line: &Line) -> bool {
    line.module_name().is_some_and(|name| name.ends_with(MODULE))
}

/// Whether it makes void what an earlier try left, and asks nothing.
pub(crate) fn is_start(line: &Line) -> bool {
    is_ours(line) && line.has("start")
}

/// Whether our module asks here.
pub(crate) fn asks(line: &Line) -> bool {
    is_ours(line) && !is_start(line)
}

/// What is wrong with a line `start` wherever it stands.
fn wrong(line: &Line) -> Option<BadLine> {
    if line.kind != Kind::Auth {
        Some(BadLine::Kind)
    } else if !line.written.eq_ignore_ascii_case("optional") {
        Some(BadLine::Control)
    } else if line.arguments.len() > 1 {
        Some(BadLine::Arguments)
    } else {
        None
    }
}

/// The first line `start` of this service that cannot stand as it does.
pub(crate) fn bad_start(service: &Service) -> Option<(Place, BadLine)> {
    let lines = Kind::ALL.into_iter().flat_map(|kind| service.stack(kind)).filter(|line| is_start(line));
    let wrong = lines.filter_map(|line| Some((line.place.clone(), wrong(line)?)));
    let later = service.stack(Kind::Auth).iter().skip(1).filter(|line| is_start(line));
    wrong.chain(later.map(|line| (line.place.clone(), BadLine::Place))).next()
}

/// A file that was not looked at, or directories that could not be listed.
#[derive(Debug)]
pub(crate) enum Unread {
    /// A directory of service files.
    Directory(io::Error),
    /// A file that is too large, or waits for a writer.
    File(PathBuf),
}

/// All services of this machine; the answer has besides what could not be read.
pub(crate) fn all() -> (Services, Vec<Unread>) {
    of(&Root::new("/"))
}

/// All services of the machine below `root`.
pub(crate) fn of(root: &Root) -> (Services, Vec<Unread>) {
    let (names, mut unread) = match root.names() {
        Ok(names) => (names, Vec::new()),
        Err(why) => (Vec::new(), vec![Unread::Directory(why)]),
    };
    let programs = names.into_iter().filter(|name| !is_left_over(name));
    let services =
        Services(programs.map(|name| (name.clone(), Service::load(root, &name, root.reader()))).collect());
    let closed = |service: &Service| {
        let remarks = service.remarks.iter();
        let closed = remarks.filter(|remark| matches!(remark.trouble, Trouble::TooLarge | Trouble::NotAFile));
        closed.map(|remark| remark.place.file.clone()).collect::<Vec<_>>()
    };
    let closed: BTreeSet<PathBuf> = services.0.values().flat_map(closed).collect();
    unread.extend(closed.into_iter().map(Unread::File));
    (services, unread)
}

/// Which services ask people for a code; `None` where that cannot be told.
pub(crate) fn that_ask() -> Option<Vec<String>> {
    let (services, unread) = all();
    let asking: Vec<String> = services.asking_people().into_iter().map(escaped).collect();
    (unread.is_empty() || !asking.is_empty()).then_some(asking)
}

/// What editors, package managers and pam-auth-update leave beside a file: no program has such a service.
pub(crate) fn is_left_over(name: &str) -> bool {
    let ends =
        [".bak", ".old", ".orig", ".rpmnew", ".rpmsave", ".rpmorig", ".pacnew", ".pacsave", ".pam-old"];
    name.ends_with('~')
        || [".dpkg-", ".ucf-"].iter().any(|part| name.contains(part))
        || ends.iter().any(|end| name.ends_with(end))
}

/// Services, by name.
#[derive(Debug, Default)]
pub(crate) struct Services(BTreeMap<String, Service>);

impl Services {
    /// The first line `start` that is not where it must be.
    pub(crate) fn misplaced(&self) -> Option<Misplaced> {
        let anywhere = self.0.values().flat_map(|service| {
            let lines = Kind::ALL.into_iter().flat_map(|kind| service.stack(kind));
            lines
                .filter(|line| is_start(line))
                .filter_map(|line| misplaced(service, line, wrong(line)?).into())
        });
        let later = self.0.values().flat_map(|service| {
            let starts = service.stack(Kind::Auth).iter().skip(1).filter(|line| is_start(line));
            starts.map(|line| misplaced(service, line, BadLine::Place))
        });
        // A file of its own is named before those that include it.
        let own_first =
            |found: &Misplaced| (found.file.file_name() != Some(found.service.as_ref()), found.file.clone());
        anywhere.min_by_key(own_first).or_else(|| { later }.next())
    }

    /// The service of this file.
    pub(crate) fn get(&self, name: &str) -> Option<&Service> {
        self.0.get(name)
    }

    /// Whether there is a file for this service; names are compared in lower case, as the configuration's are.
    pub(crate) fn has(&self, service: &str) -> bool {
        self.0.keys().any(|name| name.eq_ignore_ascii_case(service))
    }

    /// The service whose name this one is a slip of.
    pub(crate) fn nearest(&self, service: &str) -> Option<&str> {
        nearest(service, self.names())
    }

    /// Every service that a program may have.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.programs().map(|(name, _)| name)
    }

    /// Every service that a program may have, with its stacks.
    pub(crate) fn programs(&self) -> impl Iterator<Item = (&str, &Service)> {
        let programs = self.0.iter().filter(|(name, _)| !self.is_a_part(name) && *name != OTHER);
        programs.map(|(name, service)| (name.as_str(), service))
    }

    /// Those whose stack asks for a code.
    pub(crate) fn asking(&self) -> Vec<&str> {
        let asking = self.programs().filter(|(_, service)| service.stack(Kind::Auth).iter().any(asks));
        asking.map(|(name, _)| name).collect()
    }

    /// Those of them at which a person is asked: a file without `auth` lines of its own is of a program that authenticates nobody,
    /// as passwd's is, and only `other` would answer.
    pub(crate) fn asking_people(&self) -> Vec<&str> {
        let is_asked = |name: &&str| self.get(name).is_some_and(|of| !of.comes_from_other(Kind::Auth));
        self.asking().into_iter().filter(|name| !JOBS.contains(name)).filter(is_asked).collect()
    }

    /// Whether it is there for other files to include, and no program has it.
    fn is_a_part(&self, name: &str) -> bool {
        let is_named_so =
            name.starts_with("common-") || name.starts_with("system-") || name.ends_with("-auth");
        is_named_so && self.0.values().any(|service| service.includes.contains(name))
    }

    /// Whether a service has our module ask for the code at a prompt of its own.
    pub(crate) fn asks_apart(&self, service: &str) -> bool {
        let stack = self.0.get(service).map(|service| service.stack(Kind::Auth));
        stack.is_some_and(|lines| lines.iter().any(|line| asks(line) && !line.has("forward_pass")))
    }
}

fn misplaced(service: &Service, line: &Line, wrong: BadLine) -> Misplaced {
    Misplaced { file: line.place.file.clone(), number: line.place.line, service: service.name.clone(), wrong }
}

#[cfg(test)]
#[path = "services_tests.rs"]
mod tests;
