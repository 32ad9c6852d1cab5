//! What would refuse logins before a record is even read: files and directories that are not root's alone.

use super::files::FileStore;
use super::names::names;
use super::record_dir::{ENROLMENT, LEDGER};
use super::spare;
use crate::system::owner::Owner;
use crate::system::trusted_file::{self, Access, Demand, Readers, Untrusted};
use crate::user::UserName;
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

impl FileStore {
    /// Everything of the store that is not to be believed by its kind, owner or mode. What is missing is no fault, and
    /// below a directory that is not believed nothing is looked at.
    #[must_use]
    pub fn faults(&self) -> Vec<Untrusted> {
        let mut faults = Faults { owner: self.owner(), found: Vec::new() };
        let root = self.root();
        let Some(dir) = faults.dir(None, root, root) else { return faults.found };
        faults.file(&dir, spare::NAME, &spare::path(root));
        let users = root.join("users");
        let Some(dir) = faults.dir(Some(&dir), Path::new("users"), &users) else { return faults.found };
        for name in names(&dir, Path::new("."), &users).unwrap_or_default() {
            let shown = users.join(&name);
            if UserName::from_file_name(&name).is_err() {
                continue;
            }
            if let Some(person) = faults.dir(Some(&dir), Path::new(&name), &shown) {
                faults.file(&person, LEDGER, &shown.join(LEDGER));
                faults.file(&person, ENROLMENT, &shown.join(ENROLMENT));
            }
        }
        faults.found
    }
}

struct Faults {
    owner: Owner,
    found: Vec<Untrusted>,
}

impl Faults {
    fn dir(&mut self, at: Option<&OwnedFd>, name: &Path, shown: &Path) -> Option<OwnedFd> {
        let seen = (self.owner, Readers::RootOnly);
        self.note(trusted_file::open_dir_of(at.map(AsFd::as_fd), name, shown, seen))
    }

    fn file(&mut self, at: &OwnedFd, name: &str, shown: &Path) {
        let demand = Demand {
            access: Access::Read,
            readers: Readers::RootOnly,
            owner: self.owner,
            max_len: u64::MAX,
            may_be_linked: false,
        };
        self.note(trusted_file::open(Some(at.as_fd()), Path::new(name), shown, demand));
    }

    fn note<T>(&mut self, opened: Result<T, Untrusted>) -> Option<T> {
        match opened {
            Ok(opened) => Some(opened),
            Err(fault) => {
                if !fault.is_missing() {
                    self.found.push(fault);
                }
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Fixture;
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{PermissionsExt, chown, symlink};

    fn shown(scratch: &Fixture) -> Vec<String> {
        let all = scratch.store.faults();
        all.iter().map(|fault| fault.to_string().replace(scratch.dir.path().to_str().unwrap(), "")).collect()
    }

    #[test]
    fn each_thing_that_is_not_roots_alone_is_named() {
        let scratch = Fixture::with_record();
        assert_eq!(shown(&scratch), [""; 0], "what is missing is no fault");
        scratch.store.make_spare().unwrap();
        for (name, mode) in [("ledger", 0o644), ("enrolment", 0o640), ("../../spare", 0o604)] {
            fs::set_permissions(scratch.file(name), Permissions::from_mode(mode)).unwrap();
        }
        chown(scratch.file("ledger"), Some(7), None).unwrap();
        assert_eq!(
            shown(&scratch),
            [
                "/spare: has mode 0604, which lets others in",
                "/users/roy/ledger: belongs to uid 7, not to root",
                "/users/roy/enrolment: has mode 0640, which lets others in",
            ]
        );
    }

    #[test]
    fn a_directory_that_is_a_link_is_called_one_and_not_entered() {
        let scratch = Fixture::with_record();
        let users = scratch.dir.path().join("users");
        fs::rename(&users, scratch.dir.path().join("other")).unwrap();
        symlink("other", &users).unwrap();
        assert_eq!(shown(&scratch), ["/users: is a symbolic link"]);
    }
}
