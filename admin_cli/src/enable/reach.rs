//! From the machine as it is to the one on which these services are on, and no others by us.

use super::SSHD;
use super::block::without_blocks;
use super::change::{Change, content};
use super::held::keep_needed;
use super::journal::{Switched, is_of};
use super::needs::needs;
use super::plan::{Course, Plan, plan};
use super::sshd::DROP_IN;
use super::switching::Proves;
use crate::doctor::About;
use crate::services::is_ours;
use pam_stack::{Kind, Root, Service};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use wardkey_core::store::StoreError;

/// The way to it.
#[derive(Debug)]
pub(crate) struct Reach {
    /// What becomes of each service.
    pub(crate) plan: Plan,
    /// The files that change, in an order in which no program is locked out on the way.
    pub(crate) changes: Vec<Change>,
    /// What is on then.
    pub(crate) to: Switched,
    /// Files whose lines of ours stay: half a mark is left in them, or in one that they need.
    pub(crate) stuck: Vec<PathBuf>,
    /// Services whose files of ours stay, whatever was asked for, while pam-auth-update's lines ask there.
    pub(crate) held: BTreeSet<String>,
}

impl Reach {
    /// Those of these services that ask on by lines in such files. They stay on, and nobody is told otherwise.
    pub(crate) fn keep_stuck(&mut self, machine: &Root, names: &BTreeSet<String>) -> BTreeSet<String> {
        let asks_on = |name: &&String| {
            let service = Service::load(machine, name, machine.reader());
            let mut lines = Kind::ALL.into_iter().flat_map(|kind| service.stack(kind));
            lines.any(|line| is_ours(line) && self.stuck.contains(&line.place.file))
        };
        let stay: BTreeSet<String> = names.iter().filter(asks_on).cloned().collect();
        self.to.services.extend(stay.iter().cloned());
        stay
    }

    /// Files that somebody edited, and whose rest is not proven, stay as they are, and what needs them stays with them.
    pub(crate) fn hold_unproven(&mut self, ours: &BTreeMap<PathBuf, Change>, proves: &Proves<'_>) {
        for change in std::mem::take(&mut self.changes) {
            let known = ours.get(&change.path).filter(|_| !self.to.files.contains_key(&change.path));
            let rest = change.after.as_deref();
            let is_proven = |known: &Change| {
                known.after == change.before || proves(&change.path, rest.unwrap_or_default().as_bytes())
            };
            match known.filter(|known| !is_proven(known) || needs(&change.path, rest, &self.stuck)) {
                Some(known) => {
                    self.to.files.insert(known.path.clone(), known.clone());
                    self.stuck.push(change.path);
                }
                None => self.changes.push(change),
            }
        }
    }

    /// sshd's settings stay while lines that somebody wrote by hand still ask in its service: without them its password method
    /// would answer the question for a code with the password, and refuse everybody.
    pub(crate) fn keep_drop_in(&mut self, now: &Switched) {
        if let Some(change) = now.files.get(Path::new(DROP_IN)) {
            self.changes.retain(|other| other.path != change.path);
            self.to.files.insert(change.path.clone(), change.clone());
            self.to.services.insert(SSHD.to_owned());
        }
    }
}

