//! PAM's service files, as far as our own `auth` lines go.
//!
//! `auth optional pam_wardkey.so start` makes void what an earlier try left, and must come first: behind the line that asks,
//! it would make a refusal void.

use nix::fcntl::AT_FDCWD;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use wardkey_core::policy::config::nearest;
use wardkey_core::printable::escaped;
use wardkey_core::store::{StoreError, names};
use wardkey_core::system::trusted_file::{Untrusted, read_foreign};

/// Where libpam looks for a service, the first first.
const DIRECTORIES: [&str; 2] = ["/etc/pam.d", "/usr/lib/pam.d"];

/// Largest service file, in bytes.
const MAX_FILE: u64 = 256 * 1024;

/// How deep files may name one another; libpam gives up at less.
const MAX_DEPTH: usize = 16;

const MODULE: &str = "pam_wardkey.so";

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

/// A line that names a module, or other files.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    number: usize,
    kind: String,
    control: String,
    words: Vec<String>,
}

impl Line {
    fn is_auth(&self) -> bool {
        self.kind.trim_start_matches('-').eq_ignore_ascii_case("auth")
    }

    /// The file that it names, if that has lines for `auth`.
    fn included(&self) -> Option<&str> {
        let is_include = self.control == "@include";
        let names_a_stack = self.is_auth() && matches!(self.control.as_str(), "include" | "substack");
        (is_include || names_a_stack).then(|| self.words.first().map(String::as_str)).flatten()
    }

    /// The arguments of our module, if the line names it.
    fn ours(&self) -> Option<&[String]> {
        self.words
            .split_first()
            .filter(|(module, _)| module.ends_with(MODULE))
            .map(|(_, arguments)| arguments)
    }

    fn is_start(&self) -> bool {
        self.ours().is_some_and(|arguments| arguments.iter().any(|argument| argument == "start"))
    }

    /// Whether our module asks here, and for the code alone.
    fn asks_apart(&self) -> bool {
        let is_other = |argument: &String| argument == "start" || argument == "forward_pass";
        self.ours().is_some_and(|arguments| !arguments.iter().any(is_other))
    }

    /// What is wrong with it wherever it stands.
    fn wrong(&self) -> Option<BadLine> {
        if !self.is_auth() {
            Some(BadLine::Kind)
        } else if self.control != "optional" {
            Some(BadLine::Control)
        } else if self.words.len() > 2 {
            Some(BadLine::Arguments)
        } else {
            None
        }
    }
}

/// All service files of the machine; the answer has besides what could not be read.
pub(crate) fn all() -> (Services, Vec<StoreError>) {
    let (mut services, mut unread) = (Services::default(), Vec::new());
    for directory in DIRECTORIES.map(Path::new) {
        let Ok(target) = directory.canonicalize() else { continue };
        let names = names(AT_FDCWD, &target, directory).unwrap_or_else(|why| {
            unread.push(why);
            Vec::new()
        });
        for name in names {
            let path = directory.join(&name);
            if services.0.contains_key(&name) || is_left_over(&name) || path.is_dir() {
                continue;
            }
            match read(&path) {
                Ok(lines) => _ = services.0.insert(name, (path, lines)),
                Err(why) => unread.push(StoreError::Untrusted(why)),
            }
        }
    }
    (services, unread)
}

/// Which services ask for a code; `None` where that cannot be told.
pub(crate) fn that_ask() -> Option<Vec<String>> {
    let (services, unread) = all();
    let asking: Vec<String> = services.asking().into_iter().map(escaped).collect();
    (unread.is_empty() || !asking.is_empty()).then_some(asking)
}

/// What editors and dpkg leave beside a file: no program has such a service.
fn is_left_over(name: &str) -> bool {
    name.ends_with('~') || name.contains(".dpkg-")
}

/// authselect(8) puts links there.
fn read(path: &Path) -> Result<Vec<Line>, Untrusted> {
    let target = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let bytes = read_foreign(&target, MAX_FILE)?;
    Ok(lines(&String::from_utf8_lossy(&bytes)))
}

/// Service files, by name.
#[derive(Debug, Default)]
pub(crate) struct Services(BTreeMap<String, (PathBuf, Vec<Line>)>);

