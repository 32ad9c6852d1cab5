//! A desk over a scratch store of files, for the tests beside it.

use super::{Confirmed, Desk, Problem, Terms, Wanted};
use crate::credential::mailed::MailMode;
use crate::credential::throttle::Limits;
use crate::credential::totp::Parameters;
use crate::credential::{SingleUseCode, Typed};
use crate::policy::account::Account;
use crate::record::Record;
use crate::record::enrolment::Authenticator;
use crate::record::seal::SealingKey;
use crate::store::{FileStore, Store};
use crate::system::clock::{Clock, Timestamp};
use crate::user::UserName;
use crate::verify::{Rules, Verdict};
use std::cell::Cell;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;
use tempfile::TempDir;

/// When the tests begin; a step begins there too.
pub(crate) const START: u64 = 1_800_000_000;

pub(crate) const RULES: Rules = Rules {
    window: 1,
    drift_limit: 4,
    limits: Limits {
        free_tries: 5,
        first_wait: Duration::from_secs(30),
        longest_wait: Duration::from_secs(3600),
        disable_after: 50,
    },
    mail: MailMode::Off,
};

/// A clock that a test moves.
pub(crate) struct Watch(Cell<u64>);

impl Clock for Watch {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.get())
    }
}

/// Store, key, clock, and one account.
pub(crate) struct Ward {
    pub(crate) dir: TempDir,
    pub(crate) store: FileStore,
    pub(crate) key: SealingKey,
    pub(crate) roy: Account,
    pub(crate) watch: Watch,
}

impl Ward {
    pub(crate) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let private = std::fs::Permissions::from_mode(0o700);
        std::fs::create_dir(dir.path().join("users")).unwrap();
        for path in [dir.path().to_path_buf(), dir.path().join("users")] {
            std::fs::set_permissions(path, private.clone()).unwrap();
        }
        let store = FileStore::new(dir.path().to_path_buf());
        let roy = Account { name: UserName::new(b"roy").unwrap(), uid: 1000, gid: 1000 };
        Self { dir, store, key: SealingKey::generate().unwrap(), roy, watch: Watch(Cell::new(START)) }
    }

    pub(crate) fn desk(&self) -> Desk<'_> {
        Desk { store: &self.store, clock: &self.watch }
    }

    /// The file of its key.
    pub(crate) fn key_file(&self) -> std::path::PathBuf {
        let path = self.dir.path().join("seal.key");
        std::fs::write(&path, self.key.to_file().as_bytes()).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        path
    }

    /// Lets time pass.
    pub(crate) fn later(&self, seconds: u64) {
        self.watch.0.set(self.watch.0.get() + seconds);
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.watch.now()
    }

    pub(crate) fn record(&self) -> Record {
        self.store.record(&self.roy.name).unwrap().expect("a record")
    }

    /// The code of the pending or the only authenticator, `steps` from now.
    pub(crate) fn code(&self, steps: i64) -> Typed {
        let enrolment = self.record().enrolment;
        let pending = enrolment.pending.as_ref().map(|p| &p.authenticator);
        self.code_of(pending.or(enrolment.authenticators.first()).expect("an authenticator"), steps)
    }

    /// The code of the first confirmed authenticator, `steps` from now.
    pub(crate) fn old_code(&self, steps: i64) -> Typed {
        self.code_of(self.record().enrolment.authenticators.first().expect("an authenticator"), steps)
    }

    fn code_of(&self, authenticator: &Authenticator, steps: i64) -> Typed {
        let key = self.key.open(authenticator.home(&self.roy.name), &authenticator.sealed).unwrap();
        let step = authenticator.parameters.step(self.now()).checked_add_signed(steps).unwrap();
        Typed::parse(authenticator.parameters.code(&key, step).as_bytes())
    }

    pub(crate) fn begin(&self) -> Result<super::Begun, Problem> {
        self.desk().begin(&self.roy, &self.key, &wanted(None))
    }

    pub(crate) fn confirm(&self, typed: &Typed) -> Result<Confirmed, Problem> {
        let terms = Terms { rules: &RULES, sealing: &self.key, recovery_codes: 5 };
        self.desk().confirm(&self.roy, terms, typed, &mut |_| Ok(()))
    }

    pub(crate) fn recovery_codes(&self) -> Result<Vec<SingleUseCode>, Problem> {
        self.desk().recovery_codes(&self.roy, 5, &mut |_| Ok(()))
    }

    /// Enrols roy, whose recovery codes these are.
    pub(crate) fn enrolled(&self) -> Vec<SingleUseCode> {
        self.begin().unwrap();
        self.confirm(&self.code(0)).unwrap().recovery_codes
    }

    pub(crate) fn spend(&self, typed: &Typed) -> Verdict {
        self.desk().spend(&self.roy, &RULES, Some(&self.key), typed).unwrap()
    }
}

/// An authenticator of the usual kind.
pub(crate) fn wanted(key: Option<crate::credential::secret::Secret>) -> Wanted {
    Wanted { label: "app".into(), parameters: Parameters::default(), key }
}

/// A shown code as it would be typed.
pub(crate) fn typed(code: &SingleUseCode) -> Typed {
    Typed::parse(code.to_text().as_bytes())
}

/// Whether a verdict is a yes.
pub(crate) fn is_accepted(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Accepted(_))
}
