//! One person's directory: the enrolment, the ledger, and the lock that the ledger is.

use super::belonging::give;
use super::hidden;
use super::last::Last;
use super::lock::{Locked, Section};
use super::names::{remove, sync_dir};
use super::new_file::write_new_of;
use super::{Doing, StoreError};
use crate::record::damage::{Damage, Flaw};
use crate::record::enrolment::{self, Enrolment};
use crate::record::ledger::{BLOCK, Blocks, FILE_LEN, IMAGE_LEN, Ledger, READ_LEN};
use crate::system::owner::Owner;
use crate::system::trusted_file::{self, Access, Demand, Readers, Reason, Untrusted};
use crate::user::UserName;
use nix::errno::Errno;
use nix::fcntl::renameat;
use nix::sys::stat::{FileStat, fstat};
use nix::unistd::{UnlinkatFlags, fdatasync, unlinkat};
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

pub(super) const ENROLMENT: &str = "enrolment";
pub(super) const LEDGER: &str = "ledger";

/// Where a new enrolment stands for the moment between its naming and its taking the old one's place.
const NEW_ENROLMENT: &str = ".enrolment.new";

/// An open directory under `users/`.
pub(super) struct RecordDir<'r> {
    dir: OwnedFd,
    users: &'r Path,
    user: &'r UserName,
    owner: Owner,
}

impl<'r> RecordDir<'r> {
    pub(super) const fn new(dir: OwnedFd, users: &'r Path, user: &'r UserName, owner: Owner) -> Self {
        Self { dir, users, user, owner }
    }

    /// Where it is, for errors.
    fn path(&self) -> PathBuf {
        self.users.join(self.user.file_name())
    }

