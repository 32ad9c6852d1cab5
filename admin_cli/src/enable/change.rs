//! One file of the system with another content: whole before and after, with its owner, mode, label and access list.

use nix::fcntl::{AT_FDCWD, OFlag, open, renameat};
use nix::sys::stat::Mode;
use nix::unistd::{UnlinkatFlags, fsync, unlinkat};
use serde::{Deserialize, Serialize};
use std::fs::{Permissions, set_permissions, symlink_metadata};
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use wardkey_core::store::{Doing, StoreError, write_new};
use wardkey_core::system::trusted_file::{self, Readers};

/// The largest file that is taken, in bytes.
const MAX_LEN: u64 = 1 << 20;

/// The name that a new content has beside the file until it is whole. libpam and sshd read no such file.
const NEW: &str = ".wardkey-new";

/// What a file holds and is to hold; `None`: the file does not exist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Change {
    /// Its path.
    pub(crate) path: PathBuf,
    /// What it held when the change was planned.
    pub(crate) before: Option<String>,
    /// What it holds then.
    pub(crate) after: Option<String>,
}

/// What a change comes to on the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stand {
    /// The file is as it was.
    Due,
    /// It is as it is to be.
    Done,
    /// Somebody wrote something else there.
    Edited,
}

impl Change {
    /// The way back.
    pub(crate) fn reversed(&self) -> Self {
        Self { path: self.path.clone(), before: self.after.clone(), after: self.before.clone() }
    }

    /// How far it is.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(crate) fn stand(&self) -> Result<Stand, StoreError> {
        let now = content(&self.path)?;
        let is = |text: &Option<String>| now.as_deref() == text.as_deref().map(str::as_bytes);
        Ok(if is(&self.after) {
            Stand::Done
        } else if is(&self.before) {
            Stand::Due
        } else {
            Stand::Edited
        })
    }

    /// Carries it out where the file is as it was.
    ///
    /// # Errors
    /// The file keeps what it holds.
    pub(crate) fn carry_out(&self) -> Result<Stand, StoreError> {
        let stand = self.stand()?;
        if stand == Stand::Due {
            match &self.after {
                Some(after) => replace(&self.path, after.as_bytes())?,
                None => remove(&self.path)?,
            }
        }
        Ok(stand)
    }
}

/// What a file of the system holds; `None`: the file does not exist.
pub(crate) fn content(path: &Path) -> Result<Option<Vec<u8>>, StoreError> {
    match trusted_file::read(path, Readers::Anyone, MAX_LEN) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(e) if e.is_missing() => Ok(None),
        Err(e) => Err(StoreError::Untrusted(e)),
    }
}

/// Gives the file this content, also where there is none.
///
/// # Errors
/// The file keeps what it holds.
pub(crate) fn replace(path: &Path, content: &[u8]) -> Result<(), StoreError> {
    let dir = directory(path)?;
    let new = path.with_file_name(NEW);
    clear(path);
    write_new(dir.as_fd(), NEW, path, content)?;
    let placed = like(path, &new).and_then(|()| Ok(renameat(AT_FDCWD, &new, AT_FDCWD, path)?));
    placed.map_err(|e| {
        clear(path);
        StoreError::Io(path.to_path_buf(), Doing::Replacing, e)
    })?;
    sync(&dir, path)
}

/// Removes what a kill left beside the file.
pub(crate) fn clear(path: &Path) {
    let _ = unlinkat(AT_FDCWD, &path.with_file_name(NEW), UnlinkatFlags::NoRemoveDir);
}

/// Removes the file.
///
/// # Errors
/// It stays.
pub(crate) fn remove(path: &Path) -> Result<(), StoreError> {
    let dir = directory(path)?;
    let failed = |e: nix::Error| StoreError::Io(path.to_path_buf(), Doing::Removing, e.into());
    unlinkat(AT_FDCWD, path, UnlinkatFlags::NoRemoveDir).map_err(failed)?;
    sync(&dir, path)
}

fn directory(path: &Path) -> Result<OwnedFd, StoreError> {
    let above = path.parent().unwrap_or(Path::new("/"));
    let flags = OFlag::O_RDONLY | OFlag::O_DIRECTORY | OFlag::O_CLOEXEC;
    open(above, flags, Mode::empty())
        .map_err(|e| StoreError::Io(above.to_path_buf(), Doing::Looking, e.into()))
}

/// Brings the name of `path` to the disk.
///
/// # Errors
/// It may be lost with the power.
pub(super) fn sync_above(path: &Path) -> Result<(), StoreError> {
    sync(&directory(path)?, path)
}

