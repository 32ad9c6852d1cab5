//! A record under another name: its directory is renamed, which happens at once or not at all.
//!
//! But the enrolment names whose it is, and keys are sealed for that name. So the file first says both, the record as it is
//! and as it will be, and the name of the directory tells its reader which of the two holds. Afterwards it says one again.
//! The ledger goes along untouched, and its lock with it.

use super::files::{FileStore, may_write};
use super::lock::Section;
use super::names::sync_dir;
use super::{Amendment, Doing, Renaming, Store, StoreError};
use crate::record::enrolment::{self, Enrolment};
use crate::system::trusted_file::Access;
use crate::user::UserName;
use nix::errno::Errno;
use nix::fcntl::renameat;
use std::os::fd::AsFd;

impl FileStore {
    /// [`Store::rename`].
    pub(super) fn give_name(&self, before: &Enrolment, after: &Enrolment) -> Result<Renaming, StoreError> {
        let users = self.users_dir()?;
        may_write(enrolment::MAX_LEN)?;
        let Some(person) = self.person(&users, &before.user)? else { return Ok(Renaming::Changed) };
        if self.is_taken(&after.user)? {
            return Ok(Renaming::Taken);
        }
        let section = Section::enter();
        let Some((now, open)) = self.locked(&section, &person, Access::ReadWrite)? else {
            return Ok(Renaming::Changed);
        };
        if now != *before {
            return Ok(Renaming::Changed);
        }
        person.matching(&now, open.ledger())?;
        person.sync_names()?;
        person.write_enrolment(&open, &before.or(after))?;
        let (from, to) = (before.user.file_name(), after.user.file_name());
        let path = self.users_path().join(&to);
        if let Err(e) = renameat(&users, from.as_str(), &users, to.as_str()) {
            let _ = person.write_enrolment(&open, before);
            return match e {
                // Somebody has been enrolled by that name since it was looked at.
                Errno::ENOTEMPTY | Errno::EEXIST => Ok(Renaming::Taken),
                e => Err(StoreError::nix(&path, Doing::Naming)(e)),
            };
        }
        sync_dir(users.as_fd(), &path)?;
        // The name is given: a file that says both says the right one, until it is written next.
        let _ = person.renamed(path, after.user.clone()).write_enrolment(&open, after);
        Ok(Renaming::Done)
    }

    /// Whether this name has a record. What was left of somebody not enrolled is cleared away, under its own lock.
    fn is_taken(&self, user: &UserName) -> Result<bool, StoreError> {
        let mut is_taken = false;
        self.amend(user, &mut |enrolment, _| {
            is_taken = enrolment.is_some();
            Amendment::Keep
        })?;
        Ok(is_taken)
    }
}

#[cfg(test)]
#[path = "renaming_tests.rs"]
mod tests;
