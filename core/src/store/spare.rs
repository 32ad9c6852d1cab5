//! The spare file: what a wrong code of somebody without a record is written to, so that it takes as long as anyone's.
//!
//! It has the size of a ledger, is made in full as that is, and is overwritten in place. Nobody locks it, nobody reads it,
//! and it says nothing: every write is the same.

use super::belonging::give;
use super::new_file::write_new_of;
use super::{Doing, StoreError};
use crate::record::ledger::{Blocks, FILE_LEN, Ledger};
use crate::system::owner::Owner;
use crate::system::trusted_file::{self, Access, Demand, Readers};
use nix::unistd::fdatasync;
use std::fs::File;
use std::io::ErrorKind;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

pub(super) const NAME: &str = "spare";

/// Where it is.
pub(super) fn path(root: &Path) -> PathBuf {
    root.join(NAME)
}

/// Makes it where it is missing; `false` where there is one, which stays as it is.
pub(super) fn make(root: &OwnedFd, shown: &Path, owner: Owner) -> Result<bool, StoreError> {
    let new = Blocks::new_file(&Ledger::default());
    match write_new_of(root.as_fd(), NAME, &path(shown), (&new, owner)) {
        Err(StoreError::Io(_, _, e)) if e.kind() == ErrorKind::AlreadyExists => Ok(false),
        other => other.map(|()| {
            give(owner, root, NAME);
            true
        }),
    }
}

/// The open file.
pub(super) struct Spare {
    file: File,
    shown: PathBuf,
}

impl Spare {
    /// Opens it for writing; the first time it may have to be made.
    pub(super) fn open(root: &OwnedFd, shown: &Path, owner: Owner) -> Result<Self, StoreError> {
        let path = path(shown);
        let demand = Demand {
            access: Access::ReadWrite,
            readers: Readers::RootOnly,
            owner,
            max_len: FILE_LEN,
            may_be_linked: false,
        };
        let open = || trusted_file::open(Some(root.as_fd()), Path::new(NAME), &path, demand);
        let file = match open() {
            Err(e) if e.is_missing() => {
                make(root, shown, owner)?;
                open()?
            }
            other => other?,
        };
        Ok(Self { file, shown: path })
    }

    /// What one mark costs in a ledger: a block, the wait for the disk, and the word that nobody waits for.
    pub(super) fn write(&self) -> Result<(), StoreError> {
        let blocks = Blocks { ledger: Ledger::default(), sequence: 2, next_offset: 0, is_settled: true };
        self.put(&blocks.ledger.to_image(1), blocks.next_offset)?;
        fdatasync(&self.file).map_err(StoreError::nix(&self.shown, Doing::Syncing))?;
        let _ = self.put(&blocks.sequence.to_le_bytes(), blocks.word_offset());
        Ok(())
    }

    fn put(&self, bytes: &[u8], offset: u64) -> Result<(), StoreError> {
        self.file.write_all_at(bytes, offset).map_err(StoreError::io(&self.shown, Doing::Writing))
    }
}
