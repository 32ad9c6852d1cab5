//! The clock: an app's code is a moment, so that a machine with another time refuses it.

use super::ask::said;
use super::container::is_container;
use super::fault::MachineFault;
use crate::text::local;
use pam_stack::Root;
use std::time::Duration;
use wardkey_core::system::clock::Timestamp;

/// The year in which this version was written: no clock that is right is before it.
const WRITTEN_IN: i16 = 2026;

/// How far clocks differ.
const DIFFER: Duration = Duration::from_secs(300);

/// What systemd-timesyncd makes when it has set the clock since the boot.
const TIMESYNCD: &str = "/run/systemd/timesync/synchronized";

/// Reads for us what the kernel knows (`adjtimex`), whichever program sets the clock.
const TIMEDATECTL: &str = "/usr/bin/timedatectl";

/// `newest` is the last success of anybody.
pub(super) fn faults(root: &Root, now: Timestamp, newest: Timestamp) -> Vec<MachineFault> {
    let behind = newest.since(now);
    let wrong = if now.local().year() < WRITTEN_IN {
        Some(MachineFault::ClockBeforeUs(local(now)))
    } else {
        (behind > DIFFER).then_some(MachineFault::ClockBehind(behind))
    };
    wrong.into_iter().chain(is_not_set(root).then_some(MachineFault::ClockNotSet)).collect()
}

/// Whether it is known that nothing sets the clock; that of a container is the affair of the machine around.
fn is_not_set(root: &Root) -> bool {
    if root.join(TIMESYNCD).exists() || is_container(root) {
        return false;
    }
    let asked = ["show", "--property=NTPSynchronized", "--value"];
    said(&root.join(TIMEDATECTL), &asked).is_some_and(|answer| answer.trim() == "no")
}

#[cfg(test)]
mod tests {
    use super::super::tests::{files, ids, with_program};
    use super::*;

    /// 2026-11-30
    const NOW: Timestamp = Timestamp(1_796_000_000);

    fn program(answer: &str) -> tempfile::TempDir {
        let scratch = files(&[]);
        with_program(&scratch, TIMEDATECTL, answer);
        scratch
    }

    #[test]
    fn a_clock_that_nothing_sets_is_told_where_that_is_known() {
        let found = |scratch: &tempfile::TempDir| ids(&faults(&Root::new(scratch.path()), NOW, NOW));
        assert_eq!(found(&program("echo no")), ["clock-not-synchronised"]);
        for silent in ["echo yes", "echo no; exit 1", "echo", "kill -9 $$"] {
            assert_eq!(found(&program(silent)), [""; 0], "{silent}");
        }
        assert_eq!(found(&files(&[])), [""; 0]);
        for stands_by in [TIMESYNCD, "/run/systemd/container", "/.dockerenv"] {
            let scratch = program("echo no");
            let file = Root::new(scratch.path()).join(stands_by);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, "").unwrap();
            assert_eq!(found(&scratch), [""; 0], "{stands_by}");
        }
    }

    #[test]
    fn a_clock_before_its_time_is_told_once() {
        let scratch = files(&[]);
        let found = |now, newest| ids(&faults(&Root::new(scratch.path()), Timestamp(now), Timestamp(newest)));
        assert_eq!(found(NOW.0, 0), [""; 0]);
        assert_eq!(found(NOW.0, NOW.0 + 300), [""; 0]);
        assert_eq!(found(NOW.0, NOW.0 + 301), ["clock-behind"]);
        assert_eq!(found(0, NOW.0), ["clock-before-build"]);
        assert_eq!(found(946_684_800, 0), ["clock-before-build"]);
    }
}
