//! What has become of the services that are on.

use super::super::block::blocks;
use super::super::change::content;
use super::super::journal::Switched;
use super::super::{SSHD, sshd as drop_in};
use crate::doctor::fault::StackFault;
use crate::doctor::sshd::{Scope, Sshd, SshdFault};
use crate::doctor::{About, danger, faults_of};
use crate::services::{asks, is_left_over};
use pam_stack::{Kind, Root, Service};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What is wrong with a service that is on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum WatchTrouble {
    /// It asks for no code any more; our lines were in this file, if it was one of ours.
    Unasked(Option<PathBuf>),
    /// Our lines in this file are not what we wrote.
    Lines(PathBuf),
    /// A way in or a lock-out.
    Stack(StackFault),
    /// sshd's file of ours is not what we wrote.
    DropIn(PathBuf),
    /// sshd asks nobody, or only some, whatever its file of ours says.
    Sshd(Scope, SshdFault),
}

impl WatchTrouble {
    /// Its name, as findings have one.
    pub(crate) fn name(&self, service: &str) -> &'static str {
        match self {
            Self::Unasked(_) => "not-asked",
            Self::Lines(_) => "lines-changed",
            Self::Stack(fault) => danger(service, fault).unwrap_or_default(),
            Self::DropIn(_) => "drop-in-changed",
            Self::Sshd(..) => "sshd-asks-not",
        }
    }
}

/// Looks at every service that is watched; `sshd` is what sshd does now.
pub(crate) fn troubles(
    root: &Root,
    on: &Switched,
    about: &About<'_>,
    sshd: Option<&Sshd>,
) -> Vec<(String, WatchTrouble)> {
    let mut found = Vec::new();
    for (name, file) in asked(root, on) {
        found.extend(
            of_service(root, on, &name, file.as_deref(), about)
                .into_iter()
                .map(|trouble| (name.clone(), trouble)),
        );
        if name == SSHD {
            found.extend(sshd.and_then(of_settings(on)).map(|trouble| (name, trouble)));
        }
    }
    let is_ours = on.files.get(Path::new(drop_in::DROP_IN));
    if let Some(change) = is_ours.filter(|change| held(root, &change.path) != change.after) {
        found.push((SSHD.to_owned(), WatchTrouble::DropIn(change.path.clone())));
    }
    found
}

/// The services that are to ask and ask no more.
pub(crate) fn unasked(root: &Root, on: &Switched) -> Vec<(String, WatchTrouble)> {
    let silent = asked(root, on).into_iter().filter(|(name, _)| !is_asked(&service(root, name)));
    silent.map(|(name, file)| (name, WatchTrouble::Unasked(file))).collect()
}

fn service(root: &Root, name: &str) -> Service {
    Service::load(root, name, root.reader())
}

fn is_asked(service: &Service) -> bool {
    service.stack(Kind::Auth).iter().any(asks)
}

/// The services that are watched: those that ask by our lines on the machine as we left it, and those that are on by lines of
/// somebody else's, as pam-auth-update's.
pub(crate) fn watched(root: &Root, on: &Switched) -> BTreeSet<String> {
    let has_drop_in = on.files.contains_key(Path::new(drop_in::DROP_IN));
    let asked = asked(root, on).into_keys();
    asked.chain(has_drop_in.then(|| SSHD.to_owned())).collect()
}

/// Those of them that are to ask, and the file of ours by which they did.
fn asked(root: &Root, on: &Switched) -> BTreeMap<String, Option<PathBuf>> {
    let mut asked: BTreeMap<_, _> = on.services.iter().map(|name| (name.clone(), None)).collect();
    asked.extend(asking(&as_left(root, on), on).into_iter().map(|(name, file)| (name, Some(file))));
    asked
}

/// The machine with our files as we wrote them.
fn as_left(root: &Root, on: &Switched) -> Root {
    let mut left = root.clone();
    for (path, change) in &on.files {
        left.lay(path, change.after.clone().map(String::into_bytes));
    }
    left
}

/// The services that ask there by a line in a file of ours, and that file.
fn asking(left: &Root, on: &Switched) -> BTreeMap<String, PathBuf> {
    let own = on.files.keys().filter_map(|path| path.file_name()?.to_str().map(str::to_owned));
    let names: BTreeSet<String> = left.names().unwrap_or_default().into_iter().chain(own).collect();
    let ours = |name: &String| {
        let service = service(left, name);
        let mut lines = service.stack(Kind::Auth).iter().filter(|line| asks(line));
        lines.find_map(|line| on.files.contains_key(&line.place.file).then(|| line.place.file.clone()))
    };
    let programs = names.into_iter().filter(|name| !is_left_over(name));
    programs.filter_map(|name| ours(&name).map(|file| (name, file))).collect()
}

fn of_service(
    root: &Root,
    on: &Switched,
    name: &str,
    file: Option<&Path>,
    about: &About<'_>,
) -> Vec<WatchTrouble> {
    let service = service(root, name);
    if !is_asked(&service) {
        return vec![WatchTrouble::Unasked(file.map(Path::to_path_buf))];
    }
    let faults = faults_of(root, &service, about).into_iter().filter(|fault| danger(name, fault).is_some());
    let mut found: Vec<WatchTrouble> = faults.map(WatchTrouble::Stack).collect();
    let Some(file) = file else { return found };
    let is_own = file.file_name().is_some_and(|own| own == name);
    let wrote = on.files.get(file).and_then(|change| change.after.as_deref()).and_then(blocks);
    if is_own && held(root, file).as_deref().and_then(blocks) != wrote {
        found.push(WatchTrouble::Lines(file.to_path_buf()));
    }
    found
}

/// What of sshd's settings undoes what was switched on: keys opened before, unless they were to ask as well.
fn of_settings(on: &Switched) -> impl Fn(&Sshd) -> Option<WatchTrouble> {
    let wrote = on.files.get(Path::new(drop_in::DROP_IN)).and_then(|change| change.after.clone());
    let keys_ask = wrote.is_some_and(|wrote| wrote.contains("AuthenticationMethods"));
    move |sshd| {
        let undoes = |(scope, fault): (&Scope, &SshdFault)| {
            drop_in::is_needed(&[(scope.clone(), fault.clone(), None)])
                || keys_ask && (scope, fault) == (&Scope::Everybody, &SshdFault::KeysAlone)
        };
        let mut faults = sshd.faults.iter().map(|(scope, fault, _)| (scope, fault));
        faults
            .find(|both| undoes(*both))
            .map(|(scope, fault)| WatchTrouble::Sshd(scope.clone(), fault.clone()))
    }
}

fn held(root: &Root, path: &Path) -> Option<String> {
    let bytes = content(&root.join(path)).ok().flatten()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
#[path = "troubles_tests.rs"]
mod tests;
