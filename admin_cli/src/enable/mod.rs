//! Switching services on: what changes in their files, and how that is taken back. The reasons are in
//! docs/design/enable.md.

mod authselect;
mod block;
mod by_hand;
mod change;
mod edit;
mod held;
mod journal;
mod journal_file;
mod naming;
mod needs;
mod notice;
mod plan;
mod reach;
mod source;
pub(crate) mod sshd;
mod sshd_here;
mod switching;
pub(crate) mod systemd;
pub(crate) mod watch;

pub(crate) use authselect::AuthLines;
pub(crate) use by_hand::{ByHand, by_hand, opens_no_more};
pub(crate) use change::{Change, Stand};
pub(crate) use edit::LeftAlone;
pub(crate) use journal::{Journal, PutBack, SwitchStep, Switched, WhyBack, tried};
pub(crate) use journal_file::{JournalDesk, NoJournal, directory, look};
pub(crate) use naming::naming;
pub(crate) use notice::{forget_notice, tell_at_login};
pub(crate) use plan::Course;
pub(crate) use reach::{Reach, reach};
pub(crate) use sshd_here::sshd_runs_here;
pub(crate) use switching::{Settled, Stopped, finish, go, keep, put_back, try_on};
pub(crate) use systemd::When;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// sshd's service.
pub(crate) const SSHD: &str = "sshd";

/// What files besides PAM's hold while these services of `now` stay on.
pub(crate) fn more_of(now: &Switched, services: &BTreeSet<String>) -> BTreeMap<PathBuf, String> {
    let drop_in = Path::new(sshd::DROP_IN);
    let held = now.files.get(drop_in).and_then(|change| change.after.clone());
    held.filter(|_| services.contains(SSHD)).map(|held| (drop_in.to_path_buf(), held)).into_iter().collect()
}

/// Lets sshd read its configuration where that changed; sessions go on.
///
/// # Errors
/// systemd's words.
pub(crate) fn reload_if_sshd(settled: &Settled, when: When) -> Result<(), systemd::Unwilling> {
    if settled.changed.iter().any(|path| path == Path::new(sshd::DROP_IN)) {
        systemd::reload_sshd(when)
    } else {
        Ok(())
    }
}
