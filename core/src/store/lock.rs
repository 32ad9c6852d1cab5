//! The ledger's lock: one attempt at a time for each person, and a bounded wait for it.

use super::{Doing, StoreError};
use nix::sys::signal::{SigSet, Signal};
use nix::unistd::{ResUid, Uid, getresuid, setresuid};
use std::fs::{File, TryLockError};
use std::path::Path;
use std::time::{Duration, Instant};

/// How long a login waits for others of the same person.
pub const LOCK_DEADLINE: Duration = Duration::from_secs(5);

/// Between two tries; a holder is done within a few writes.
const POLL: Duration = Duration::from_millis(2);

/// The part of a login in which it holds a lock: nobody but root can stop it there.
pub(crate) struct Section {
    _signals: SignalsHeld,
    _ids: OutOfReach,
}

impl Section {
    pub(crate) fn enter() -> Self {
        Self { _signals: SignalsHeld::new(), _ids: OutOfReach::new() }
    }
}

/// Holds back the signals with which a terminal would stop or kill a login inside its section, and lets them
/// through afterwards.
struct SignalsHeld(Option<SigSet>);

impl SignalsHeld {
    fn new() -> Self {
        let held = [Signal::SIGTSTP, Signal::SIGTTIN, Signal::SIGTTOU, Signal::SIGINT];
        let held: SigSet = held.into_iter().collect();
        Self(held.thread_swap_mask(nix::sys::signal::SigmaskHow::SIG_BLOCK).ok())
    }
}

impl Drop for SignalsHeld {
    fn drop(&mut self) {
        if let Some(before) = &self.0 {
            let _ = before.thread_set_mask();
        }
    }
}

/// Makes a set-uid program (`su`, `sudo`) root by its real uid too for the length of the section: else the caller
/// could stop it there, and everyone who waits for this lock with it.
struct OutOfReach(Option<ResUid>);

impl OutOfReach {
    fn new() -> Self {
        let before = getresuid().ok().filter(|ids| ids.effective.is_root() && !ids.real.is_root());
        let root = Uid::from_raw(0);
        Self(before.filter(|_| setresuid(root, root, root).is_ok()))
    }
}

impl Drop for OutOfReach {
    fn drop(&mut self) {
        if let Some(ids) = self.0 {
            // Root may always take back less; were it refused, nothing after this could be trusted to run as it.
            if setresuid(ids.real, ids.effective, ids.saved).is_err() {
                std::process::abort();
            }
        }
    }
}

/// Takes the lock of an open file, polling until the deadline.
#[expect(clippy::disallowed_methods, reason = "the one place that waits: flock has no deadline of its own")]
pub(crate) fn lock(ledger: &File, shown: &Path) -> Result<(), StoreError> {
    let deadline = Instant::now() + LOCK_DEADLINE;
    loop {
        match ledger.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::Error(e)) => return Err(StoreError::io(shown, Doing::Locking)(e)),
            Err(TryLockError::WouldBlock) if Instant::now() >= deadline => {
                return Err(StoreError::Busy(shown.to_path_buf()));
            }
            Err(TryLockError::WouldBlock) => std::thread::sleep(POLL),
        }
    }
}
