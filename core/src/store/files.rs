//! Records as files of root's under one directory.

use super::belonging::give_dir;
use super::last::Last;
use super::lock::Section;
use super::names::{names, remove, sync_dir};
use super::record_dir::{OpenLedger, RecordDir};
use super::spare::{self, Spare};
use super::walked::{SameDir, Walked};
use super::{Amendment, Doing, Renaming, Store, StoreError};
use crate::record::Record;
use crate::record::enrolment::{self, Enrolment};
use crate::record::ledger::{FILE_LEN, Ledger};
use crate::system::file_limit;
use crate::system::owner::Owner;
use crate::system::trusted_file::{self, Access, Readers, Untrusted};
use crate::user::UserName;
use crate::verify::{Judged, Verdict};
use nix::sys::stat::{Mode, mkdirat};
use nix::unistd::UnlinkatFlags;
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};

/// How often an enrolment is found without a ledger before that is damage. Two suffice unless a user is enrolled, removed
/// and re-enrolled between the reads.
const LOOKS: usize = 2;

/// The store of one machine.
#[derive(Debug)]
pub struct FileStore {
    root: PathBuf,
    users: PathBuf,
    owner: Owner,
    last: Last,
    walked: Walked,
}

impl FileStore {
    /// The store under `root`, which need not exist yet.
    #[must_use]
    pub fn new(root: PathBuf) -> Self {
        Self::of(root, Owner::ROOT)
    }

    /// The same where files may also be this account's, and new ones are.
    #[must_use]
    pub fn of(root: PathBuf, owner: Owner) -> Self {
        Self { users: root.join("users"), root, owner, last: Last::new(), walked: Walked::new() }
    }

    pub(super) const fn owner(&self) -> Owner {
        self.owner
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    pub(super) fn users_path(&self) -> &Path {
        &self.users
    }

    /// Makes the file that stands in for the ledger of those who have none, where it is missing, and looks whether it may be
    /// written; its path, and whether it was missing.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn make_spare(&self) -> Result<(PathBuf, bool), StoreError> {
        let is_new = spare::make(&self.root_dir()?, &self.root, self.owner)?;
        self.spare()?;
        Ok((spare::path(&self.root), is_new))
    }

    pub(super) fn root_dir(&self) -> Result<OwnedFd, StoreError> {
        Ok(trusted_file::open_dir_of(None, &self.root, &self.root, (self.owner, Readers::RootOnly))?)
    }

    /// Someone of whom nothing is kept: what an attempt opens for writing is the spare file.
    fn spare(&self) -> Result<Spare, StoreError> {
        Spare::open(&self.root_dir()?, &self.root, self.owner)
    }

    pub(super) fn users_dir(&self) -> Result<OwnedFd, StoreError> {
        let root = self.root_dir()?;
        let seen = (self.owner, Readers::RootOnly);
        Ok(trusted_file::open_dir_of(Some(root.as_fd()), Path::new("users"), &self.users, seen)?)
    }

