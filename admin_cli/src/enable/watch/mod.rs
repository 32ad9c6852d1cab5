//! The watch over the services that are on: somebody, or a package, may take our lines out again. A systemd unit runs it
//! after each change of the directories that it looks into.

mod memory;
mod quiet;
mod troubles;

pub(crate) use memory::{WatchMemory, forget, recall, remember};
pub(crate) use quiet::when_quiet;
pub(crate) use troubles::{WatchTrouble, troubles, unasked, watched};

use super::journal::{Journal, SwitchStep, Switched};

/// What is on now, by the journal; `None` where a change has stopped half way, which has its own way to an end.
pub(crate) fn on_now(journal: &Journal) -> Option<&Switched> {
    match &journal.step {
        None => Some(&journal.on),
        Some(SwitchStep::Trying { to, .. }) => Some(to),
        Some(SwitchStep::Going { .. }) => None,
    }
}
