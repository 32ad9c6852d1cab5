//! The one place that opens files, and what it demands of them before a byte is read.
//!
//! All checks are made on the open descriptor: a path may be swapped between a look and an open.

use super::hidden_name::finish;
use super::owner::Owner;
use super::trusted_link::{Followed, follow};
pub use super::untrusted::{Readers, Reason, Untrusted};
use nix::fcntl::{AT_FDCWD, AtFlags, OFlag, openat};
use nix::sys::stat::{FileStat, Mode, SFlag, fstat, fstatat};
use nix::unistd::geteuid;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::Path;

/// How a trusted file is to be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// To read it.
    Read,
    /// To read it and write it in place.
    ReadWrite,
    /// To add lines at its end.
    Append,
}

/// What a file must be.
#[derive(Debug, Clone, Copy)]
pub struct Demand {
    /// How to open it.
    pub access: Access,
    /// Who else may read it.
    pub readers: Readers,
    /// Whose it may be besides root's.
    pub owner: Owner,
    /// Its largest size in bytes.
    pub max_len: u64,
    /// Whether a second hard link is fine: nothing secret is in it, and it is only read.
    pub may_be_linked: bool,
}

/// Opens `name` in `dir` (or from the root, for an absolute path) if it is what is demanded: a regular file of
/// its owner's with one link, that nobody else can write.
///
/// # Errors
/// [`Untrusted`], naming `shown`.
pub fn open(
    dir: Option<BorrowedFd<'_>>,
    name: &Path,
    shown: &Path,
    demand: Demand,
) -> Result<File, Untrusted> {
    let opened = open_seen(dir, name, demand).map(|(file, _)| file);
    opened.map_err(|reason| Untrusted { path: shown.to_path_buf(), reason })
}

/// The same with what was seen of the file, for callers that say themselves which one it was.
pub(crate) fn open_seen(
    dir: Option<BorrowedFd<'_>>,
    name: &Path,
    demand: Demand,
) -> Result<(File, FileStat), Reason> {
    let flags = match demand.access {
        Access::Read => OFlag::O_RDONLY,
        Access::ReadWrite => OFlag::O_RDWR,
        Access::Append => OFlag::O_WRONLY | OFlag::O_APPEND,
    };
    // O_NONBLOCK: a fifo put in the file's place must not hold a login.
    let fd = open_at(dir, name, flags | OFlag::O_NONBLOCK)?;
    let stat = fstat(&fd).map_err(|e| Reason::Io(e.into()))?;
    if kind(&stat) != SFlag::S_IFREG {
        return Err(Reason::NotRegular);
    }
    check_owner(&stat, demand.owner, demand.readers)?;
    if stat.st_nlink > 1 && !demand.may_be_linked && has_another_name(&fd, &stat, dir, name) {
        return Err(Reason::HardLinked);
    }
    if u64::try_from(stat.st_size).map_or(true, |size| size > demand.max_len) {
        return Err(Reason::TooLarge);
    }
    Ok((File::from(fd), stat))
}

