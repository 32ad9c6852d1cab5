//! Our lines that somebody wrote by hand, taken out again where the evaluator proves what is left.

use super::block::without_blocks;
use super::change::{Change, Stand};
use super::edit::read;
use super::source::{Content, FileEntry, ServiceText};
use super::sshd::DROP_IN;
use crate::doctor::{About, sort};
use crate::profile::Profile;
use crate::services::{asks, is_left_over, is_ours};
use pam_stack::modules::{Proof, checks_password};
use pam_stack::{Kind, Line, PamResult, Root, Service, TooWide, logins, ways};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// What the example says above the two `password` lines that it adds.
const ADDED: &str = "# Debian's own file has no `password` lines: add both of these.";

/// What becomes of lines that were written by hand.
#[derive(Debug, Default)]
pub(crate) struct ByHand {
    /// The files without them.
    pub(crate) changes: Vec<Change>,
    /// The services that ask no more.
    pub(crate) off: BTreeSet<String>,
    /// The services that ask on by such lines, with their file.
    pub(crate) left: BTreeMap<String, PathBuf>,
    /// Those that ask on by lines that pam-auth-update keeps, with their file.
    pub(crate) by_profile: BTreeMap<String, PathBuf>,
    /// Those that keep the file that `enable` gave them, since the profile would ask them twice.
    pub(crate) held: BTreeMap<String, PathBuf>,
}

/// Plans it for these services, or for all, on a machine without the lines that `enable` wrote; files in `keep` hold such
/// lines that stay.
pub(crate) fn by_hand(
    machine: &Root,
    only: Option<&BTreeSet<String>>,
    keep: &BTreeSet<PathBuf>,
    about: &About<'_>,
) -> ByHand {
    let profile = Profile::of(machine);
    let asking = asking(machine, keep, &profile);
    let is_meant = |name: &String| only.is_none_or(|only| only.contains(name));
    let mut files = BTreeMap::new();
    for (name, places) in asking.iter().filter(|(name, _)| is_meant(name)) {
        // A file that others include is taken for all services, or for none.
        let own =
            |file: &&PathBuf| only.is_none() || file.file_name().is_some_and(|own| own == name.as_str());
        for file in places.iter().filter(own) {
            if let Some(change) = without_lines(machine, file, &profile) {
                files.insert(file.clone(), change);
            }
        }
    }
    keep_unsound(machine, &asking, &mut files, about);
    let stays = |(name, places): (&String, &BTreeSet<PathBuf>)| {
        let stays = places.iter().find(|file| !files.contains_key(*file))?;
        Some((name.clone(), stays.clone()))
    };
    let left: BTreeMap<_, _> = asking.iter().filter(|(name, _)| is_meant(name)).filter_map(stays).collect();
    let (services, _) = crate::services::of(machine);
    let kept = services.programs().filter(|(name, _)| sort(name).is_some() && !left.contains_key(*name));
    let by_profile: BTreeMap<String, PathBuf> = kept
        .filter(|(name, _)| is_meant(&(*name).to_owned()))
        .filter_map(|(name, service)| Some((name.to_owned(), profile.file_of(service)?.to_path_buf())))
        .collect();
    let goes = |places: &BTreeSet<PathBuf>| places.iter().any(|file| files.contains_key(file));
    let off = services.names().filter(|name| asking.get(*name).is_some_and(goes));
    let off = off.filter(|name| !left.contains_key(*name) && !by_profile.contains_key(*name));
    let off = off.map(str::to_owned).collect();
    ByHand { changes: in_order(files), off, left, by_profile, held: BTreeMap::new() }
}

/// Takes out of `files` those without whose lines a service would not let in the same people.
fn keep_unsound(
    machine: &Root,
    asking: &BTreeMap<String, BTreeSet<PathBuf>>,
    files: &mut BTreeMap<PathBuf, Change>,
    about: &About<'_>,
) {
    // A block between our marks is as good as the journal: without it the file is what it was before.
    let marked: BTreeSet<PathBuf> =
        files.values().filter(|change| is_marked(change)).map(|change| change.path.clone()).collect();
    loop {
        let after = with(machine, files.values());
        let kept = Profile::of(&after);
        let touched = asking.iter().filter(|(_, places)| places.iter().any(|file| files.contains_key(file)));
        let bad = touched
            .filter(|(_, places)| !places.is_subset(&marked))
            .filter(|(name, _)| !is_sound(machine, &after, name, about, &kept))
            .flat_map(|(_, places)| places);
        let bad: BTreeSet<&PathBuf> = bad.filter(|file| files.contains_key(*file)).collect();
        if bad.is_empty() {
            return;
        }
        files.retain(|file, _| !bad.contains(file));
    }
}