    pub(super) fn record_dir<'r>(
        &'r self,
        users: &OwnedFd,
        user: &'r UserName,
    ) -> Result<Option<RecordDir<'r>>, StoreError> {
        let name = user.file_name();
        let seen = (self.owner, Readers::RootOnly);
        match trusted_file::open_dir_seen(Some(users.as_fd()), Path::new(&name), seen) {
            Ok((dir, stat)) => {
                self.walked.note(user, SameDir::from(&stat));
                Ok(Some(RecordDir::new(dir, &self.users, user, self.owner)))
            }
            Err(reason) if reason.is_missing() => Ok(None),
            Err(reason) => Err(Untrusted { path: self.users.join(name), reason }.into()),
        }
    }

    /// The same, without looking at the way again that was looked at before.
    fn record_dir_again<'r>(&'r self, user: &'r UserName) -> Result<Option<RecordDir<'r>>, StoreError> {
        if let Some(walked) = self.walked.take(user)
            && let path = self.users.join(user.file_name())
            && let Ok((dir, stat)) = trusted_file::open_dir_seen(None, &path, (self.owner, Readers::RootOnly))
            && walked == SameDir::from(&stat)
        {
            return Ok(Some(RecordDir::new(dir, &self.users, user, self.owner)));
        }
        self.record_dir(&self.users_dir()?, user)
    }

    /// Opens for writing what a check of `user` would write, before anything is compared: the ledger, or the spare
    /// file of those who have none.
    ///
    /// # Errors
    /// [`StoreError`]; [`StoreError::is_of_this_process`] where only another process can check.
    pub fn open_to_write(&self, user: &UserName) -> Result<(), StoreError> {
        let users = self.users_dir()?;
        if let Some(record_dir) = self.record_dir(&users, user)?
            && record_dir.opens_ledger_to_write()?
        {
            return Ok(());
        }
        self.spare().map(|_| ())
    }

    fn make_record_dir<'r>(
        &'r self,
        users: &OwnedFd,
        user: &'r UserName,
    ) -> Result<RecordDir<'r>, StoreError> {
        let path = self.users.join(user.file_name());
        let name = user.file_name();
        match mkdirat(users.as_fd(), name.as_str(), Mode::S_IRWXU) {
            Ok(()) => {
                give_dir(self.owner, users, &name).map_err(StoreError::nix(&path, Doing::SettingMode))?;
                sync_dir(users.as_fd(), &path)?;
            }
            Err(nix::Error::EEXIST) => sync_dir(users.as_fd(), &path)?,
            Err(e) => return Err(StoreError::nix(&path, Doing::Creating)(e)),
        }
        let missing = || StoreError::nix(&path, Doing::Creating)(nix::Error::ENOENT);
        self.record_dir(users, user)?.ok_or_else(missing)
    }

    /// The enrolment, and its ledger locked; `None` for someone not enrolled.
    ///
    /// A ledger is made before its enrolment and goes after it. Where it is missing beside one, somebody may have been
    /// enrolled between the two looks: only what is still so at another look is damage.
    pub(super) fn locked<'s>(
        &self,
        section: &'s Section,
        record_dir: &'s RecordDir<'_>,
        access: Access,
    ) -> Result<Option<(Enrolment, OpenLedger<'s>)>, StoreError> {
        for _ in 0..LOOKS {
            let open = record_dir.ledger(section, access)?;
            #[cfg(test)]
            races::between_the_looks();
            // Read under the lock, where there is one.
            let Some(enrolment) = record_dir.enrolment(&self.last)? else { return Ok(None) };
            if let Some(open) = open {
                return Ok(Some((enrolment, open)));
            }
        }
        Err(record_dir.no_ledger())
    }

    fn remove(
        &self,
        section: &Section,
        users: &OwnedFd,
        (record_dir, user): (&RecordDir<'_>, &UserName),
    ) -> Result<(), StoreError> {
        record_dir.remove_files(section)?;
        self.remove_dir(users, user)
    }

    /// Removes a record under its ledger's lock; the answer is no where there is no ledger.
    fn remove_locked(
        &self,
        section: &Section,
        users: &OwnedFd,
        record_dir: &RecordDir<'_>,
        user: &UserName,
    ) -> Result<bool, StoreError> {
        let looked = record_dir.ledger(section, Access::Read);
        #[cfg(test)]
        races::between_the_looks();
        match looked {
            Ok(None) => Ok(false),
            // A ledger that is damaged or not believed accepts nobody meanwhile.
            Ok(Some(_)) | Err(StoreError::Damaged(..) | StoreError::Untrusted(_)) => {
                self.remove(section, users, (record_dir, user)).map(|()| true)
            }
            Err(e) => Err(e),
        }
    }

    fn remove_dir(&self, users: &OwnedFd, user: &UserName) -> Result<(), StoreError> {
        let path = self.users.join(user.file_name());
        remove(users.as_fd(), &user.file_name(), &path, UnlinkatFlags::RemoveDir)?;
        sync_dir(users.as_fd(), &path)
    }

    fn apply(
        &self,
        section: &Section,
        users: &OwnedFd,
        (record_dir, user): (&RecordDir<'_>, &UserName),
        amend: Amend<'_>,
    ) -> Result<(), StoreError> {
        let Some(mut open) = record_dir.ledger(section, Access::ReadWrite)? else {
            return Err(record_dir.no_ledger());
        };
        record_dir.clear_debris(section)?;
        // What is amended must not be taken back: a removal that was killed before its sync, say.
        record_dir.sync_names()?;
        let enrolment = record_dir.enrolment(&self.last)?;
        let ledger = match &enrolment {
            Some(enrolment) => record_dir.matching(enrolment, open.ledger())?,
            None => open.ledger().clone(),
        };
        let is_enrolled = enrolment.is_some();
        match amend(enrolment, &ledger) {
            Amendment::Keep if is_enrolled => Ok(()),
            Amendment::Keep => self.remove(section, users, (record_dir, user)),
            Amendment::Ledger(ledger) => record_dir.write_ledger(&mut open, &ledger),
            Amendment::Write(enrolment, ledger) => {
                if let Some(ledger) = ledger {
                    record_dir.write_ledger(&mut open, &ledger)?;
                }
                record_dir.write_enrolment(&open, &enrolment.to_bytes())
            }
        }
    }
}

type Amend<'a> = &'a mut dyn FnMut(Option<Enrolment>, &Ledger) -> Amendment;

pub(super) fn may_write(end: u64) -> Result<(), StoreError> {
    if file_limit::allows(end) { Ok(()) } else { Err(StoreError::FileSizeLimit) }
}

impl Store for FileStore {
    fn enrolment(&self, user: &UserName) -> Result<Option<Enrolment>, StoreError> {
        let record_dir = self.record_dir(&self.users_dir()?, user)?;
        record_dir.map_or(Ok(None), |record_dir| record_dir.enrolment(&self.last))
    }

    fn record(&self, user: &UserName) -> Result<Option<Record>, StoreError> {
        let Some(record_dir) = self.record_dir(&self.users_dir()?, user)? else { return Ok(None) };
        let section = Section::enter();
        let Some((enrolment, open)) = self.locked(&section, &record_dir, Access::Read)? else {
            return Ok(None);
        };
        let ledger = record_dir.matching(&enrolment, open.ledger())?;
        Ok(Some(Record { enrolment, ledger }))
    }

    fn attempt(
        &self,
        user: &UserName,
        judge: &mut dyn FnMut(&Record) -> Judged,
    ) -> Result<Option<Verdict>, StoreError> {
        // Before it is known whether there is a record, so that the limit does not tell.
        may_write(FILE_LEN)?;
        let Some(record_dir) = self.record_dir_again(user)? else { return self.spare().map(|_| None) };
        let section = Section::enter();
        // Opened for writing before anything is decided: what cannot be recorded must not be judged.
        let Some((enrolment, mut open)) = self.locked(&section, &record_dir, Access::ReadWrite)? else {
            return self.spare().map(|_| None);
        };
        // A command killed half-way may have left a file; a read-only disk is found out by the write below.
        let _ = record_dir.clear_new_enrolment();
        let ledger = record_dir.matching(&enrolment, open.ledger())?;
        let judged = judge(&Record { enrolment, ledger });
        judged.once_durable(|ledger| record_dir.write_ledger(&mut open, ledger)).map(Some)
    }

    fn stand_in(&self, writes: bool) -> Result<(), StoreError> {
        may_write(FILE_LEN)?;
        self.users_dir()?;
        let spare = self.spare()?;
        if writes { spare.write() } else { Ok(()) }
    }

    fn amend(&self, user: &UserName, amend: Amend<'_>) -> Result<(), StoreError> {
        let users = self.users_dir()?;
        may_write(enrolment::MAX_LEN)?;
        let record_dir = match self.record_dir(&users, user)? {
            Some(record_dir) => record_dir,
            // Nothing is made for someone of whom nothing is to be kept.
            None if amend(None, &Ledger::default()) == Amendment::Keep => return Ok(()),
            None => self.make_record_dir(&users, user)?,
        };
        let section = Section::enter();
        let prepared =
            if record_dir.enrolment(&self.last)?.is_none() { record_dir.make_ledger() } else { Ok(()) };
        let done = prepared.and_then(|()| self.apply(&section, &users, (&record_dir, user), amend));
        if done.is_err() {
            // A directory made in vain; one that is not empty stays.
            let _ = remove(users.as_fd(), &user.file_name(), &self.users, UnlinkatFlags::RemoveDir);
        }
        done
    }

    fn rename(&self, before: &Enrolment, after: &Enrolment) -> Result<Renaming, StoreError> {
        self.give_name(before, after)
    }

    fn purge(&self, user: &UserName) -> Result<(), StoreError> {
        let users = self.users_dir()?;
        let Some(record_dir) = self.record_dir(&users, user)? else { return Ok(()) };
        let section = Section::enter();
        if self.remove_locked(&section, &users, &record_dir, user)? {
            return Ok(());
        }
        record_dir.remove_enrolment(&section)?;
        // A ledger that somebody made meanwhile goes under its lock only: else it would be missing beside the enrolment
        // that they are about to write.
        if self.remove_locked(&section, &users, &record_dir, user)? {
            Ok(())
        } else {
            self.remove_dir(&users, user)
        }
    }

    fn users(&self) -> Result<Vec<UserName>, StoreError> {
        let names = names(self.users_dir()?, Path::new("."), &self.users)?;
        let mut users: Vec<UserName> =
            names.iter().filter_map(|name| UserName::from_file_name(name).ok()).collect();
        users.sort();
        Ok(users)
    }
}

#[cfg(test)]
#[path = "files_tests.rs"]
pub(in crate::store) mod tests;

#[cfg(test)]
#[path = "races_tests.rs"]
mod races;
