//! The hidden name that a file has while it is made, where it cannot be made without a name.
//!
//! The maker of such a file holds its lock until it has its own name. A hidden name that nobody holds is what a killed
//! process left: it is removed before the next file is made so, and when a record is changed or removed.

use super::error::{Doing, StoreError};
use super::lock::{Locked, Section};
use super::names::{names, remove};
use crate::system::hidden_name::{is_hidden, new_name};
use nix::errno::Errno;
use nix::fcntl::{AtFlags, OFlag, openat, renameat};
use nix::sys::stat::Mode;
use nix::unistd::{UnlinkatFlags, linkat, unlinkat};
use std::fs::File;
use std::ops::Deref;
use std::os::fd::BorrowedFd;
use std::path::Path;

/// What links answer where a file system has none, and `renameat2` where it does not know the flag.
const UNKNOWN: [Errno; 3] = [Errno::EINVAL, Errno::ENOSYS, Errno::EOPNOTSUPP];

/// A new file under a hidden name, which goes with it unless it was given another.
pub(super) struct Hidden<'d, 's> {
    dir: BorrowedFd<'d>,
    name: String,
    file: Locked<'s>,
    is_named: bool,
}

impl<'d, 's> Hidden<'d, 's> {
    /// Makes one; `None`: somebody took it for what was left, before its lock was held.
    pub(super) fn make(section: &'s Section, dir: BorrowedFd<'d>) -> Result<Option<Self>, Errno> {
        let name = new_name()?;
        let flags = OFlag::O_CREAT | OFlag::O_EXCL | OFlag::O_WRONLY | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
        let made = File::from(openat(dir, name.as_str(), flags, Mode::S_IRUSR | Mode::S_IWUSR)?);
        let Ok(file) = Locked::try_take(section, made) else {
            let _ = unlinkat(dir, name.as_str(), UnlinkatFlags::NoRemoveDir);
            return Ok(None);
        };
        Ok(Some(Self { dir, name, file, is_named: false }))
    }

    /// Gives it this name, unless something has that.
    pub(super) fn name(mut self, name: &str) -> Result<(), Errno> {
        match rename_new(self.dir, &self.name, name) {
            Err(e) if UNKNOWN.contains(&e) => {
                // Two names for a moment: `hidden_name::finish` completes what is killed in it. The
                // hidden one goes with this value.
                linkat(self.dir, self.name.as_str(), self.dir, name, AtFlags::empty())?;
                match unlinkat(self.dir, self.name.as_str(), UnlinkatFlags::NoRemoveDir) {
                    Ok(()) | Err(Errno::ENOENT) => {}
                    Err(e) => return Err(e),
                }
            }
            other => other?,
        }
        self.is_named = true;
        Ok(())
    }

    /// Puts it in the place of what has this name.
    pub(super) fn replace(mut self, name: &str) -> Result<(), Errno> {
        renameat(self.dir, self.name.as_str(), self.dir, name)?;
        self.is_named = true;
        Ok(())
    }
}

impl Deref for Hidden<'_, '_> {
    type Target = File;

    fn deref(&self) -> &File {
        &self.file
    }
}

impl Drop for Hidden<'_, '_> {
    fn drop(&mut self) {
        if !self.is_named {
            let _ = unlinkat(self.dir, self.name.as_str(), UnlinkatFlags::NoRemoveDir);
        }
    }
}

#[cfg(target_env = "gnu")]
fn rename_new(dir: BorrowedFd<'_>, from: &str, to: &str) -> Result<(), Errno> {
    nix::fcntl::renameat2(dir, from, dir, to, nix::fcntl::RenameFlags::RENAME_NOREPLACE)
}

/// Other C libraries may lack the call.
#[cfg(not(target_env = "gnu"))]
fn rename_new(_: BorrowedFd<'_>, _: &str, _: &str) -> Result<(), Errno> {
    Err(Errno::ENOSYS)
}

/// Removes what killed processes left in `dir`.
pub(super) fn clear(section: &Section, dir: BorrowedFd<'_>, shown: &Path) -> Result<(), StoreError> {
    for name in names(dir, Path::new("."), shown)?.into_iter().filter(|name| is_hidden(name)) {
        let flags = OFlag::O_WRONLY | OFlag::O_NONBLOCK | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
        let file = match openat(dir, name.as_str(), flags, Mode::empty()) {
            Ok(file) => File::from(file),
            Err(Errno::ENOENT) => continue,
            Err(e) => return Err(StoreError::nix(&shown.join(name), Doing::Removing)(e)),
        };
        if let Ok(_held) = Locked::try_take(section, file) {
            remove(dir, &name, &shown.join(&name), UnlinkatFlags::NoRemoveDir)?;
        }
    }
    Ok(())
}

#[cfg(test)]
#[path = "hidden_tests.rs"]
mod tests;
