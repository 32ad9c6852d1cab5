//! What a directory holds.

use nix::dir::Dir;
use nix::errno::Errno;
use nix::fcntl::OFlag;
use nix::sys::stat::Mode;
use std::ffi::OsStr;
use std::os::fd::AsFd;
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
    let mut dir = Dir::openat(at, name, flags, Mode::empty())?;
    let mut names = Vec::new();
    for entry in dir.iter() {
        let entry = entry?;
        let name = OsStr::from_bytes(entry.file_name().to_bytes());
        names.extend(name.to_str().filter(|name| !matches!(*name, "." | "..")).map(str::to_owned));
    }
    Ok(names)
}