/// Programs that include another one's service change after it.
fn in_order(files: BTreeMap<PathBuf, Change>) -> Vec<Change> {
    let mut changes: Vec<Change> = files.into_values().collect();
    changes.sort_by_key(|change| {
        let name = change.path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        (crate::one_field::has_one_field(name), change.path.clone())
    });
    changes
}

impl ByHand {
    /// Every service that asks on, and by which file.
    pub(crate) fn asking_on(&self) -> BTreeMap<&str, &Path> {
        let all = [&self.left, &self.by_profile, &self.held].into_iter().flatten();
        all.map(|(name, file)| (name.as_str(), file.as_path())).collect()
    }

    /// Whether this service is one of them.
    pub(crate) fn asks_on(&self, name: &str) -> bool {
        self.asking_on().contains_key(name)
    }

    /// Puts these changes behind those of `changes`; of a file that is there already it takes what is to be.
    pub(crate) fn join(&self, changes: &mut Vec<Change>) {
        for change in &self.changes {
            match changes.iter_mut().find(|known| known.path == change.path) {
                Some(known) => known.after.clone_from(&change.after),
                None => changes.push(change.clone()),
            }
        }
        // sshd keeps its settings until its service asks no more.
        changes.sort_by_key(|change| change.path == Path::new(DROP_IN));
    }

    /// Files that somebody changed before their turn came.
    pub(crate) fn undone(&self) -> Vec<PathBuf> {
        let is_done = |change: &&Change| change.stand().is_ok_and(|stand| stand == Stand::Done);
        self.changes.iter().filter(|change| !is_done(change)).map(|change| change.path.clone()).collect()
    }
}

/// Every service in which a line of ours stands, and the files of those lines that are neither `enable`'s nor pam-auth-update's.
fn asking(
    machine: &Root,
    keep: &BTreeSet<PathBuf>,
    profile: &Profile,
) -> BTreeMap<String, BTreeSet<PathBuf>> {
    let names = machine.names().unwrap_or_default().into_iter().filter(|name| !is_left_over(name));
    let places = |name: &String| {
        let service = Service::load(machine, name, machine.reader());
        let lines = Kind::ALL.into_iter().flat_map(|kind| service.stack(kind)).filter(|line| is_ours(line));
        let lines = lines.filter(|line| !profile.has(&line.place));
        lines.map(|line| line.place.file.clone()).filter(|file| !keep.contains(file)).collect::<BTreeSet<_>>()
    };
    names.map(|name| (name.clone(), places(&name))).filter(|(_, places)| !places.is_empty()).collect()
}

/// The file without our lines; `None` where nobody can tell which those are.
fn without_lines(machine: &Root, file: &Path, profile: &Profile) -> Option<Change> {
    let name = file.file_name()?.to_str()?;
    let (path, text) = read(machine, name).ok().filter(|(path, _)| path == file)?;
    let bare = without_blocks(&text)?;
    let mut laid = machine.clone();
    laid.lay(&path, Some(bare.clone().into_bytes()));
    let source = ServiceText::read(&bare)?;
    let service = Service::load(&laid, name, laid.reader());
    let own =
        Kind::ALL.into_iter().flat_map(|kind| service.stack(kind)).filter(|line| line.place.file == path);
    let numbers: BTreeSet<usize> = own
        .filter(|line| is_ours(line) && !profile.has(&line.place))
        .filter_map(|line| line.place.line.checked_sub(1))
        .collect();
    let lines: Vec<&str> = bare.lines().collect();
    let mut out = BTreeSet::new();
    for (number, entry) in source.entries.iter().enumerate() {
        if numbers.contains(&entry.first) {
            out.extend(entry.first..entry.end);
            out.extend(
                source
                    .entries
                    .get(number + 1)
                    .and_then(|next| added(&lines, entry, next))
                    .into_iter()
                    .flatten(),
            );
        }
    }
    let after = lines
        .iter()
        .enumerate()
        .filter(|(number, _)| !out.contains(number))
        .map(|(_, line)| format!("{line}\n"));
    Some(Change { path, before: Some(text), after: Some(after.collect()) })
}

