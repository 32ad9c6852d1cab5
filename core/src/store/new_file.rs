//! Making a file that is there whole or not at all, and leaves nothing behind when it fails.

use super::{Doing, StoreError};
use nix::fcntl::{AtFlags, OFlag, openat};
use nix::sys::stat::{Mode, fchmod};
use nix::unistd::{UnlinkatFlags, fsync, linkat, unlinkat};
use std::fs::File;
use std::io::Write;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};
use std::path::Path;

/// Makes `name` in `dir` with this content, readable by root alone, unless it exists. The bytes are on disk
/// before the name is, and a file without a name vanishes with the process that made it.
///
/// # Errors
/// [`StoreError`]; `AlreadyExists` inside it when the name is taken.
pub fn write_new(dir: BorrowedFd<'_>, name: &str, shown: &Path, content: &[u8]) -> Result<(), StoreError> {
    let file = unnamed(dir, shown, content)?;
    give_name(&file, dir, name, shown)
}

/// The same in place of whatever has that name: the new content is on disk before the old name goes, and no second
/// name ever holds either.
///
/// # Errors
/// [`StoreError`].
pub fn write_instead(
    dir: BorrowedFd<'_>,
    name: &str,
    shown: &Path,
    content: &[u8],
) -> Result<(), StoreError> {
    let file = unnamed(dir, shown, content)?;
    remove(dir, name, shown, UnlinkatFlags::NoRemoveDir)?;
    give_name(&file, dir, name, shown)
}

/// A file with this content that vanishes with the process, unless it is given a name.
fn unnamed(dir: BorrowedFd<'_>, shown: &Path, content: &[u8]) -> Result<File, StoreError> {
    let flags = OFlag::O_TMPFILE | OFlag::O_WRONLY | OFlag::O_CLOEXEC;
    let private = Mode::S_IRUSR | Mode::S_IWUSR;
    let file = File::from(openat(dir, ".", flags, private).map_err(StoreError::nix(shown, Doing::Creating))?);
    fchmod(&file, private).map_err(StoreError::nix(shown, Doing::SettingMode))?;
    (&file).write_all(content).map_err(StoreError::io(shown, Doing::Writing))?;
    fsync(&file).map_err(StoreError::nix(shown, Doing::Syncing))?;
    Ok(file)
}

fn give_name(file: &File, dir: BorrowedFd<'_>, name: &str, shown: &Path) -> Result<(), StoreError> {
    // /proc is how an unprivileged AT_EMPTY_PATH is spelt; it also works where capabilities are dropped.
    let unnamed = format!("/proc/self/fd/{}", file.as_raw_fd());
    linkat(nix::fcntl::AT_FDCWD, unnamed.as_str(), dir, name, AtFlags::AT_SYMLINK_FOLLOW)
        .map_err(StoreError::nix(shown, Doing::Naming))?;
    sync_dir(dir, shown)
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
