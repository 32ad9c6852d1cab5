//! What stays while pam-auth-update's lines ask in a service: without what is ours its program would let nobody in.

use super::SSHD;
use super::change::Change;
use super::journal::Switched;
use super::sshd::{DROP_IN, drop_in};
use crate::one_field::has_one_field;
use crate::profile::Profile;
use pam_stack::{Root, Service};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Keeps on, in `to`, those files of `ours` that would go by `changes`; the answer is whose they are. sshd's password method
/// would answer the profile's question for a code with the password, and a program with one field would be asked twice. What
/// the drop-in says of keys goes all the same.
pub(super) fn keep_needed(
    machine: &Root,
    ours: &BTreeMap<PathBuf, Change>,
    changes: &mut Vec<Change>,
    to: &mut Switched,
) -> BTreeSet<String> {
    let going = ours.values().filter(|known| !to.files.contains_key(&known.path));
    let needing: Vec<(&str, &Change)> =
        going.filter_map(|known| Some((needing(&known.path)?, known))).collect();
    let asking = asking_after(machine, changes, needing.iter().map(|(name, _)| *name));
    let mut held = BTreeSet::new();
    for (name, known) in needing.into_iter().filter(|(name, _)| asking.contains(*name)) {
        let Some(change) = changes.iter_mut().find(|change| change.path == known.path) else { continue };
        let kept = if change.before == known.after { kept(known) } else { known.clone() };
        // What somebody edited stays as it is.
        change.after = if change.before == known.after { kept.after.clone() } else { change.before.clone() };
        to.files.insert(kept.path.clone(), kept);
        held.insert(name.to_owned());
    }
    changes.retain(|change| change.before != change.after);
    to.services.extend(held.iter().cloned());
    held
}

/// Those of these services that ask by pam-auth-update's lines once the files have changed.
pub(super) fn asking_after<'a>(
    machine: &Root,
    changes: &[Change],
    names: impl Iterator<Item = &'a str>,
) -> BTreeSet<String> {
    let mut after = machine.clone();
    for change in changes {
        after.lay(&change.path, change.after.clone().map(String::into_bytes));
    }
    let profile = Profile::of(&after);
    let asks = |name: &&str| profile.file_of(&Service::load(&after, name, after.reader())).is_some();
    names.filter(asks).map(str::to_owned).collect()
}

/// The service that needs this file of ours where the profile asks.
fn needing(path: &Path) -> Option<&str> {
    if path == Path::new(DROP_IN) {
        return Some(SSHD);
    }
    path.file_name()?.to_str().filter(|name| has_one_field(name))
}

fn kept(known: &Change) -> Change {
    if known.path == Path::new(DROP_IN) {
        Change { after: Some(drop_in(false)), ..known.clone() }
    } else {
        known.clone()
    }
}

#[cfg(test)]
#[path = "held_tests.rs"]
mod tests;