/// Whether a second name is more than what a process left that was killed while it gave the file its own.
fn has_another_name(fd: &OwnedFd, stat: &FileStat, dir: Option<BorrowedFd<'_>>, name: &Path) -> bool {
    let above = name.parent().filter(|above| !above.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let flags = OFlag::O_RDONLY | OFlag::O_DIRECTORY | OFlag::O_CLOEXEC;
    if let Ok(above) = openat(dir.unwrap_or(AT_FDCWD), above, flags, Mode::empty()) {
        finish(above.as_fd(), stat);
    }
    fstat(fd).map_or(true, |now| now.st_nlink > 1)
}

/// Opens a directory of root's that nobody else can write.
///
/// # Errors
/// [`Untrusted`], naming `shown`.
pub fn open_dir(
    dir: Option<BorrowedFd<'_>>,
    name: &Path,
    shown: &Path,
    readers: Readers,
) -> Result<OwnedFd, Untrusted> {
    open_dir_of(dir, name, shown, (Owner::ROOT, readers))
}

/// The same of a directory that may also be this account's.
///
/// # Errors
/// [`Untrusted`], naming `shown`.
pub fn open_dir_of(
    dir: Option<BorrowedFd<'_>>,
    name: &Path,
    shown: &Path,
    (owner, readers): (Owner, Readers),
) -> Result<OwnedFd, Untrusted> {
    let opened = open_dir_seen(dir, name, (owner, readers)).map(|(fd, _)| fd);
    opened.map_err(|reason| Untrusted { path: shown.to_path_buf(), reason })
}

/// The same with what was seen of the directory.
pub(crate) fn open_dir_seen(
    dir: Option<BorrowedFd<'_>>,
    name: &Path,
    (owner, readers): (Owner, Readers),
) -> Result<(OwnedFd, FileStat), Reason> {
    let fd = open_at(dir, name, OFlag::O_RDONLY | OFlag::O_DIRECTORY)?;
    let stat = fstat(&fd).map_err(|e| Reason::Io(e.into()))?;
    check_owner(&stat, owner, readers)?;
    Ok((fd, stat))
}

/// Opens a directory that only the account of the program can look into, and in which nobody else can make or move
/// anything.
///
/// # Errors
/// [`Untrusted`], naming `path`.
pub fn open_private_dir(path: &Path) -> Result<OwnedFd, Untrusted> {
    let fail = |reason| Untrusted { path: path.to_path_buf(), reason };
    // Links on the way are fine: what counts is where they lead.
    let flags = OFlag::O_RDONLY | OFlag::O_DIRECTORY | OFlag::O_CLOEXEC;
    let fd = openat(AT_FDCWD, path, flags, Mode::empty()).map_err(|e| match e {
        nix::Error::ENOTDIR => fail(Reason::NotDirectory),
        other => fail(Reason::Io(other.into())),
    })?;
    let stat = fstat(&fd).map_err(|e| fail(Reason::Io(e.into())))?;
    let mode = stat.st_mode & 0o7777;
    if stat.st_uid != geteuid().as_raw() {
        Err(fail(Reason::Owner(stat.st_uid)))
    } else if mode & 0o077 != 0 {
        Err(fail(Reason::Mode(mode, Readers::RootOnly)))
    } else {
        Ok(fd)
    }
}

/// Reads a whole trusted file of at most `max_len` bytes.
///
/// # Errors
/// [`Untrusted`].
pub fn read(path: &Path, readers: Readers, max_len: u64) -> Result<Vec<u8>, Untrusted> {
    read_of(None, path, path, (Owner::ROOT, readers), max_len)
}

/// The same of `name` in an open directory, of a file that may also be this account's.
///
/// # Errors
/// [`Untrusted`], naming `shown`.
pub fn read_of(
    dir: Option<BorrowedFd<'_>>,
    name: &Path,
    shown: &Path,
    (owner, readers): (Owner, Readers),
    max_len: u64,
) -> Result<Vec<u8>, Untrusted> {
    let demand = Demand { access: Access::Read, readers, owner, max_len, may_be_linked: false };
    let read = open_seen(dir, name, demand).and_then(|(file, stat)| read_seen(file, &stat, max_len));
    read.map_err(|reason| Untrusted { path: shown.to_path_buf(), reason })
}

/// As [`read`], of a file without secrets that a link may stand for, if nobody but root could change the link, a
/// directory on its way or the file. The file may have other names: Nix links files that are alike.
///
/// # Errors
/// [`Untrusted`], naming what somebody else could change.
pub fn read_linked(path: &Path, max_len: u64) -> Result<Vec<u8>, Untrusted> {
    match read(path, Readers::Anyone, max_len) {
        Err(Untrusted { reason: Reason::SymbolicLink, .. }) => {}
        other => return other,
    }
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let Followed { dir, name, shown } = follow(&absolute)?;
    let demand = Demand {
        access: Access::Read,
        readers: Readers::Anyone,
        owner: Owner::ROOT,
        max_len,
        may_be_linked: true,
    };
    read_all(open(Some(dir.as_fd()), Path::new(&name), &shown, demand)?, &shown, max_len)
}

/// Reads a file that anybody may own and change, such as one in a person's home: no more is believed of it than
/// of what somebody types. A regular file of at most `max_len` bytes, no link in the last place of the path; it is
/// never written.
///
/// # Errors
/// [`Untrusted`].
pub fn read_foreign(path: &Path, max_len: u64) -> Result<Vec<u8>, Untrusted> {
    read_foreign_in(None, path, path, max_len)
}

/// As [`read_foreign`], with the uid of the file's owner, whatever links led there.
///
/// # Errors
/// [`Untrusted`].
pub fn read_with_owner(path: &Path, max_len: u64) -> Result<(Vec<u8>, u32), Untrusted> {
    let (file, owner) = open_foreign(None, path, path)?;
    Ok((read_all(file, path, max_len)?, owner))
}

/// As [`read_foreign`], of `name` in an open directory; `shown` is named in errors.
///
/// # Errors
/// [`Untrusted`].
pub fn read_foreign_in(
    dir: Option<BorrowedFd<'_>>,
    name: &Path,
    shown: &Path,
    max_len: u64,
) -> Result<Vec<u8>, Untrusted> {
    read_all(open_foreign(dir, name, shown)?.0, shown, max_len)
}

fn open_foreign(dir: Option<BorrowedFd<'_>>, name: &Path, shown: &Path) -> Result<(File, u32), Untrusted> {
    let fail = |reason| Untrusted { path: shown.to_path_buf(), reason };
    let fd = open_at(dir, name, OFlag::O_RDONLY | OFlag::O_NONBLOCK).map_err(fail)?;
    let stat = fstat(&fd).map_err(|e| fail(Reason::Io(e.into())))?;
    if kind(&stat) != SFlag::S_IFREG {
        return Err(fail(Reason::NotRegular));
    }
    Ok((File::from(fd), stat.st_uid))
}

/// Opens a directory that anybody may own, such as one of a process in /proc.
///
/// # Errors
/// [`Untrusted`].
pub fn open_foreign_dir(path: &Path) -> Result<OwnedFd, Untrusted> {
    let fail = |reason| Untrusted { path: path.to_path_buf(), reason };
    open_at(None, path, OFlag::O_RDONLY | OFlag::O_DIRECTORY).map_err(fail)
}

/// Reads an open file to its end, which may have moved since it was checked.
///
/// # Errors
/// [`Untrusted`], naming `shown`.
pub fn read_all(file: File, shown: &Path, max_len: u64) -> Result<Vec<u8>, Untrusted> {
    let stat = fstat(&file).map_err(|e| Reason::Io(e.into()));
    let read = stat.and_then(|stat| read_seen(file, &stat, max_len));
    read.map_err(|reason| Untrusted { path: shown.to_path_buf(), reason })
}

/// The same by one call, of a file that has the size that was seen: room for a byte more tells that it has not grown.
pub(crate) fn read_seen(mut file: File, stat: &FileStat, max_len: u64) -> Result<Vec<u8>, Reason> {
    // Room for all of it at once: a vector that grows leaves copies of what it held behind.
    let seen =
        usize::try_from(stat.st_size).unwrap_or(0).min(usize::try_from(max_len).unwrap_or(usize::MAX - 1));
    let mut bytes = vec![0; seen + 1];
    let len = match file.read(&mut bytes) {
        Err(e) if e.kind() == ErrorKind::Interrupted => 0,
        other => other.map_err(Reason::Io)?,
    };
    bytes.truncate(len);
    if len != seen || seen == 0 {
        file.take((max_len + 1).saturating_sub(len as u64)).read_to_end(&mut bytes).map_err(Reason::Io)?;
    }
    if bytes.len() as u64 > max_len { Err(Reason::TooLarge) } else { Ok(bytes) }
}

fn open_at(dir: Option<BorrowedFd<'_>>, name: &Path, flags: OFlag) -> Result<OwnedFd, Reason> {
    let flags = flags | OFlag::O_CLOEXEC | OFlag::O_NOFOLLOW | OFlag::O_NOCTTY;
    let dir = dir.unwrap_or(AT_FDCWD);
    openat(dir.as_fd(), name, flags, Mode::empty()).map_err(|e| match e {
        nix::Error::ELOOP => Reason::SymbolicLink,
        // Where a directory is wanted, that is what a link is.
        nix::Error::ENOTDIR if is_link(dir, name) => Reason::SymbolicLink,
        nix::Error::ENOTDIR => Reason::NotDirectory,
        nix::Error::EISDIR | nix::Error::ENXIO => Reason::NotRegular,
        other => Reason::Io(other.into()),
    })
}

/// Only to name what was refused.
fn is_link(dir: BorrowedFd<'_>, name: &Path) -> bool {
    fstatat(dir, name, AtFlags::AT_SYMLINK_NOFOLLOW).is_ok_and(|stat| kind(&stat) == SFlag::S_IFLNK)
}

fn kind(stat: &FileStat) -> SFlag {
    SFlag::from_bits_truncate(stat.st_mode) & SFlag::S_IFMT
}

fn check_owner(stat: &FileStat, owner: Owner, readers: Readers) -> Result<(), Reason> {
    let mode = stat.st_mode & 0o7777;
    let barred = match readers {
        Readers::Anyone => 0o022,
        Readers::RootOnly => 0o077,
    };
    if !owner.is_believed(stat.st_uid) {
        Err(Reason::Owner(stat.st_uid))
    } else if mode & barred != 0 {
        Err(Reason::Mode(mode, readers))
    } else {
        Ok(())
    }
}

#[cfg(test)]
#[path = "trusted_file_tests.rs"]
mod tests;