fn sync(dir: &OwnedFd, path: &Path) -> Result<(), StoreError> {
    fsync(dir).map_err(|e| StoreError::Io(path.to_path_buf(), Doing::SyncingDirectory, e.into()))
}

/// Makes `new` like the file at `path`, so that nobody may more or less with it; one that is new is as service files are.
fn like(path: &Path, new: &Path) -> io::Result<()> {
    let old = match symlink_metadata(path) {
        Ok(old) => Some(old),
        Err(e) if e.kind() == io::ErrorKind::NotFound => None,
        Err(e) => return Err(e),
    };
    let (uid, gid, mode) =
        old.as_ref().map_or((0, 0, 0o644), |old| (old.uid(), old.gid(), old.mode() & 0o7777));
    chown(new, Some(uid), Some(gid))?;
    set_permissions(new, Permissions::from_mode(mode))?;
    if old.is_some() {
        copy_attributes(path, new)?;
    }
    // Also the mode is on the disk before the name is: a locker that runs as the person reads the file, too.
    let flags = OFlag::O_RDONLY | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
    Ok(fsync(open(new, flags, Mode::empty())?)?)
}

/// `SELinux`'s label and the access list are extended attributes; a file system without them has none to lose.
fn copy_attributes(from: &Path, to: &Path) -> io::Result<()> {
    let names = match xattr::list(from) {
        Ok(names) => names,
        Err(e) if e.kind() == io::ErrorKind::Unsupported => return Ok(()),
        Err(e) => return Err(e),
    };
    for name in names {
        if let Some(value) = xattr::get(from, &name)?
            && xattr::get(to, &name)?.as_ref() != Some(&value)
        {
            xattr::set(to, &name, &value)?;
        }
    }
    Ok(())
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "looks at files from outside")]
mod tests {
    use super::*;
    use std::fs;

    fn file(content: &str, mode: u32) -> (tempfile::TempDir, PathBuf) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("sudo");
        fs::write(&path, content).unwrap();
        set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        (directory, path)
    }

    fn change(path: &Path, before: Option<&str>, after: Option<&str>) -> Change {
        Change {
            path: path.to_path_buf(),
            before: before.map(str::to_owned),
            after: after.map(str::to_owned),
        }
    }

    #[test]
    fn a_change_comes_back_to_the_byte_with_mode_owner_and_attributes() {
        let (_directory, path) = file("auth\n", 0o640);
        chown(&path, Some(0), Some(8)).unwrap();
        let marked = xattr::set(&path, "user.note", b"kept").is_ok();
        let there = change(&path, Some("auth\n"), Some("auth\nours\n"));
        for (step, content) in [(there.clone(), "auth\nours\n"), (there.reversed(), "auth\n")] {
            assert_eq!(step.carry_out().unwrap(), Stand::Due);
            assert_eq!(step.carry_out().unwrap(), Stand::Done);
            assert_eq!(fs::read_to_string(&path).unwrap(), content);
            let now = symlink_metadata(&path).unwrap();
            assert_eq!((now.uid(), now.gid(), now.mode() & 0o7777), (0, 8, 0o640));
            assert!(!marked || xattr::get(&path, "user.note").unwrap().as_deref() == Some(b"kept"));
        }
    }

    #[test]
    fn a_file_that_is_made_goes_again() {
        let (directory, _) = file("", 0o644);
        let path = directory.path().join("polkit-1");
        let there = change(&path, None, Some("auth\n"));
        assert_eq!(there.carry_out().unwrap(), Stand::Due);
        assert_eq!(symlink_metadata(&path).unwrap().mode() & 0o7777, 0o644);
        assert_eq!(there.reversed().carry_out().unwrap(), Stand::Due);
        assert!(!path.exists());
    }

    #[test]
    fn what_somebody_wrote_meanwhile_stays() {
        let (_directory, path) = file("mine\n", 0o644);
        let there = change(&path, Some("auth\n"), Some("auth\nours\n"));
        assert_eq!(there.carry_out().unwrap(), Stand::Edited);
        assert_eq!(fs::read_to_string(&path).unwrap(), "mine\n");
    }

    #[test]
    fn what_a_kill_left_is_in_nobodys_way() {
        let (directory, path) = file("auth\n", 0o644);
        fs::write(directory.path().join(NEW), "half").unwrap();
        assert_eq!(change(&path, Some("auth\n"), Some("x\n")).carry_out().unwrap(), Stand::Due);
        let names: Vec<_> =
            fs::read_dir(&directory).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, ["sudo"]);
    }
}
