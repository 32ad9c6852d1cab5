//! What is said when a step of switching ends early.

use crate::context::Context;
use crate::enable::{NoJournal, Settled, Stopped, sshd, sshd_runs_here, systemd};
use crate::failure::{Failure, Kind};
use crate::text::Text;
use std::path::{Path, PathBuf};
use wardkey_core::system::syslog::{self, Severity};

/// The step in words.
pub(crate) fn failure(text: &Text, stopped: &Stopped) -> Failure {
    match stopped {
        Stopped::Store(error) | Stopped::Journal(NoJournal::Store(error)) => Failure::store(text, error),
        Stopped::Journal(NoJournal::Busy) => {
            Failure::refused(text, |t| (t.somebody_switches(), t.try_again_later()))
                .with_nothing_changed(text)
        }
        Stopped::Journal(NoJournal::Damaged(path)) => {
            let shown = path.display().to_string();
            let words = |t: &Text| (t.journal_damaged(&shown), t.compare_with_originals());
            Failure::new(Kind::State, text, words).with_nothing_changed(text)
        }
        Stopped::Journal(NoJournal::Newer(path)) => {
            let shown = path.display().to_string();
            let words = |t: &Text| (t.newer(&shown), t.newer_journal());
            Failure::new(Kind::State, text, words).with_nothing_changed(text)
        }
        Stopped::Edited(path) => {
            let shown = path.display().to_string();
            Failure::refused(text, |t| (t.edited_meanwhile(&shown), t.try_again_later()))
        }
        Stopped::Unfit(why) => Failure::refused(text, |t| t.sshd_unfit(why)),
        Stopped::Unwilling(why) => {
            Failure::new(Kind::System, text, |t| (t.sshd_put_back(why), t.try_again_later()))
        }
    }
}

/// Says at alert level what of ours is left in files that somebody edited.
pub(crate) fn report_left(context: &Context, settled: &Settled) {
    if settled.left.is_empty() {
        return;
    }
    let files = paths(&settled.left);
    context.warn(&context.text.something_left(&files));
    let _ = syslog::send(Severity::Alert, &Text::default().something_left(&files));
}

/// Says that an sshd goes on by its old files where systemd does not run it.
pub(crate) fn report_sshd(context: &Context, settled: &Settled) {
    let is_changed = || settled.changed.iter().any(|path| path == Path::new(sshd::DROP_IN));
    if !systemd::runs() && is_changed() && sshd_runs_here() {
        context.warn(&context.text.sshd_not_told());
    }
}

/// Paths one after the other.
pub(crate) fn paths(files: &[PathBuf]) -> String {
    files.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
}
