//! Names in a directory: listed, removed, put on disk.

use super::error::{Doing, StoreError};
use crate::system::listing;
use nix::unistd::{UnlinkatFlags, fsync, unlinkat};
use std::os::fd::{AsFd, BorrowedFd};
use std::path::Path;

/// The names in directory `name` of `at`, those that are not UTF-8 left out: nothing of ours is called so. `path` is for
/// errors.
///
/// # Errors
/// [`StoreError::Io`].
pub fn names(at: impl AsFd, name: &Path, path: &Path) -> Result<Vec<String>, StoreError> {
    listing::names(at, name).map_err(StoreError::nix(path, Doing::Reading))
}

/// Puts a directory's names on disk.
pub(super) fn sync_dir(dir: BorrowedFd<'_>, shown: &Path) -> Result<(), StoreError> {
    fsync(dir.as_fd()).map_err(StoreError::nix(shown, Doing::SyncingDirectory))
}

/// Removes a name; one that is not there is fine.
pub(crate) fn remove(
    dir: BorrowedFd<'_>,
    name: &str,
    shown: &Path,
    kind: UnlinkatFlags,
) -> Result<(), StoreError> {
    match unlinkat(dir, name, kind) {
        Ok(()) | Err(nix::Error::ENOENT) => Ok(()),
        Err(e) => Err(StoreError::nix(shown, Doing::Removing)(e)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nix::sys::stat::Mode;
    use std::fs::{self, File};

    /// One that waits for a writer of the FIFO never returns.
    #[test]
    fn what_is_no_directory_or_leads_to_one_is_not_read() {
        let scratch = tempfile::tempdir().unwrap();
        fs::create_dir_all(scratch.path().join("real/roy")).unwrap();
        std::os::unix::fs::symlink("real", scratch.path().join("link")).unwrap();
        nix::unistd::mkfifo(&scratch.path().join("fifo"), Mode::S_IRWXU).unwrap();
        let at = File::open(scratch.path()).unwrap();
        let read = |name: &str| names(&at, Path::new(name), Path::new(name));
        assert_eq!(read("real").unwrap(), ["roy"]);
        for name in ["link", "fifo", "nothing"] {
            assert!(matches!(read(name), Err(StoreError::Io(..))), "{name}");
        }
    }
}
