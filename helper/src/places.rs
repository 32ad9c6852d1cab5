//! How many questions one person may ask at once: a few places each, so that nobody takes them all.

use nix::fcntl::{OFlag, open};
use nix::sys::stat::Mode;
use std::fs::{self, DirBuilder, File, TryLockError};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

/// Connections of one uid at once.
pub(crate) const EACH: u32 = 8;

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
pub(crate) fn take(dir: &Path, uid: u32) -> io::Result<Option<Place>> {
    match DirBuilder::new().mode(0o700).create(dir) {
        Err(e) if e.kind() != io::ErrorKind::AlreadyExists => return Err(e),
        _ => {}
    }
    let flags = OFlag::O_RDWR | OFlag::O_CREAT | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
    for number in 0..EACH {
        let file =
            File::from(open(&dir.join(format!("{uid}.{number}")), flags, Mode::from_bits_truncate(0o600))?);
        match file.try_lock() {
            Ok(()) => return Ok(Some(Place(file))),
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(e)) => return Err(e),
        }
    }
    Ok(None)
}

/// Makes the directory that holds the socket, as it must be for others to reach it and for nobody to replace it.
///
/// # Errors
/// It cannot be made.
pub(crate) fn make_run_directory(dir: &Path) -> io::Result<()> {
    match DirBuilder::new().mode(0o755).recursive(true).create(dir) {
        Ok(()) => Ok(()),
        Err(_) if fs::metadata(dir).is_ok_and(|m| m.is_dir()) => Ok(()),
        Err(e) => Err(e),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_person_takes_only_their_own() {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path().join("places");
        let mut roy: Vec<_> = (0..EACH).map(|_| take(&dir, 1000).unwrap()).collect();
        assert!(roy.iter().all(Option::is_some));
        assert!(take(&dir, 1000).unwrap().is_none(), "all are taken");
        assert!(take(&dir, 1001).unwrap().is_some(), "another person");
        roy.pop();
        assert!(take(&dir, 1000).unwrap().is_some(), "one is free again");
    }
}
