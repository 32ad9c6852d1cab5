//! What a directory holds.

use nix::dir::Dir;
use nix::errno::Errno;
use nix::fcntl::OFlag;
use nix::sys::stat::Mode;
use std::ffi::{OsStr, OsString};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// The names in directory `name` of `at`, those that are not UTF-8 left out: nothing of ours is called so.
///
/// Not read by the standard library: it panics where the system cannot close a directory.
///
/// # Errors
/// The system's.
pub(crate) fn names(at: impl AsFd, name: &Path) -> Result<Vec<String>, Errno> {
    let flags = OFlag::O_RDONLY | OFlag::O_DIRECTORY | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
    let names = all(Dir::openat(at, name, flags, Mode::empty())?)?;
    Ok(names.into_iter().filter_map(|name| name.into_string().ok()).collect())
}

/// All names in an open directory.
///
/// # Errors
/// The system's.
pub(crate) fn of(dir: OwnedFd) -> Result<Vec<OsString>, Errno> {
    all(Dir::from_fd(dir)?)
}

fn all(mut dir: Dir) -> Result<Vec<OsString>, Errno> {
    let mut names = Vec::new();
    for entry in dir.iter() {
        let entry = entry?;
        let name = OsStr::from_bytes(entry.file_name().to_bytes());
        names.extend((name != "." && name != "..").then(|| name.to_owned()));
    }
    Ok(names)
}
