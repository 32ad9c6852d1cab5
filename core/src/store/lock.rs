//! Locks: one at a time for each file, a bounded wait, and nobody stopped while they hold one.

use super::holder::Holder;
use super::{Doing, StoreError};
use nix::sys::signal::{SigSet, Signal};
use nix::unistd::{ResUid, Uid, getresuid, setresuid};
use std::fs::{File, TryLockError};
use std::marker::PhantomData;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How long a login waits for others of the same person.
pub const LOCK_DEADLINE: Duration = Duration::from_secs(5);

/// Between two tries; a holder is done within a few writes.
const POLL: Duration = Duration::from_millis(2);

/// The part of a login in which it holds a lock: nobody but root can stop it there. To take a lock
/// needs one of these; the lock is given back before it ends.
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

/// Does `work` while this process alone has the lock of `file`, inside a section in which nobody but root can stop it.
///
/// # Errors
/// [`StoreError`]: the lock is another's for too long.
pub fn while_locked<T>(file: File, shown: &Path, work: impl FnOnce() -> T) -> Result<T, StoreError> {
    let section = Section::enter();
    let _held = Locked::take(&section, file, || shown.to_path_buf())?;
    Ok(work())
}

/// A file whose lock is held. The lock ends with this, and so before the section in which it was taken.
pub(crate) struct Locked<'s> {
    file: File,
    _section: PhantomData<&'s Section>,
}

/// Unlocked by name: a child that some other thread of the host forked meanwhile holds the same lock.
impl Drop for Locked<'_> {
    fn drop(&mut self) {
        let _ = self.file.unlock();
    }
}

impl Deref for Locked<'_> {
    type Target = File;

    fn deref(&self) -> &File {
        &self.file
    }
}

impl<'s> Locked<'s> {
    /// Takes the lock of an open file, polling until the deadline.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that locks, and waits: flock has no deadline"
    )]
    pub(crate) fn take(
        _: &'s Section,
        file: File,
        shown: impl FnOnce() -> PathBuf,
    ) -> Result<Self, StoreError> {
        let deadline = Instant::now() + LOCK_DEADLINE;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self { file, _section: PhantomData }),
                Err(TryLockError::Error(e)) => return Err(StoreError::Io(shown(), Doing::Locking, e)),
                Err(TryLockError::WouldBlock) if Instant::now() >= deadline => {
                    return Err(StoreError::Busy(shown(), Holder::of(&file)));
                }
                Err(TryLockError::WouldBlock) => std::thread::sleep(POLL),
            }
        }
    }

    /// The same without waiting: where another process has the lock, the file comes back as it was.
    #[expect(clippy::disallowed_methods, reason = "as above")]
    pub(crate) fn try_take(_: &'s Section, file: File) -> Result<Self, File> {
        match file.try_lock() {
            Ok(()) => Ok(Self { file, _section: PhantomData }),
            Err(_) => Err(file),
        }
    }
}
