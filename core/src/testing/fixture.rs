//! A person in a store of files, with all that an enrolment and a login need.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::{RULES, START, Watch, account, private_dir, private_file, wanted};
use crate::credential::{SingleUseCode, Typed};
use crate::desk::{Begun, Confirmed, Desk, Problem, Terms, Wanted};
use crate::policy::account::Account;
use crate::record::Record;
use crate::record::enrolment::Authenticator;
use crate::record::seal::SealingKey;
use crate::store::{FileStore, Store};
use crate::system::clock::{Clock, Timestamp};
use crate::verify::{Rules, Verdict};

/// Where a fixture keeps its files.
#[derive(Debug)]
pub enum Directory {
    /// A directory that ends with the fixture.
    Scratch(TempDir),
    /// One that the test has made.
    Given(PathBuf),
}

impl Directory {
    /// Its path.
    #[must_use]
    pub fn path(&self) -> &Path {
        match self {
            Self::Scratch(dir) => dir.path(),
            Self::Given(path) => path,
        }
    }
}

/// Store, key, clock, and one account.
pub struct Fixture {
    /// The state directory.
    pub dir: Directory,
    /// The records in it.
    pub store: FileStore,
    /// What seals authenticators.
    pub key: SealingKey,
    /// Who enrols: roy, unless the test says otherwise.
    pub roy: Account,
    /// The time.
    pub watch: Watch,
}

impl Fixture {
    /// Roy, of whom nothing is kept, in a scratch directory.
    #[must_use]
    pub fn new() -> Self {
        Self::of(Directory::Scratch(tempfile::tempdir().unwrap()), account("roy", 1000), START)
    }

    /// Somebody at this second, in a directory that the test has.
    #[must_use]
    pub fn at(state: &Path, person: Account, now: u64) -> Self {
        Self::of(Directory::Given(state.to_path_buf()), person, now)
    }

    fn of(dir: Directory, roy: Account, now: u64) -> Self {
        for path in [dir.path().to_path_buf(), dir.path().join("users")] {
            private_dir(&path);
        }
        let store = FileStore::new(dir.path().to_path_buf());
        Self { dir, store, key: SealingKey::generate().unwrap(), roy, watch: Watch::at(now) }
    }

    /// The desk, by the fixture's clock.
    #[must_use]
    pub fn desk(&self) -> Desk<'_> {
        Desk { store: &self.store, clock: &self.watch }
    }

    /// The file of its key.
    #[must_use]
    pub fn key_file(&self) -> PathBuf {
        let path = self.dir.path().join("seal.key");
        self.write_key(&path);
        path
    }

    /// Writes its key to where a configuration says.
    pub fn write_key(&self, path: &Path) {
        private_file(path, self.key.to_file().as_bytes());
    }

    /// A file of roy's record.
    #[must_use]
    pub fn file(&self, name: &str) -> PathBuf {
        self.dir.path().join("users").join(self.roy.name.file_name()).join(name)
    }

    /// Lets time pass.
    pub fn later(&self, seconds: u64) {
        self.watch.later(seconds);
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.watch.now()
    }

    /// Roy's record.
    #[must_use]
    pub fn record(&self) -> Record {
        self.store.record(&self.roy.name).unwrap().expect("a record")
    }

    /// The code of the pending or the only authenticator, `steps` from now.
    #[must_use]
    pub fn code(&self, steps: i64) -> Typed {
        let enrolment = self.record().enrolment;
        let pending = enrolment.pending.as_ref().map(|p| &p.authenticator);
        self.code_of(pending.or(enrolment.authenticators.first()).expect("an authenticator"), steps)
    }

    /// The code of the first confirmed authenticator, `steps` from now.
    #[must_use]
    pub fn old_code(&self, steps: i64) -> Typed {
        self.code_of(self.record().enrolment.authenticators.first().expect("an authenticator"), steps)
    }

    fn code_of(&self, authenticator: &Authenticator, steps: i64) -> Typed {
        let key = self.key.open(authenticator.home(&self.roy.name), &authenticator.sealed).unwrap();
        let step = authenticator.parameters.step(self.now()).checked_add_signed(steps).unwrap();
        Typed::parse(authenticator.parameters.code(&key, step).as_bytes())
    }

    /// Begins roy's enrolment.
    ///
    /// # Errors
    /// As the desk's.
    pub fn begin(&self) -> Result<Begun, Problem> {
        self.desk().begin(&self.roy, &self.key, &wanted(None))
    }

    /// Confirms it.
    ///
    /// # Errors
    /// As the desk's.
    pub fn confirm(&self, typed: &Typed) -> Result<Confirmed, Problem> {
        self.desk().confirm(&self.roy, self.terms(&RULES, 5), typed, &mut |_| Ok(()))
    }

    /// A new set of roy's recovery codes.
    ///
    /// # Errors
    /// As the desk's.
    pub fn recovery_codes(&self) -> Result<Vec<SingleUseCode>, Problem> {
        self.desk().recovery_codes(&self.roy, 5, &mut |_| Ok(()))
    }

    /// Enrols roy, whose recovery codes these are.
    pub fn enrolled(&self) -> Vec<SingleUseCode> {
        self.enrolled_with(&wanted(None), &RULES, 5)
    }

    /// Enrols roy with this authenticator, by these rules, and with so many recovery codes.
    pub fn enrolled_with(&self, wanted: &Wanted, rules: &Rules, recovery_codes: usize) -> Vec<SingleUseCode> {
        self.desk().begin(&self.roy, &self.key, wanted).unwrap();
        let terms = self.terms(rules, recovery_codes);
        self.desk().confirm(&self.roy, terms, &self.code(0), &mut |_| Ok(())).unwrap().recovery_codes
    }

    /// On what terms something is confirmed.
    #[must_use]
    pub fn terms<'a>(&'a self, rules: &'a Rules, recovery_codes: usize) -> Terms<'a> {
        Terms { rules, sealing: &self.key, recovery_codes }
    }

    /// Spends a code of roy's at the desk.
    pub fn spend(&self, typed: &Typed) -> Verdict {
        self.desk().spend(&self.roy, &RULES, Some(&self.key), typed).unwrap()
    }
}

impl Default for Fixture {
    fn default() -> Self {
        Self::new()
    }
}
