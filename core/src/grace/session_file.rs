//! Directories under `run.path` and their files, each of which is its own lock.
//!
//! A file is overwritten in place under its lock and carries a checksum: half a write reads as nothing, nothing is left
//! beside it by a kill, and to remove it takes no lock, since a late write goes to a file without a name.

use super::record::{MAX_LEN, decode, encode};
use crate::store::{
    self, Doing, FOR_EVERYBODY, Locked, Section, StoreError, give_to_root, make_dir, remove, write_new,
};
use crate::system::file_limit;
use crate::system::owner::Owner;
use crate::system::trusted_file::{self, Access, Demand, Readers, Untrusted};
use nix::fcntl::AT_FDCWD;
use nix::sys::stat::{Mode, fstat};
use nix::unistd::UnlinkatFlags;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fs::File;
use std::io::ErrorKind;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

/// `ulimit -f` kills in the middle of a write.
pub(super) fn may_write() -> Result<(), StoreError> {
    if file_limit::allows(MAX_LEN) { Ok(()) } else { Err(StoreError::FileSizeLimit) }
}

/// An open directory: one person's sessions, or the tallies by uid.
pub(super) struct StateDir {
    fd: OwnedFd,
    path: PathBuf,
}

impl StateDir {
    /// That of `person` below `root`.
    pub(super) fn open(root: &Path, person: &str) -> Result<Self, Untrusted> {
        // Somebody who could change the directory above could put another in place of this one.
        let (above, name) = (root.parent().unwrap_or(root), root.file_name().unwrap_or_default());
        let above = trusted_file::open_dir(None, above, above, Readers::Anyone)?;
        let dir = trusted_file::open_dir(Some(above.as_fd()), Path::new(name), root, Readers::RootOnly)?;
        let path = root.join(person);
        let fd = trusted_file::open_dir(Some(dir.as_fd()), Path::new(person), &path, Readers::RootOnly)?;
        Ok(Self { fd, path })
    }

    /// As [`Self::open`], made where it is missing.
    pub(super) fn make(root: &Path, person: &str) -> Result<Self, StoreError> {
        // Others find the helper's socket in the directory above.
        let above = root.parent().map(|above| (above.to_path_buf(), FOR_EVERYBODY));
        let own = [root.to_path_buf(), root.join(person)].map(|dir| (dir, Mode::S_IRWXU));
        for (dir, mode) in above.into_iter().chain(own) {
            if make_dir(&dir, mode)? {
                give_to_root(AT_FDCWD, &dir);
            }
        }
        Ok(Self::open(root, person)?)
    }

    /// The names of the files in it.
    pub(super) fn names(&self) -> Result<Vec<String>, StoreError> {
        store::names(&self.fd, Path::new("."), &self.path)
    }

    /// Makes a file, whole; `false` where there is one.
    pub(super) fn write_new(&self, name: &str, said: &impl Serialize) -> Result<bool, StoreError> {
        let bytes = encode(said).unwrap_or_default();
        match write_new(self.fd.as_fd(), name, &self.path.join(name), &bytes) {
            Err(StoreError::Io(_, _, e)) if e.kind() == ErrorKind::AlreadyExists => Ok(false),
            other => other.map(|()| {
                give_to_root(&self.fd, name);
                true
            }),
        }
    }

    /// Removes a file; one that is not there is fine.
    pub(super) fn remove(&self, name: &str) -> Result<(), StoreError> {
        remove(self.fd.as_fd(), name, &self.path.join(name), UnlinkatFlags::NoRemoveDir)
    }

    fn file(&self, name: &str, access: Access) -> Result<File, Untrusted> {
        let demand = Demand {
            access,
            readers: Readers::RootOnly,
            owner: Owner::ROOT,
            max_len: MAX_LEN,
            may_be_linked: false,
        };
        trusted_file::open(Some(self.fd.as_fd()), Path::new(name), &self.path.join(name), demand)
    }

    /// As it stands, without waiting for anyone.
    pub(super) fn read<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        let file = self.file(name, Access::Read).ok()?;
        decode(&trusted_file::read_all(file, &self.path.join(name), MAX_LEN).ok()?)
    }
}

/// A locked file; the lock ends with it.
pub(super) struct Held<'s> {
    file: Locked<'s>,
    shown: PathBuf,
}

impl<'s> Held<'s> {
    /// Opens and locks; `None` when there is no such file.
    pub(super) fn open(
        section: &'s Section,
        person: &StateDir,
        name: &str,
    ) -> Result<Option<Self>, StoreError> {
        let shown = person.path.join(name);
        loop {
            let file = match person.file(name, Access::ReadWrite) {
                Err(e) if e.is_missing() => return Ok(None),
                other => other?,
            };
            let file = Locked::take(section, file, || shown.clone())?;
            // Removed while this process waited for it: look again for what is there now.
            if fstat(&*file).map_err(StoreError::nix(&shown, Doing::Looking))?.st_nlink > 0 {
                return Ok(Some(Self { file, shown }));
            }
        }
    }

    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<Option<T>, StoreError> {
        let mut bytes = vec![0; usize::try_from(MAX_LEN).unwrap_or(0)];
        let mut filled = 0;
        while let Some(rest) = bytes.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match self.file.read_at(rest, filled as u64) {
                Ok(0) => break,
                Ok(n) => filled += n,
                Err(e) if e.kind() == ErrorKind::Interrupted => {}
                Err(e) => return Err(StoreError::io(&self.shown, Doing::Reading)(e)),
            }
        }
        Ok(bytes.get(..filled).and_then(decode))
    }

    pub(super) fn write(&self, said: &impl Serialize) -> Result<(), StoreError> {
        let bytes = encode(said).unwrap_or_default();
        let written = self.file.write_all_at(&bytes, 0).and_then(|()| self.file.set_len(bytes.len() as u64));
        written.map_err(StoreError::io(&self.shown, Doing::Writing))
    }
}
