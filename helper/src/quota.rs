//! Runs of Argon2id at once. Locks that die with their process, since whether a connection comes to a run only its copy
//! knows.

use nix::fcntl::{OFlag, open};
use nix::poll::{PollTimeout, poll};
use nix::sys::stat::Mode;
use std::fs::{DirBuilder, File, TryLockError};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

/// Runs of Argon2id at once, of everyone: the unit's `MemoryMax=` is reckoned by it.
pub(crate) const RUNS: u32 = 4;

/// What each takes.
#[cfg(test)]
pub(crate) const RUN_MIB: usize = 19;

/// Milliseconds between two looks whether a run is free. One takes some thirty.
const LOOK: u16 = 3;

/// A place that is taken until this is dropped, or its process ends.
#[derive(Debug)]
pub(crate) struct Permit(#[expect(dead_code, reason = "held for its lock")] File);

/// The places of a socket: a directory beside it.
pub(crate) fn beside(socket: &Path) -> PathBuf {
    socket.with_file_name("places")
}

/// Waits until Argon2id may run for `uid`: no other run of theirs, and few of everyone's. Root's own programs act for
/// everybody.
///
/// # Errors
/// The directory cannot be made or used.
pub(crate) fn for_a_run(dir: &Path, uid: u32) -> io::Result<(Option<Permit>, Permit)> {
    let own = if uid == 0 { None } else { Some(wait(dir, &[format!("{uid}.run")])?) };
    let all: Vec<String> = (0..RUNS).map(|number| format!("run.{number}")).collect();
    Ok((own, wait(dir, &all)?))
}

/// The process's alarm ends it.
fn wait(dir: &Path, names: &[String]) -> io::Result<Permit> {
    loop {
        if let Some(place) = first_free(dir, names)? {
            return Ok(place);
        }
        let _ = poll(&mut [], PollTimeout::from(LOOK));
    }
}

fn first_free(dir: &Path, names: &[String]) -> io::Result<Option<Permit>> {
    match try_each(dir, names) {
        // The first of this boot.
        Err(e) if e.kind() == io::ErrorKind::NotFound => match DirBuilder::new().mode(0o700).create(dir) {
            Err(e) if e.kind() != io::ErrorKind::AlreadyExists => Err(e),
            _ => try_each(dir, names),
        },
        other => other,
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a place is held for long, by a process that nobody but root can stop"
)]
fn try_each(dir: &Path, names: &[String]) -> io::Result<Option<Permit>> {
    let flags = OFlag::O_RDWR | OFlag::O_CREAT | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
    for name in names {
        let file = File::from(open(&dir.join(name), flags, Mode::from_bits_truncate(0o600))?);
        match file.try_lock() {
            Ok(()) => return Ok(Some(Permit(file))),
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(e)) => return Err(e),
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_run_at_once_and_each_person_once() {
        let dir = tempfile::tempdir().unwrap();
        // The first of this boot.
        let dir = dir.path().join("places");
        let mut held: Vec<_> = (0..RUNS).map(|n| for_a_run(&dir, 1000 + n).unwrap()).collect();
        let is_free = |name: String| try_each(&dir, &[name]).unwrap().is_some();
        assert!((0..RUNS).all(|n| !is_free(format!("run.{n}"))), "all are taken");
        assert!(!is_free("1000.run".into()) && is_free("1004.run".into()));
        std::thread::scope(|scope| {
            let next = scope.spawn(|| for_a_run(&dir, 1004).is_ok());
            drop(held.pop());
            assert!(next.join().unwrap(), "the one who waits is next");
        });
    }
}