/// The line behind ours that the example has added with it, as its comment says, and that comment.
fn added(lines: &[&str], ours: &FileEntry, next: &FileEntry) -> Option<Vec<usize>> {
    let above = ours.first.checked_sub(1)?;
    let is_added = lines.get(above).is_some_and(|line| line.trim_end() == ADDED) && next.first == ours.end;
    let is_include = match &next.content {
        Content::Whole(name) | Content::Part(Kind::Password, name) => name.ends_with("password"),
        _ => false,
    };
    (is_added && is_include).then(|| [above].into_iter().chain(next.first..next.end).collect())
}

/// Whether all that is taken out stands between our marks, as where the journal was lost.
fn is_marked(change: &Change) -> bool {
    change.before.as_deref().and_then(without_blocks) == change.after
}

fn with<'a>(machine: &Root, changes: impl Iterator<Item = &'a Change>) -> Root {
    let mut after = machine.clone();
    for change in changes {
        after.lay(&change.path, change.after.clone().map(String::into_bytes));
    }
    after
}

/// Whether nobody gets into the service after it who did not before, and somebody still does by what opened it.
pub(crate) fn opens_no_more(before: &Root, after: &Root, name: &str, about: &About<'_>) -> bool {
    let [old, new] = [before, after].map(|root| proofs(&Service::load(root, name, root.reader()), about));
    let (Ok(old), Ok(new)) = (old, new) else { return false };
    opens_alike(&old, &new) && new.is_subset(&old)
}

fn opens_alike(old: &BTreeSet<BTreeSet<Proof>>, new: &BTreeSet<BTreeSet<Proof>>) -> bool {
    let by_password =
        |ways: &BTreeSet<BTreeSet<Proof>>| ways.iter().any(|proofs| proofs.contains(&Proof::Password));
    new.is_empty() == old.is_empty() && by_password(new) == by_password(old)
}

/// Whether the service without our lines lets the same people in as with them, but for the code.
fn is_sound(before: &Root, after: &Root, name: &str, about: &About<'_>, kept: &Profile) -> bool {
    let [before, after] = [before, after].map(|root| Service::load(root, name, root.reader()));
    let [old, new] = [&before, &after].map(|service| proofs(service, about));
    let (Ok(old), Ok(new)) = (old, new) else { return false };
    let opens = opens_alike(&old, &new);
    let opens_less = new.iter().all(|proofs| !proofs.is_empty() && old.contains(proofs));
    let goes_on = |kind| !succeeds(before.stack(kind)) || succeeds(after.stack(kind));
    let later = [Kind::Account, Kind::Session, Kind::Password].into_iter().all(goes_on);
    let auth = after.stack(Kind::Auth);
    let asks_nobody =
        auth.iter().find(|line| checks_password(line)).is_some_and(|line| line.has("use_first_pass"));
    !after.is_refused
        && after.remarks.len() <= before.remarks.len()
        && !auth.iter().any(|line| asks(line) && !kept.has(&line.place))
        && opens
        && opens_less
        && later
        && !asks_nobody
}

/// What is proven on each way in.
fn proofs(service: &Service, about: &About<'_>) -> Result<BTreeSet<BTreeSet<Proof>>, TooWide> {
    let ends = logins(service.stack(Kind::Auth), about)?;
    Ok(ends.into_iter().filter(|way| way.leads_in()).map(|way| way.facts.proofs).collect())
}

/// Whether a stack ends well at all; of one that is too wide nobody can say so.
fn succeeds(stack: &[Line]) -> bool {
    let ends = ways(stack, (), |_, line, ()| {
        let said = if is_ours(line) {
            vec![PamResult::Success, PamResult::Ignore]
        } else {
            pam_stack::modules::answers(line)
        };
        said.into_iter().map(|result| (result, ())).collect()
    });
    ends.is_ok_and(|ends| ends.iter().any(|way| way.result == PamResult::Success))
}

#[cfg(test)]
#[path = "by_hand_tests.rs"]
mod tests;
