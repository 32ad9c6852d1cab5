//! Our lines that pam-auth-update keeps, where somebody has switched on wardkey's profile: they stand in its own blocks of
//! `common-*`, go by it alone, and nobody else edits them.

use crate::services::{MODULE, asks};
use pam_stack::{Found, Kind, Place, Root, Service};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The files that it writes, by what stands behind `common-`; what it has written there lies in files of these names.
const FILES: [&str; 4] = ["auth", "account", "session", "session-noninteractive"];
/// Where a block begins, and the line behind it.
const BLOCKS: [(&str, &str); 2] = [
    (
        "# here are the per-package modules (the \"Primary\" block)",
        "# here's the fallback if no module succeeds",
    ),
    ("# and here are more per-package modules (the \"Additional\" block)", "# end of pam-auth-update config"),
];

/// Where such lines stand.
#[derive(Debug, Default)]
pub(crate) struct Profile(BTreeSet<Place>);

impl Profile {
    /// Those of the machine below `root`; none where the profile is off, or the comments that begin and end a block are gone.
    pub(crate) fn of(root: &Root) -> Self {
        Self(FILES.into_iter().flat_map(|of| lines(root, of)).collect())
    }

    /// Whether the line is one of them.
    pub(crate) fn has(&self, place: &Place) -> bool {
        self.0.contains(place)
    }

    /// The file of the one by which this service asks.
    pub(crate) fn file_of<'a>(&self, service: &'a Service) -> Option<&'a Path> {
        let mut asking = service.stack(Kind::Auth).iter().filter(|line| asks(line));
        asking.find(|line| self.has(&line.place)).map(|line| line.place.file.as_path())
    }

    /// Whether this service asks by them, and by no other line.
    pub(crate) fn asks_in(&self, service: &Service) -> bool {
        let mut asking = service.stack(Kind::Auth).iter().filter(|line| asks(line)).peekable();
        asking.peek().is_some() && asking.all(|line| self.has(&line.place))
    }
}

fn lines(root: &Root, of: &str) -> Vec<Place> {
    let text = |path: &Path| match root.file(path) {
        Some(Found::File(_, content)) => String::from_utf8_lossy(&content).into_owned(),
        _ => String::new(),
    };
    let written = text(&Path::new("/var/lib/pam").join(of));
    if !written.lines().any(|line| line == "Module: wardkey") {
        return Vec::new();
    }
    let file = PathBuf::from(format!("/etc/pam.d/common-{of}"));
    let common = text(&file);
    let (mut blocks, mut end, mut found) = (BLOCKS.into_iter(), None, Vec::new());
    let mut next = blocks.next();
    for (number, line) in common.lines().enumerate() {
        match (end, next) {
            (None, Some((first, last))) if line.starts_with(first) => end = Some(last),
            (Some(last), _) if line.starts_with(last) => (end, next) = (None, blocks.next()),
            (Some(_), _) if is_of_ours(line) => found.push(Place { file: file.clone(), line: number + 1 }),
            _ => {}
        }
    }
    // Without all four comments pam-auth-update changes nothing.
    if next.is_none() { found } else { Vec::new() }
}

fn is_of_ours(line: &str) -> bool {
    let line = line.split('#').next().unwrap_or_default();
    line.split_whitespace().any(|word| word.ends_with(MODULE))
}

#[cfg(test)]
#[path = "profile_tests.rs"]
pub(crate) mod tests;
