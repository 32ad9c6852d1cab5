//! The way to a person's directory, looked at once a login.
//!
//! Before a prompt every directory on the way is opened and judged. Afterwards the last one is opened by its whole path, and
//! must be that same directory, of root's as before: then nothing on the way leads elsewhere. No descriptor is kept meanwhile,
//! since a host may close it.

use crate::user::UserName;
use nix::sys::stat::FileStat;
use std::sync::{Mutex, PoisonError};

/// A directory that can be opened in more than one way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SameDir {
    device: u64,
    number: u64,
}

impl From<&FileStat> for SameDir {
    fn from(stat: &FileStat) -> Self {
        Self { device: stat.st_dev, number: stat.st_ino }
    }
}

/// To whose directory the way was looked at last, and which directory that is.
#[derive(Debug)]
pub(super) struct Walked(Mutex<Option<(UserName, SameDir)>>);

impl Walked {
    pub(super) const fn new() -> Self {
        Self(Mutex::new(None))
    }

    /// The way to this directory of `user` was looked at.
    pub(super) fn note(&self, user: &UserName, dir: SameDir) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((user.clone(), dir));
    }

    /// The directory of `user` to which the way was looked at; it is told once.
    pub(super) fn take(&self, user: &UserName) -> Option<SameDir> {
        let noted = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        noted.filter(|(whose, _)| whose == user).map(|(_, dir)| dir)
    }
}

#[cfg(test)]
mod tests {
    use crate::store::files::tests::roy;
    use crate::store::{Store, StoreError};
    use crate::testing::{Fixture, private_dir};
    use crate::user::UserName;
    use crate::verify::{Judged, Refusal};
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{PermissionsExt, symlink};

    /// What becomes of an attempt after a look, between which this happens.
    fn attempt_after(happens: impl Fn(&Fixture)) -> Result<bool, StoreError> {
        let scratch = Fixture::with_record();
        scratch.store.enrolment(&roy()).unwrap().expect("a record");
        happens(&scratch);
        let judged = scratch.store.attempt(&roy(), &mut |_| Judged::refused(Refusal::Wrong));
        judged.map(|verdict| verdict.is_some())
    }

    fn copy(from: &Fixture, to: &str) {
        let to = from.dir.path().join(to);
        private_dir(&to);
        for name in ["enrolment", "ledger"] {
            fs::copy(from.file(name), to.join(name)).unwrap();
        }
    }

    #[test]
    fn the_directory_that_was_looked_at_is_opened_again() {
        assert!(attempt_after(|_| {}).unwrap());
        let removed = attempt_after(|scratch| scratch.store.purge(&roy()).unwrap());
        assert!(!removed.unwrap(), "it is gone");
    }

    #[test]
    fn another_directory_in_its_place_is_judged_with_the_way_to_it() {
        let sound = attempt_after(|scratch| {
            copy(scratch, "users/other");
            fs::rename(scratch.file(""), scratch.dir.path().join("before")).unwrap();
            fs::rename(scratch.dir.path().join("users/other"), scratch.file("")).unwrap();
        });
        assert!(sound.unwrap(), "root put it there");
        let open_to_all = attempt_after(|scratch| {
            let (users, root) = (scratch.dir.path().join("users"), scratch.dir.path());
            copy(scratch, "copy");
            fs::rename(&users, root.join("before")).unwrap();
            private_dir(&users);
            fs::rename(root.join("copy"), users.join("roy")).unwrap();
            fs::set_permissions(&users, Permissions::from_mode(0o777)).unwrap();
        });
        let refused = open_to_all.unwrap_err().to_string();
        assert!(refused.contains("/users: has mode 0777"), "{refused}");
    }

    #[test]
    fn a_directory_that_is_not_roots_alone_any_more_is_refused() {
        let linked = attempt_after(|scratch| {
            fs::rename(scratch.file(""), scratch.dir.path().join("before")).unwrap();
            symlink("../before", scratch.dir.path().join("users/roy")).unwrap();
        });
        assert!(linked.unwrap_err().to_string().contains("roy: is a symbolic link"));
        let open = attempt_after(|scratch| {
            fs::set_permissions(scratch.file(""), Permissions::from_mode(0o755)).unwrap();
        });
        assert!(open.unwrap_err().to_string().contains("roy: has mode 0755"));
    }

    #[test]
    fn the_way_to_somebody_else_is_looked_at() {
        let scratch = Fixture::with_record();
        scratch.store.enrolment(&roy()).unwrap().expect("a record");
        let ann = UserName::new(b"ann").unwrap();
        assert!(scratch.store.attempt(&ann, &mut |_| panic!("a record")).unwrap().is_none());
    }
}
