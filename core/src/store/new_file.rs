//! Making a file that is there whole or not at all, and of which nothing is left behind when it fails.

use super::error::{Doing, StoreError};
use super::hidden::{self, Hidden};
use super::lock::Section;
use super::names::sync_dir;
use crate::system::owner::Owner;
use nix::errno::Errno;
use nix::fcntl::{AtFlags, OFlag, openat};
use nix::sys::stat::{Mode, fchmod};
use nix::unistd::{fsync, linkat};
use std::fs::File;
use std::io::Write;
use std::os::fd::{AsRawFd, BorrowedFd};
use std::path::Path;

/// Root's alone, whatever the caller's umask.
const PRIVATE: Mode = Mode::S_IRUSR.union(Mode::S_IWUSR);

/// What `O_TMPFILE` answers where a file cannot be made without a name: FUSE, NFS, 9p, older overlayfs, older kernels.
const NEEDS_A_NAME: [Errno; 5] =
    [Errno::EOPNOTSUPP, Errno::EISDIR, Errno::EINVAL, Errno::ENOENT, Errno::ENOSYS];

/// What linkat answers where it cannot name a file that has none: without /proc, or on file systems without links.
const NAMES_NONE: [Errno; 5] = [Errno::ENOENT, Errno::ENOTDIR, Errno::EXDEV, Errno::EPERM, Errno::EOPNOTSUPP];

/// How often a file under a hidden name is begun again, because somebody took it for what was left.
const TRIES: usize = 8;

/// Whether something may have the name already.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Then nothing is made.
    New,
    /// Then it goes.
    Taken,
}

/// Makes `name` in `dir` with this content, readable by root alone, unless it exists. The bytes are on disk
/// before the name is, and a file without a name vanishes with the process that made it. Where there can be none, it
/// has a hidden name until it is whole.
///
/// # Errors
/// [`StoreError`]; `AlreadyExists` inside it when the name is taken.
pub fn write_new(dir: BorrowedFd<'_>, name: &str, shown: &Path, content: &[u8]) -> Result<(), StoreError> {
    write_new_of(dir, name, shown, (content, Owner::ROOT))
}

/// The same, given to this account before it has its name.
///
/// # Errors
/// As [`write_new`].
pub fn write_new_of(
    dir: BorrowedFd<'_>,
    name: &str,
    shown: &Path,
    content: (&[u8], Owner),
) -> Result<(), StoreError> {
    let is_named = match unnamed(dir, shown)? {
        Some(file) => {
            fill(&file, shown, content)?;
            give_name(&file, dir, name, shown)?
        }
        None => false,
    };
    if !is_named {
        by_hidden_name(dir, (name, Place::New), shown, content)?;
    }
    sync_dir(dir, shown)
}

/// The same in place of whatever has that name, which is there until the new one takes its place: no call names a file
/// without a name over another, so it has a hidden name first.
///
/// # Errors
/// [`StoreError`].
pub fn write_instead(
    dir: BorrowedFd<'_>,
    name: &str,
    shown: &Path,
    content: &[u8],
) -> Result<(), StoreError> {
    write_instead_of(dir, name, shown, (content, Owner::ROOT))
}

/// The same, given to this account before it has its name.
///
/// # Errors
/// As [`write_instead`].
pub fn write_instead_of(
    dir: BorrowedFd<'_>,
    name: &str,
    shown: &Path,
    content: (&[u8], Owner),
) -> Result<(), StoreError> {
    by_hidden_name(dir, (name, Place::Taken), shown, content)?;
    sync_dir(dir, shown)
}

/// A file that vanishes with the process, unless it is given a name; `None` where there can be none.
fn unnamed(dir: BorrowedFd<'_>, shown: &Path) -> Result<Option<File>, StoreError> {
    let flags = OFlag::O_TMPFILE | OFlag::O_WRONLY | OFlag::O_CLOEXEC;
    match openat(dir, ".", flags, PRIVATE) {
        Ok(file) => Ok(Some(File::from(file))),
        Err(e) if NEEDS_A_NAME.contains(&e) => Ok(None),
        Err(e) => Err(StoreError::nix(shown, Doing::Creating)(e)),
    }
}

fn fill(mut file: &File, shown: &Path, (content, owner): (&[u8], Owner)) -> Result<(), StoreError> {
    owner.take(file).map_err(StoreError::nix(shown, Doing::SettingMode))?;
    fchmod(file, PRIVATE).map_err(StoreError::nix(shown, Doing::SettingMode))?;
    file.write_all(content).map_err(StoreError::io(shown, Doing::Writing))?;
    fsync(file).map_err(StoreError::nix(shown, Doing::Syncing))
}

/// Names a file that has no name; no where that cannot be done.
fn give_name(file: &File, dir: BorrowedFd<'_>, name: &str, shown: &Path) -> Result<bool, StoreError> {
    // /proc is how an unprivileged AT_EMPTY_PATH is spelt; it also works where capabilities are dropped.
    let unnamed = format!("/proc/self/fd/{}", file.as_raw_fd());
    match linkat(nix::fcntl::AT_FDCWD, unnamed.as_str(), dir, name, AtFlags::AT_SYMLINK_FOLLOW) {
        Ok(()) => Ok(true),
        Err(e) if NAMES_NONE.contains(&e) => Ok(false),
        Err(e) => Err(StoreError::nix(shown, Doing::Naming)(e)),
    }
}

pub(super) fn by_hidden_name(
    dir: BorrowedFd<'_>,
    (name, place): (&str, Place),
    shown: &Path,
    content: (&[u8], Owner),
) -> Result<(), StoreError> {
    let section = Section::enter();
    hidden::clear(&section, dir, shown.parent().unwrap_or(shown))?;
    for _ in 0..TRIES {
        let made = Hidden::make(&section, dir).map_err(StoreError::nix(shown, Doing::Creating))?;
        let Some(file) = made else { continue };
        fill(&file, shown, content)?;
        let named = if place == Place::Taken { file.replace(name) } else { file.name(name) };
        match named {
            Err(Errno::ENOENT) => {}
            other => return other.map_err(StoreError::nix(shown, Doing::Naming)),
        }
    }
    Err(StoreError::nix(shown, Doing::Naming)(Errno::EBUSY))
}
