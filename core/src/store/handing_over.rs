//! Giving a state that root made to the account of a verifier, and what root finds there that is not its own.
//!
//! The account may have a part of it already, and do there what it likes while this runs. So nothing is followed and nothing is
//! given by name: what is given was opened first, is a directory or a file with one name, and was root's.

use super::error::{Doing, StoreError};
use super::names::names;
use crate::system::owner::Owner;
use crate::system::trusted_file::{Readers, Reason, Untrusted, open_dir_of};
use nix::errno::Errno;
use nix::fcntl::{OFlag, openat};
use nix::sys::stat::{Mode, SFlag, fstat};
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

/// How deep a state is: `users`, somebody, a file; `fleet`, `seats`, a seat.
const DEPTH: usize = 3;

/// Gives `root` and everything in it to its owner; what the account has stays as it is.
///
/// # Errors
/// [`StoreError`], naming what is neither root's nor the account's, or is no directory and no file with one name.
pub fn hand_over(root: &Path, owner: Owner) -> Result<(), StoreError> {
    let dir = open_dir_of(None, root, root, (owner, Readers::RootOnly))?;
    below(&dir, root, owner, DEPTH)?;
    owner.take(&dir).map_err(StoreError::nix(root, Doing::SettingMode))
}

fn below(dir: &OwnedFd, shown: &Path, owner: Owner, depth: usize) -> Result<(), StoreError> {
    for name in names(dir, Path::new("."), shown)? {
        let path = shown.join(&name);
        let flags = OFlag::O_RDONLY | OFlag::O_NONBLOCK | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
        let fd = match openat(dir.as_fd(), name.as_str(), flags, Mode::empty()) {
            Ok(fd) => fd,
            Err(Errno::ENOENT) => continue,
            Err(Errno::ELOOP) => return Err(Untrusted { path, reason: Reason::SymbolicLink }.into()),
            Err(Errno::ENXIO) => return Err(Untrusted { path, reason: Reason::NotRegular }.into()),
            Err(e) => return Err(StoreError::nix(&path, Doing::Looking)(e)),
        };
        let stat = fstat(&fd).map_err(StoreError::nix(&path, Doing::Looking))?;
        let reason = match SFlag::from_bits_truncate(stat.st_mode) & SFlag::S_IFMT {
            _ if !owner.is_believed(stat.st_uid) => Some(Reason::Owner(stat.st_uid)),
            SFlag::S_IFDIR if depth == 0 => Some(Reason::NotRegular),
            SFlag::S_IFDIR => {
                below(&fd, &path, owner, depth - 1)?;
                None
            }
            SFlag::S_IFREG if stat.st_nlink > 1 => Some(Reason::HardLinked),
            SFlag::S_IFREG => None,
            _ => Some(Reason::NotRegular),
        };
        if let Some(reason) = reason {
            return Err(Untrusted { path, reason }.into());
        }
        if stat.st_uid == 0 {
            owner.take(&fd).map_err(StoreError::nix(&path, Doing::SettingMode))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Fixture;
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};

    const THEIRS: u32 = 4711;

    fn owner() -> Owner {
        Owner::account(THEIRS, THEIRS)
    }

    #[test]
    fn a_whole_state_is_given_and_a_second_time_nothing_changes() {
        let scratch = Fixture::with_record();
        for _ in 0..2 {
            hand_over(scratch.dir.path(), owner()).unwrap();
            for path in [scratch.dir.path().to_path_buf(), scratch.file(""), scratch.file("ledger")] {
                assert_eq!(fs::metadata(&path).unwrap().uid(), THEIRS, "{}", path.display());
            }
        }
    }

    /// What the account could put there, so that root gives it something else.
    #[test]
    fn nothing_is_followed_out_of_the_state_and_nothing_linked_is_given() {
        let outside = tempfile::tempdir().unwrap();
        let (file, dir) = (outside.path().join("file"), outside.path().join("dir"));
        fs::write(&file, "root's").unwrap();
        fs::create_dir(&dir).unwrap();
        type Put = Box<dyn Fn(&Path)>;
        let (linked, led) = (file.clone(), dir.clone());
        let puts: [(&str, Put); 5] = [
            ("is a symbolic link", Box::new(move |at| symlink(&led, at).unwrap())),
            ("is a symbolic link", Box::new(|at| symlink("/etc/passwd", at).unwrap())),
            ("has a second hard link", Box::new(move |at| fs::hard_link(&linked, at).unwrap())),
            ("is not a regular file", Box::new(|at| nix::unistd::mkfifo(at, Mode::S_IRWXU).unwrap())),
            (
                "belongs to uid 7",
                Box::new(|at| {
                    fs::write(at, "").unwrap();
                    chown(at, Some(7), None).unwrap();
                }),
            ),
        ];
        for (said, put) in puts {
            let scratch = Fixture::with_record();
            put(&scratch.dir.path().join("users/put"));
            let refused = hand_over(scratch.dir.path(), owner()).unwrap_err().to_string();
            assert!(refused.contains(said), "{refused}");
        }
        assert_eq!((fs::metadata(&file).unwrap().uid(), fs::metadata(&dir).unwrap().uid()), (0, 0));
    }

    #[test]
    fn a_directory_that_others_enter_is_not_given() {
        let scratch = Fixture::with_record();
        fs::set_permissions(scratch.dir.path(), Permissions::from_mode(0o755)).unwrap();
        assert!(hand_over(scratch.dir.path(), owner()).is_err());
    }
}