    fn shown(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    fn failed<E: Into<io::Error>>(&self, name: &str, doing: Doing) -> impl FnOnce(E) -> StoreError {
        move |e| StoreError::Io(self.shown(name), doing, e.into())
    }

    fn damaged(&self, name: &str) -> impl FnOnce(Damage) -> StoreError {
        move |damage| StoreError::Damaged(self.shown(name), damage)
    }

    fn untrusted(&self, name: &str) -> impl FnOnce(Reason) -> StoreError {
        move |reason| Untrusted { path: self.shown(name), reason }.into()
    }

    /// A file of it, if there is one, with what was seen of it.
    fn open(&self, name: &str, access: Access, max_len: u64) -> Result<Option<(File, FileStat)>, StoreError> {
        let demand =
            Demand { access, readers: Readers::RootOnly, owner: self.owner, max_len, may_be_linked: false };
        match trusted_file::open_seen(Some(self.dir.as_fd()), Path::new(name), demand) {
            Err(reason) if reason.is_missing() => Ok(None),
            other => other.map(Some).map_err(self.untrusted(name)),
        }
    }

    /// The enrolment, if there is one. The file is read each time, and parsed unless it still is as `last` had it.
    pub(super) fn enrolment(&self, last: &Last) -> Result<Option<Enrolment>, StoreError> {
        let max_len = enrolment::MAX_LEN;
        let Some((file, stat)) = self.open(ENROLMENT, Access::Read, max_len)? else { return Ok(None) };
        let bytes = trusted_file::read_seen(file, &stat, max_len).map_err(self.untrusted(ENROLMENT))?;
        last.parse(bytes, self.user).map(Some).map_err(self.damaged(ENROLMENT))
    }

    /// Opens the ledger for writing, and leaves it; no where there is none.
    pub(super) fn opens_ledger_to_write(&self) -> Result<bool, StoreError> {
        self.open(LEDGER, Access::ReadWrite, FILE_LEN).map(|file| file.is_some())
    }

    /// Locks and reads the ledger; `None` when there is none.
    pub(super) fn ledger<'s>(
        &'s self,
        section: &'s Section,
        access: Access,
    ) -> Result<Option<OpenLedger<'s>>, StoreError> {
        while let Some((file, _)) = self.open(LEDGER, access, FILE_LEN)? {
            let file = Locked::take(section, file, || self.shown(LEDGER))?;
            // Again, since this process may have waited.
            let stat = fstat(&*file).map_err(self.failed(LEDGER, Doing::Looking))?;
            // Removed meanwhile: look again for what is there now.
            if stat.st_nlink > 0 {
                return OpenLedger::read(file, &stat, self).map(Some);
            }
        }
        Ok(None)
    }

    /// Makes a new ledger, whole and on disk; one that appeared meanwhile is as good.
    pub(super) fn make_ledger(&self) -> Result<(), StoreError> {
        let new = Blocks::new_file(&Ledger::default());
        let made = write_new_of(self.dir.as_fd(), LEDGER, &self.shown(LEDGER), (&new, self.owner));
        match made {
            Err(StoreError::Io(_, _, e)) if e.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            other => other.map(|()| give(self.owner, &self.dir, LEDGER)),
        }
    }

    /// Replaces the enrolment under the lock of `open`. The old one is whole until the new one is, and nobody writes to
    /// the ledger by the new one before that is on disk.
    pub(super) fn write_enrolment(&self, open: &OpenLedger<'_>, bytes: &[u8]) -> Result<(), StoreError> {
        let shown = self.shown(ENROLMENT);
        self.clear_new_enrolment()?;
        let new = write_new_of(self.dir.as_fd(), NEW_ENROLMENT, &shown, (bytes, self.owner));
        let written = new.and_then(|()| {
            give(self.owner, &self.dir, NEW_ENROLMENT);
            open.say_settled_up_to(0)?;
            let renamed = renameat(&self.dir, NEW_ENROLMENT, &self.dir, ENROLMENT);
            renamed.map_err(StoreError::nix(&shown, Doing::Replacing))
        });
        if written.is_err() {
            let _ = self.clear_new_enrolment();
        }
        written?;
        sync_dir(self.dir.as_fd(), &shown)?;
        if open.blocks.is_settled {
            open.try_to_say_settled();
        }
        Ok(())
    }

    /// Writes the ledger. What was read of the record is on disk before: half a block over the only one that is would
    /// take all marks with it, and a mark by an enrolment that a power cut takes back spends codes of the one before.
    pub(super) fn write_ledger(&self, open: &mut OpenLedger<'_>, ledger: &Ledger) -> Result<(), StoreError> {
        if !open.blocks.is_settled {
            open.write_again()?;
            self.sync_names()?;
        }
        open.write(ledger)
    }

    /// Puts the names on disk that some process may have made and been killed.
    pub(super) fn sync_names(&self) -> Result<(), StoreError> {
        sync_dir(self.dir.as_fd(), &self.path())
    }

    /// Removes whatever killed processes left; the caller holds the lock.
    pub(super) fn clear_debris(&self, section: &Section) -> Result<(), StoreError> {
        hidden::clear(section, self.dir.as_fd(), &self.path())?;
        self.clear_new_enrolment()
    }

    /// Removes what a process killed inside [`Self::write_enrolment`] left; the caller holds the lock.
    pub(super) fn clear_new_enrolment(&self) -> Result<(), StoreError> {
        match unlinkat(&self.dir, NEW_ENROLMENT, UnlinkatFlags::NoRemoveDir) {
            Ok(()) | Err(Errno::ENOENT) => Ok(()),
            Err(e) => Err(self.failed(NEW_ENROLMENT, Doing::Removing)(e)),
        }
    }

    /// Removes both files, the enrolment first: a ledger alone is someone not enrolled. The caller holds the lock, unless
    /// the ledger is one that nobody is judged by.
    pub(super) fn remove_files(&self, section: &Section) -> Result<(), StoreError> {
        self.remove_enrolment(section)?;
        self.remove_name(LEDGER)
    }

    /// Removes the enrolment alone.
    pub(super) fn remove_enrolment(&self, section: &Section) -> Result<(), StoreError> {
        self.clear_debris(section)?;
        self.remove_name(ENROLMENT)
    }

    fn remove_name(&self, name: &str) -> Result<(), StoreError> {
        remove(self.dir.as_fd(), name, &self.shown(name), UnlinkatFlags::NoRemoveDir)?;
        self.sync_names()
    }

    /// An enrolment without its ledger would be open to replay.
    pub(super) fn no_ledger(&self) -> StoreError {
        self.damaged(LEDGER)(Damage::Unreadable(Flaw::NoLedger))
    }

    /// What the ledger says to this enrolment: an older generation is void, a newer one means that the
    /// enrolment came back from a backup.
    pub(super) fn matching(&self, enrolment: &Enrolment, ledger: &Ledger) -> Result<Ledger, StoreError> {
        use std::cmp::Ordering::{Equal, Greater, Less};
        match ledger.generation.cmp(&enrolment.generation) {
            Equal => Ok(ledger.clone()),
            Less => Ok(Ledger { generation: enrolment.generation, ..Ledger::default() }),
            Greater => Err(self.damaged(ENROLMENT)(Damage::Unreadable(Flaw::Restored))),
        }
    }
}