impl Services {
    /// The first line `start` that is not where it must be.
    pub(crate) fn misplaced(&self) -> Option<Misplaced> {
        self.wrong_anywhere().or_else(|| self.0.keys().find_map(|service| self.out_of_place(service)))
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
        self.0.keys().map(String::as_str).filter(|name| !self.is_a_part(name))
    }

    /// Those whose stack asks for a code.
    pub(crate) fn asking(&self) -> Vec<&str> {
        self.names().filter(|service| self.asks(service)).collect()
    }

    fn asks(&self, service: &str) -> bool {
        let mut stack = Vec::new();
        self.auth_of(service, 0, &mut stack);
        stack.iter().any(|(_, line)| line.ours().is_some() && !line.is_start())
    }

    /// Whether it is there for other files to include, and no program has it.
    fn is_a_part(&self, name: &str) -> bool {
        let is_named_so =
            name.starts_with("common-") || name.starts_with("system-") || name.ends_with("-auth");
        let mut lines = self.0.values().flat_map(|(_, lines)| lines);
        is_named_so && lines.any(|line| line.included() == Some(name))
    }

    /// Whether a service has our module ask for the code at a prompt of its own.
    pub(crate) fn asks_apart(&self, service: &str) -> bool {
        let mut stack = Vec::new();
        self.auth_of(service, 0, &mut stack);
        stack.iter().any(|(_, line)| line.asks_apart())
    }

    fn wrong_anywhere(&self) -> Option<Misplaced> {
        let all = self.0.iter().flat_map(|(name, (file, lines))| lines.iter().map(move |l| (name, file, l)));
        let mut starts = all.filter(|(_, _, line)| line.is_start());
        starts.find_map(|(name, file, line)| {
            let wrong = line.wrong()?;
            Some(Misplaced { file: file.clone(), number: line.number, service: name.clone(), wrong })
        })
    }

    fn out_of_place(&self, service: &str) -> Option<Misplaced> {
        let mut stack = Vec::new();
        self.auth_of(service, 0, &mut stack);
        let (file, line) = stack.iter().skip(1).find(|(_, line)| line.is_start())?;
        Some(Misplaced {
            file: file.to_path_buf(),
            number: line.number,
            service: service.to_owned(),
            wrong: BadLine::Place,
        })
    }

    /// The `auth` lines of a service, in the order in which libpam goes through them.
    fn auth_of<'a>(&'a self, service: &str, depth: usize, stack: &mut Vec<(&'a Path, &'a Line)>) {
        let name = Path::new(service).file_name().map_or(service.into(), |name| name.to_string_lossy());
        let Some((file, lines)) = self.0.get(name.as_ref()) else { return };
        for line in lines {
            match line.included() {
                Some(other) if depth < MAX_DEPTH => self.auth_of(other, depth + 1, stack),
                None if line.is_auth() => stack.push((file, line)),
                _ => {}
            }
        }
    }
}

/// The lines of a service file (pam.d(5)).
fn lines(text: &str) -> Vec<Line> {
    let mut found = Vec::new();
    let mut whole = String::new();
    let mut first = None;
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.split('#').next().unwrap_or_default();
        let begun = *first.get_or_insert(number);
        match line.strip_suffix('\\') {
            Some(part) => {
                whole.push_str(part);
                whole.push(' ');
            }
            None => {
                whole.push_str(line);
                found.extend(line_of(&whole, begun));
                (whole, first) = (String::new(), None);
            }
        }
    }
    found
}

fn line_of(text: &str, number: usize) -> Option<Line> {
    let (kind, rest) = text.trim().split_once(char::is_whitespace)?;
    let rest = rest.trim_start();
    if kind == "@include" {
        let words = vec![rest.trim().to_owned()];
        return Some(Line { number, kind: kind.to_owned(), control: kind.to_owned(), words });
    }
    let end =
        if rest.starts_with('[') { rest.find(']').map(|at| at + 1) } else { rest.find(char::is_whitespace) };
    let (control, rest) = rest.split_at_checked(end?)?;
    // libpam takes brackets off an argument; they hold its blanks together.
    let words = rest.split_whitespace().map(|word| word.trim_matches(['[', ']']).to_owned()).collect();
    Some(Line { number, kind: kind.to_owned(), control: control.to_ascii_lowercase(), words })
}

#[cfg(test)]
#[path = "services_tests.rs"]
mod tests;