/// Plans the services `names`, where `ours` are the files that we changed so far, and `more` are files of other programs with
/// what they are to hold.
///
/// # Errors
/// A file of ours cannot be read.
pub(crate) fn reach(
    machine: &Root,
    ours: &BTreeMap<PathBuf, Change>,
    names: &BTreeSet<String>,
    more: &BTreeMap<PathBuf, String>,
    about: &About<'_>,
) -> Result<Reach, StoreError> {
    let mut base = machine.clone();
    let (mut now, mut bare) = (BTreeMap::new(), BTreeMap::new());
    for (path, change) in ours {
        let held = text(&machine.join(path))?;
        if let Some(rest) = bare_of(change, held.as_deref()) {
            bare.insert(path.clone(), rest);
        }
        now.insert(path.clone(), held);
    }
    let stuck = stuck(ours, &mut bare);
    bare.iter().for_each(|(path, rest)| base.lay(path, rest.clone().map(String::into_bytes)));
    let plan = plan(&base, names, about);
    // What stays as it is is not on, but for what pam-auth-update keeps and we had switched on, or whose settings are ours.
    let has_file = |name: &str| ours.keys().chain(more.keys()).any(|path| is_of(path, name));
    let is_on = |name: &&String| match plan.get(*name) {
        Some(Course::LeftAlone(_)) => false,
        Some(Course::ByProfile) => has_file(name),
        _ => true,
    };
    let services = names.iter().filter(is_on).cloned().collect();
    let mut to = Switched { services, files: BTreeMap::new() };
    for path in &stuck {
        to.files.extend(ours.get(path).map(|change| (path.clone(), change.clone())));
    }
    for course in plan.values() {
        if let Course::Edited(edit) = course {
            now.entry(edit.path.clone()).or_insert_with(|| edit.before.clone());
            let before = bare.get(&edit.path).cloned().unwrap_or_else(|| edit.before.clone());
            let change = Change { path: edit.path.clone(), before, after: Some(edit.after.clone()) };
            to.files.insert(edit.path.clone(), change);
        }
    }
    for (path, wanted) in more {
        let held = now.entry(path.clone()).or_insert(text(&machine.join(path))?);
        let before = bare.get(path).cloned().unwrap_or_else(|| held.clone());
        to.files.insert(path.clone(), Change { path: path.clone(), before, after: Some(wanted.clone()) });
    }
    let after = |path: &PathBuf| {
        to.files.get(path).map_or_else(|| bare.get(path).cloned().flatten(), |c| c.after.clone())
    };
    let open = now.iter().filter(|(path, _)| !stuck.contains(path));
    let changes =
        open.map(|(path, before)| Change { path: path.clone(), before: before.clone(), after: after(path) });
    let mut changes: Vec<Change> = changes.filter(|change| change.before != change.after).collect();
    let held = keep_needed(machine, ours, &mut changes, &mut to);
    changes.sort_by_key(|change| place(&to, change));
    Ok(Reach { plan, changes, to, stuck, held })
}

/// The files whose lines stay, which are taken out of `bare`: also one that needs such a file.
fn stuck(ours: &BTreeMap<PathBuf, Change>, bare: &mut BTreeMap<PathBuf, Option<String>>) -> Vec<PathBuf> {
    let mut stuck: Vec<PathBuf> = ours.keys().filter(|path| !bare.contains_key(*path)).cloned().collect();
    let next = |bare: &BTreeMap<PathBuf, Option<String>>, stuck: &[PathBuf]| {
        bare.iter().find(|(path, rest)| needs(path, rest.as_deref(), stuck)).map(|(path, _)| path.clone())
    };
    while let Some(path) = next(bare, &stuck) {
        bare.remove(&path);
        stuck.push(path);
    }
    stuck
}

/// Programs that include another one's service come before it on the way in, and after it on the way out; so does what lets
/// sshd ask, without which its service refuses everybody.
fn place(to: &Switched, change: &Change) -> (bool, bool, PathBuf) {
    let has_lines = to.files.contains_key(&change.path);
    let name = change.path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let is_ahead = crate::one_field::has_one_field(name) || change.path == Path::new(DROP_IN);
    (has_lines, is_ahead != has_lines, change.path.clone())
}

/// The file without what is ours; `None` inside: there is none then. `None`: half a mark is left in it.
fn bare_of(change: &Change, held: Option<&str>) -> Option<Option<String>> {
    match held {
        None => Some(None),
        Some(_) if held == change.after.as_deref() => Some(change.before.clone()),
        Some(held) => {
            let is_empty = |rest: &String| change.before.is_none() && rest.trim().is_empty();
            without_blocks(held).map(|rest| Some(rest).filter(|rest| !is_empty(rest)))
        }
    }
}

fn text(path: &Path) -> Result<Option<String>, StoreError> {
    Ok(content(path)?.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
}

#[cfg(test)]
#[path = "reach_tests.rs"]
mod tests;