/// A locked ledger; the lock ends with it.
pub(super) struct OpenLedger<'s> {
    file: Locked<'s>,
    record_dir: &'s RecordDir<'s>,
    blocks: Blocks,
}

impl<'s> OpenLedger<'s> {
    fn read(file: Locked<'s>, stat: &FileStat, record_dir: &'s RecordDir<'s>) -> Result<Self, StoreError> {
        // Cut short, it may have lost the newer block and with it what was spent last.
        if u64::try_from(stat.st_size) != Ok(FILE_LEN) {
            return Err(record_dir.damaged(LEDGER)(Damage::Unreadable(Flaw::Size)));
        }
        let image = |offset| {
            let mut bytes = [0; READ_LEN];
            let read = file.read_exact_at(&mut bytes, offset);
            read.map(|()| bytes).map_err(record_dir.failed(LEDGER, Doing::Reading))
        };
        let blocks = Blocks::read(&image(0)?, &image(BLOCK)?).map_err(record_dir.damaged(LEDGER))?;
        Ok(Self { file, record_dir, blocks })
    }

    fn failed<E: Into<io::Error>>(&self, doing: Doing) -> impl FnOnce(E) -> StoreError {
        self.record_dir.failed(LEDGER, doing)
    }

    pub(super) const fn ledger(&self) -> &Ledger {
        &self.blocks.ledger
    }

    /// Overwrites the older block in place and waits until it is on disk: no free block is needed, and the
    /// other block stays whole.
    fn write(&mut self, ledger: &Ledger) -> Result<(), StoreError> {
        self.put(&ledger.to_image(self.blocks.sequence + 1), self.blocks.next_offset)?;
        self.sync()?;
        self.blocks = Blocks { is_settled: true, ..self.blocks.after(ledger.clone()) };
        self.try_to_say_settled();
        Ok(())
    }

    /// Writes the truth again where it is, and waits. A sync alone would not do: after one that failed, the kernel
    /// holds what is not on disk for clean. It is written as it stands, of whichever version: half of another image over
    /// the only one on disk would be none.
    fn write_again(&self) -> Result<(), StoreError> {
        let mut truth = [0; IMAGE_LEN];
        let read = self.file.read_exact_at(&mut truth, self.blocks.offset());
        read.map_err(self.failed(Doing::Reading))?;
        self.put(&truth, self.blocks.offset())?;
        self.sync()
    }

    /// What was to be done is done, and on disk: a word that cannot be written makes nothing of that undone.
    fn try_to_say_settled(&self) {
        let _ = self.say_settled_up_to(self.blocks.sequence);
    }

    /// Not synced: if it is lost, the next writer syncs once more.
    fn say_settled_up_to(&self, sequence: u64) -> Result<(), StoreError> {
        self.put(&sequence.to_le_bytes(), self.blocks.word_offset())
    }

    fn put(&self, bytes: &[u8], offset: u64) -> Result<(), StoreError> {
        self.file.write_all_at(bytes, offset).map_err(self.failed(Doing::Writing))
    }

    fn sync(&self) -> Result<(), StoreError> {
        fdatasync(&*self.file).map_err(self.failed(Doing::Syncing))
    }
}

#[cfg(test)]
#[path = "record_dir_tests.rs"]
mod tests;
