//! What is switched on and what is under way.

use super::change::Change;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use wardkey_core::grace::{BootId, BootTime};

/// What is switched on by us.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Switched {
    /// The services that were asked for.
    pub(crate) services: BTreeSet<String>,
    /// Each file that is ours or holds lines of ours: what it held before any of them, and what it holds with them.
    pub(crate) files: BTreeMap<PathBuf, Change>,
}

/// A change of files that may not stop half way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) enum SwitchStep {
    /// Switched on until it is confirmed.
    Trying {
        /// What is on meanwhile.
        to: Switched,
        /// The files, in the order in which they change.
        changes: Vec<Change>,
        /// When it is put back, on the clock of this boot.
        until: BootTime,
        /// The boot in which it was switched on; in the next one it is put back.
        boot: BootId,
    },
    /// Files on their way to a state from which nothing is taken back: put back, kept in part, or switched off.
    Going {
        /// What is on then.
        to: Switched,
        /// The files, in the order in which they change.
        changes: Vec<Change>,
    },
}

/// What was last put back without being asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PutBack {
    /// The services that were switched on and are off again.
    pub(crate) services: BTreeSet<String>,
    /// Why.
    pub(crate) why: WhyBack,
    /// Files in which something of ours is left, for somebody to look at.
    pub(crate) left: Vec<PathBuf>,
    /// Services that ask on all the same, since pam-auth-update keeps lines for them.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) by_profile: BTreeSet<String>,
}

impl PutBack {
    /// Those of the services that ask no more: a file in which something is left may still have its own ask.
    pub(crate) fn off(&self) -> BTreeSet<String> {
        &(&self.services - &self.still_on()) - &self.by_profile
    }

    /// The others.
    pub(crate) fn still_on(&self) -> BTreeSet<String> {
        let is_left = |name: &&String| self.left.iter().any(|path| path.ends_with(name));
        self.services.iter().filter(is_left).cloned().collect()
    }
}

/// Why something was put back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum WhyBack {
    /// The time was up.
    TimeUp,
    /// The machine was started again.
    Boot,
    /// It could not be switched on as a whole.
    Failed,
}

/// The whole of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Journal {
    /// What is on and confirmed.
    pub(crate) on: Switched,
    /// What is under way.
    pub(crate) step: Option<SwitchStep>,
    /// What was last put back, until something is switched on again.
    pub(crate) put_back: Option<PutBack>,
}

impl Journal {
    /// What is tried: services that were off, and those that were on and get other lines, as after an upgrade that took the
    /// old ones.
    pub(crate) fn tried(&self) -> BTreeSet<String> {
        let Some(SwitchStep::Trying { to, changes, .. }) = &self.step else { return BTreeSet::new() };
        tried(&self.on, to, changes)
    }

    /// Every file that is or was to be changed.
    pub(crate) fn paths(&self) -> BTreeSet<&Path> {
        let (to, changes): (Option<&Switched>, &[Change]) = match &self.step {
            None => (None, &[]),
            Some(SwitchStep::Trying { to, changes, .. } | SwitchStep::Going { to, changes }) => {
                (Some(to), changes)
            }
        };
        let files = self.on.files.keys().chain(to.into_iter().flat_map(|to| to.files.keys()));
        files.chain(changes.iter().map(|change| &change.path)).map(PathBuf::as_path).collect()
    }
}

/// Services of `to` that `on` has not, or of which these changes are.
pub(crate) fn tried(on: &Switched, to: &Switched, changes: &[Change]) -> BTreeSet<String> {
    let is_tried = |name: &&String| {
        !on.services.contains(*name) || changes.iter().any(|change| is_of(&change.path, name))
    };
    to.services.iter().filter(is_tried).cloned().collect()
}

/// Whether a file is of this service.
pub(super) fn is_of(path: &Path, name: &str) -> bool {
    if path == Path::new(super::sshd::DROP_IN) {
        return name == super::SSHD;
    }
    path.file_name().is_some_and(|file| file == name)
}
