//! A link that nobody but root could change, followed to the file that it leads to.
//!
//! The way is walked one name at a time, each opened in the directory that was looked at before: nothing is looked up
//! twice, so a name that is swapped meanwhile leads nowhere else.

use super::untrusted::{Readers, Reason, Untrusted};
use nix::errno::Errno;
use nix::fcntl::{AT_FDCWD, OFlag, openat, readlinkat};
use nix::sys::stat::{Mode, SFlag, fstat};
use std::ffi::{OsStr, OsString};
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Component, Path, PathBuf};

/// How many links a way may have.
const MAX_LINKS: usize = 16;

/// Where a way ended.
pub(crate) struct Followed {
    /// The directory.
    pub(crate) dir: OwnedFd,
    /// The name of the file in it, which is no link.
    pub(crate) name: OsString,
    /// Its whole path.
    pub(crate) shown: PathBuf,
}

/// Follows the absolute path of a link. Every directory and link on the way is root's, and nobody else can make, move or
/// remove what it goes by.
///
/// # Errors
/// [`Untrusted`], naming the directory or link that somebody else could change, or what is missing.
pub(crate) fn follow(path: &Path) -> Result<Followed, Untrusted> {
    follow_below(Path::new("/"), path)
}

/// The same where another directory stands for the root.
fn follow_below(root: &Path, path: &Path) -> Result<Followed, Untrusted> {
    let mut walk = Walk { root, dir: start(root)?, shown: root.to_path_buf(), ahead: Vec::new(), links: 0 };
    walk.go_on_to(path);
    while let Some(name) = walk.ahead.pop() {
        if walk.enters(&name)? {
            return Ok(Followed { dir: walk.dir, shown: walk.shown.join(&name), name });
        }
    }
    Err(Untrusted { path: walk.shown, reason: Reason::NotRegular })
}

struct Walk<'p> {
    root: &'p Path,
    dir: OwnedFd,
    shown: PathBuf,
    /// Names still to be walked, the next one last.
    ahead: Vec<OsString>,
    links: usize,
}

impl Walk<'_> {
    /// Takes one step; yes where it has come to the file.
    fn enters(&mut self, name: &OsStr) -> Result<bool, Untrusted> {
        let shown = if name == ".." { self.shown.join("..") } else { self.shown.join(name) };
        let fail = |reason| Untrusted { path: shown.clone(), reason };
        let flags = OFlag::O_PATH | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
        let next = openat(&self.dir, name, flags, Mode::empty()).map_err(|e| fail(Reason::Io(e.into())))?;
        let stat = fstat(&next).map_err(|e| fail(Reason::Io(e.into())))?;
        match SFlag::from_bits_truncate(stat.st_mode) & SFlag::S_IFMT {
            SFlag::S_IFLNK if stat.st_uid != 0 => Err(fail(Reason::LinkOwner(stat.st_uid))),
            SFlag::S_IFLNK if self.links == MAX_LINKS => Err(fail(Reason::Io(Errno::ELOOP.into()))),
            SFlag::S_IFLNK => {
                self.links += 1;
                let target = readlinkat(&next, "").map_err(|e| fail(Reason::Io(e.into())))?;
                if Path::new(&target).is_absolute() {
                    (self.dir, self.shown) = (start(self.root)?, self.root.to_path_buf());
                }
                self.go_on_to(Path::new(&target));
                Ok(false)
            }
            SFlag::S_IFDIR => {
                check_directory(&next, &shown)?;
                if name != ".." {
                    self.shown = shown;
                } else if self.shown != self.root {
                    self.shown.pop();
                }
                self.dir = next;
                Ok(false)
            }
            _ if self.ahead.is_empty() => Ok(true),
            _ => Err(fail(Reason::NotDirectory)),
        }
    }

    fn go_on_to(&mut self, path: &Path) {
        let names = path.components().filter(|c| matches!(c, Component::Normal(_) | Component::ParentDir));
        self.ahead.extend(names.map(|c| c.as_os_str().to_owned()).rev());
    }
}

fn start(root: &Path) -> Result<OwnedFd, Untrusted> {
    let flags = OFlag::O_PATH | OFlag::O_DIRECTORY | OFlag::O_CLOEXEC;
    let opened = openat(AT_FDCWD, root, flags, Mode::empty());
    let fd = opened.map_err(|e| Untrusted { path: root.to_path_buf(), reason: Reason::Io(e.into()) })?;
    check_directory(&fd, root)?;
    Ok(fd)
}

/// In a sticky directory a group may make names, but move or remove none of root's: Nix's store is one.
fn check_directory(fd: &OwnedFd, shown: &Path) -> Result<(), Untrusted> {
    let fail = |reason| Untrusted { path: shown.to_path_buf(), reason };
    let stat = fstat(fd.as_fd()).map_err(|e| fail(Reason::Io(e.into())))?;
    let mode = stat.st_mode & 0o7777;
    let barred = if mode & 0o1000 == 0 { 0o022 } else { 0o002 };
    if stat.st_uid != 0 {
        Err(fail(Reason::Owner(stat.st_uid)))
    } else if mode & barred != 0 {
        Err(fail(Reason::Mode(mode, Readers::Anyone)))
    } else {
        Ok(())
    }
}

#[cfg(test)]
#[path = "trusted_link_tests.rs"]
mod tests;
