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
        let Some(record_dir) = self.record_dir(&users, &before.user)? else { return Ok(Renaming::Changed) };
        if self.is_taken(&after.user)? {
            return Ok(Renaming::Taken);
        }
        let section = Section::enter();
        let Some((now, open)) = self.locked(&section, &record_dir, Access::ReadWrite)? else {
            return Ok(Renaming::Changed);
        };
        if now != *before {
            return Ok(Renaming::Changed);
        }
        record_dir.matching(&now, open.ledger())?;
        record_dir.sync_names()?;
        record_dir.write_enrolment(&open, &before.to_bytes_or(after))?;
        let (from, to) = (before.user.file_name(), after.user.file_name());
        let path = self.users_path().join(&to);
        if let Err(e) = renameat(&users, from.as_str(), &users, to.as_str()) {
            let _ = record_dir.write_enrolment(&open, &before.to_bytes());
            return match e {
                // Somebody has been enrolled by that name since it was looked at.
                Errno::ENOTEMPTY | Errno::EEXIST => Ok(Renaming::Taken),
                e => Err(StoreError::nix(&path, Doing::Naming)(e)),
            };
        }
        sync_dir(users.as_fd(), &path)?;
        // The name is given: a file that says both says the right one, until it is written next.
        let _ = record_dir.write_enrolment(&open, &after.to_bytes());
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
mod tests {
    //! A record under another name: what is left at each step, and what stands in the way.

    use super::*;
    use crate::store::files::tests::roy;
    use crate::testing::Fixture;
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    fn ann() -> UserName {
        UserName::new(b"ann").unwrap()
    }

    fn before() -> Enrolment {
        Enrolment::new(roy(), 1000, 7)
    }

    fn after() -> Enrolment {
        Enrolment::new(ann(), 1000, 7)
    }

    /// What each name has.
    fn kept(scratch: &Fixture) -> [Option<Enrolment>; 2] {
        [roy(), ann()].map(|user| scratch.store.enrolment(&user).unwrap())
    }

    fn users(scratch: &Fixture) -> std::path::PathBuf {
        scratch.dir.path().join("users")
    }

    #[test]
    fn a_record_has_another_name_and_its_ledger_with_it() {
        let scratch = Fixture::with_record();
        scratch.spend_place(3, 5).unwrap();
        assert_eq!(scratch.store.rename(&before(), &after()).unwrap(), Renaming::Done);
        assert_eq!(kept(&scratch), [None, Some(after())]);
        assert!(scratch.store.record(&ann()).unwrap().unwrap().ledger.is_spent(3, 5));
        assert_eq!(fs::read(users(&scratch).join("ann/enrolment")).unwrap(), after().to_bytes());
    }

    /// As a process leaves it that is killed before the directory has its name, and after.
    #[test]
    fn a_file_with_both_names_is_its_directorys_until_the_next_write() {
        for (name, user, mine) in [("roy", roy(), before()), ("ann", ann(), after())] {
            let scratch = Fixture::with_record();
            fs::write(scratch.file("enrolment"), before().to_bytes_or(&after())).unwrap();
            fs::rename(users(&scratch).join("roy"), users(&scratch).join(name)).unwrap();
            assert_eq!(kept(&scratch).into_iter().flatten().collect::<Vec<_>>(), std::slice::from_ref(&mine));
            assert_eq!(scratch.store.record(&user).unwrap().unwrap().enrolment, mine);
            let write = |now: Option<Enrolment>, _: &crate::record::ledger::Ledger| {
                Amendment::Write(Box::new(now.unwrap()), None)
            };
            scratch.store.amend(&user, &mut { write }).unwrap();
            let bytes = fs::read(users(&scratch).join(name).join("enrolment")).unwrap();
            assert_eq!(bytes, mine.to_bytes(), "one again");
        }
        let scratch = Fixture::with_record();
        fs::write(scratch.file("enrolment"), before().to_bytes_or(&after())).unwrap();
        fs::rename(users(&scratch).join("roy"), users(&scratch).join("eve")).unwrap();
        let eve = UserName::new(b"eve").unwrap();
        assert!(matches!(scratch.store.enrolment(&eve), Err(StoreError::Damaged(..))), "neither is hers");
    }

    #[test]
    fn a_record_that_is_not_the_one_that_was_seen_stays() {
        let scratch = Fixture::with_record();
        let other = Enrolment::new(roy(), 1001, 7);
        assert_eq!(scratch.store.rename(&other, &after()).unwrap(), Renaming::Changed);
        assert_eq!(kept(&scratch), [Some(before()), None]);
        scratch.store.purge(&roy()).unwrap();
        assert_eq!(scratch.store.rename(&before(), &after()).unwrap(), Renaming::Changed);
    }

    #[test]
    fn a_name_that_has_a_record_keeps_it() {
        let scratch = Fixture::with_record();
        let anns = Enrolment::new(ann(), 1001, 9);
        scratch.store.amend(&ann(), &mut |_, _| Amendment::Write(Box::new(anns.clone()), None)).unwrap();
        assert_eq!(scratch.store.rename(&before(), &after()).unwrap(), Renaming::Taken);
        assert_eq!(kept(&scratch), [Some(before()), Some(anns)]);
    }

    #[test]
    fn what_is_left_of_somebody_not_enrolled_is_in_nobodys_way() {
        for leaves in [
            |_: &Fixture| {},
            |scratch: &Fixture| {
                let ledger = users(scratch).join("ann/ledger");
                fs::copy(scratch.file("ledger"), &ledger).unwrap();
                fs::set_permissions(ledger, fs::Permissions::from_mode(0o600)).unwrap();
            },
        ] {
            let scratch = Fixture::with_record();
            fs::create_dir(users(&scratch).join("ann")).unwrap();
            fs::set_permissions(users(&scratch).join("ann"), fs::Permissions::from_mode(0o700)).unwrap();
            leaves(&scratch);
            assert_eq!(scratch.store.rename(&before(), &after()).unwrap(), Renaming::Done);
            assert_eq!(kept(&scratch), [None, Some(after())]);
        }
    }

    #[test]
    fn a_name_that_cannot_be_given_leaves_the_record_as_it_was() {
        let scratch = Fixture::with_record();
        fs::write(users(&scratch).join("ann"), "").unwrap();
        let bytes = fs::read(scratch.file("enrolment")).unwrap();
        assert!(scratch.store.rename(&before(), &after()).is_err());
        assert_eq!(fs::read(scratch.file("enrolment")).unwrap(), bytes);
    }
}
