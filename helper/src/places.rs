//! How many questions one person may ask at once: a few places each, so that nobody takes them all.

use nix::fcntl::{OFlag, open};
use nix::sys::stat::Mode;
use std::fs::{DirBuilder, File, TryLockError};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use wardkey_core::store::{FOR_EVERYBODY, make_dir_all};
use wardkey_core::trusted_file::{Readers, open_dir};

/// Connections of one uid that do something.
pub(crate) const EACH: u32 = EACH_LOGIN + EACH_ERRAND + EACH_WAITING;

const EACH_LOGIN: u32 = 8;
const EACH_ERRAND: u32 = 2;
const EACH_WAITING: u32 = 8;

/// Who may wait at once, of all: a quarter of the connections that there can be.
const WAITING: u32 = 64;

/// Of those, how many a process looks at before it does not wait.
const TRIED: u32 = 4;

/// What a place is for. Whoever sits over an errand must not keep their own screen locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// A question that is answered at once.
    Login,
    /// One in the course of which a person types.
    Errand,
    /// Between two questions, until a person has typed, and for the second. Who finds none is connected anew.
    Waiting,
}

/// A place that is taken until this is dropped, or its process ends.
#[derive(Debug)]
pub(crate) struct Place(#[expect(dead_code, reason = "held for its lock")] File);

/// The places of a socket: a directory beside it.
pub(crate) fn beside(socket: &Path) -> PathBuf {
    socket.with_file_name("places")
}

/// Takes one of `uid`'s places; `None`: all are taken.
///
/// # Errors
/// The directory cannot be made or used.
pub(crate) fn take(dir: &Path, uid: u32, what: Use) -> io::Result<Option<Place>> {
    let numbers = match what {
        Use::Login => 0..EACH_LOGIN,
        Use::Errand => EACH_LOGIN..EACH_LOGIN + EACH_ERRAND,
        Use::Waiting => EACH_LOGIN + EACH_ERRAND..EACH,
    };
    let free = || first_free(dir, numbers.clone().map(|number| format!("{uid}.{number}")));
    match free() {
        // The first of this boot.
        Err(e) if e.kind() == io::ErrorKind::NotFound => {
            make(DirBuilder::new().mode(0o700), dir).and_then(|()| free())
        }
        other => other,
    }
}

/// Takes one of the places that there are for all who wait; `None`: those looked at are taken.
///
/// # Errors
/// The directory cannot be used.
pub(crate) fn take_of_all(dir: &Path) -> io::Result<Option<Place>> {
    let start = std::process::id();
    first_free(dir, (0..TRIED).map(|n| format!("all.{}", start.wrapping_add(n) % WAITING)))
}

#[expect(
    clippy::disallowed_methods,
    reason = "a place is held for long, by a process that nobody but root can stop"
)]
fn first_free(dir: &Path, names: impl Iterator<Item = String>) -> io::Result<Option<Place>> {
    let flags = OFlag::O_RDWR | OFlag::O_CREAT | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
    for name in names {
        let file = File::from(open(&dir.join(name), flags, Mode::from_bits_truncate(0o600))?);
        match file.try_lock() {
            Ok(()) => return Ok(Some(Place(file))),
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(e)) => return Err(e),
        }
    }
    Ok(None)
}

/// Makes the directory that holds the socket, where it is missing: others reach it, and nobody but root replaces what
/// is in it.
///
/// # Errors
/// It cannot be made, or others can write to it.
pub(crate) fn make_run_directory(dir: &Path) -> io::Result<()> {
    make_dir_all(dir, FOR_EVERYBODY).map_err(|e| io::Error::other(e.to_string()))?;
    open_dir(None, dir, dir, Readers::Anyone).map(drop).map_err(|e| io::Error::other(e.to_string()))
}

/// Another may have been quicker.
fn make(how: &DirBuilder, dir: &Path) -> io::Result<()> {
    match how.create(dir) {
        Err(e) if e.kind() != io::ErrorKind::AlreadyExists => Err(e),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn not_everybody_waits() {
        let dir = tempfile::tempdir().unwrap();
        let all: Vec<_> = (0..WAITING).map_while(|_| take_of_all(dir.path()).unwrap()).collect();
        assert_eq!(all.len(), TRIED as usize, "a process looks at few");
        assert!(take_of_all(dir.path()).unwrap().is_none());
        drop(all);
        assert!(take_of_all(dir.path()).unwrap().is_some());
    }

    #[test]
    fn one_person_takes_only_their_own() {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path().join("places");
        let mut roy: Vec<_> = (0..EACH_LOGIN).map(|_| take(&dir, 1000, Use::Login).unwrap()).collect();
        assert!(roy.iter().all(Option::is_some));
        assert!(take(&dir, 1000, Use::Login).unwrap().is_none(), "all are taken");
        assert!(take(&dir, 1000, Use::Errand).unwrap().is_some(), "errands have places of their own");
        assert!(take(&dir, 1000, Use::Waiting).unwrap().is_some(), "and so has waiting");
        assert!(take(&dir, 1001, Use::Login).unwrap().is_some(), "another person");
        roy.pop();
        assert!(take(&dir, 1000, Use::Login).unwrap().is_some(), "one is free again");
    }
}
