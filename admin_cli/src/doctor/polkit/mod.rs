//! polkit's rules that say yes to becoming root: polkit then asks nobody, and PAM is not called.

mod pkla;
mod rules;

use pam_stack::{Found, Place, Root};
use std::path::{Path, PathBuf};

/// Where rules are (polkit(8)).
const RULES: [&str; 4] = [
    "/etc/polkit-1/rules.d",
    "/run/polkit-1/rules.d",
    "/usr/local/share/polkit-1/rules.d",
    "/usr/share/polkit-1/rules.d",
];
/// Where the files of old are, in directories of their own (pklocalauthority(8)).
const LOCAL: [&str; 2] = ["/etc/polkit-1/localauthority", "/var/lib/polkit-1/localauthority"];
/// What polkit of old and what reads its files for the new one both bring.
const LOCAL_CONFIGURATION: &str = "/etc/polkit-1/localauthority.conf.d";

/// Actions by which somebody becomes root, or makes root run what they like.
const ROOTS: [&str; 5] = [
    "org.freedesktop.policykit.exec",
    "org.freedesktop.systemd1.manage-units",
    "org.freedesktop.systemd1.manage-unit-files",
    "org.freedesktop.machine1.host-shell",
    "org.freedesktop.accounts.user-administration",
];

/// Whom a rule means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Whom {
    /// It names nobody.
    All,
    /// An account of this name.
    User(String),
    /// The members of this group.
    Group(String),
}

/// A yes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Yes {
    /// Where it stands.
    pub(crate) place: Place,
    /// For whom it is; any of them.
    pub(crate) whom: Vec<Whom>,
    /// What it is for; none: everything.
    pub(crate) action: Option<&'static str>,
}

/// A yes by its line: whom it means, and to what.
type LineYes = (usize, Vec<Whom>, Option<&'static str>);

/// Who there is.
pub(crate) trait People {
    /// Whether somebody is in this group.
    fn has_member(&self, group: &str) -> bool;
    /// Whether this account is a person's or a program's that somebody may log in to.
    fn is_person(&self, user: &str) -> bool;
}

/// Every yes of the machine below `root` that is for somebody.
pub(crate) fn yeses(root: &Root, people: &dyn People) -> Vec<Yes> {
    let rules = RULES.iter().flat_map(|directory| files(root, Path::new(directory), "rules"));
    let mut found: Vec<Yes> = rules.flat_map(|file| read(root, &file, rules::yeses)).collect();
    if root.join(LOCAL_CONFIGURATION).exists() {
        let directories = LOCAL.iter().flat_map(|directory| below(root, Path::new(directory)));
        let local = directories.flat_map(|directory| files(root, &directory, "pkla"));
        found.extend(local.flat_map(|file| read(root, &file, pkla::yeses)));
    }
    let is_somebody = |whom: &Whom| match whom {
        Whom::All => true,
        Whom::User(user) => people.is_person(user),
        Whom::Group(group) => people.has_member(group),
    };
    for yes in &mut found {
        yes.whom.retain(is_somebody);
    }
    found.retain(|yes| !yes.whom.is_empty());
    found
}

fn read(root: &Root, file: &Path, parse: fn(&str) -> Vec<LineYes>) -> Vec<Yes> {
    let Some(Found::File(_, text)) = root.file(file) else {
        return Vec::new();
    };
    let found = parse(&String::from_utf8_lossy(&text)).into_iter();
    let place = |line| Place { file: file.to_owned(), line };
    found.map(|(line, whom, action)| Yes { place: place(line), whom, action }).collect()
}

fn below(root: &Root, directory: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root.join(directory)).into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = entries.map(|entry| directory.join(entry.file_name())).collect();
    found.sort();
    found
}

fn files(root: &Root, directory: &Path, end: &str) -> Vec<PathBuf> {
    let mut found = below(root, directory);
    found.retain(|file| file.extension().is_some_and(|extension| extension == end));
    found
}
