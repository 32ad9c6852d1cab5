//! A site for tests: a scratch store, a few accounts, and a clock that stands.

use crate::answer::AuthAnswer;
use crate::answer::PasswordAnswer;
use crate::doors::auth::authenticate;
use crate::doors::password::{Call, password};
use crate::testing::scripted::Scripted;
use crate::transaction::Machine;
use nix::errno::Errno;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use wardkey_core::credential::Typed;
use wardkey_core::credential::secret::Secret;
use wardkey_core::credential::totp::Parameters;
use wardkey_core::desk::{Desk, Terms, Wanted};
use wardkey_core::policy::account::{Account, Accounts, LookupError};
use wardkey_core::policy::config::Config;
use wardkey_core::record::Record;
use wardkey_core::record::seal::SealingKey;
use wardkey_core::store::{FileStore, Store};
use wardkey_core::system::clock::Timestamp;
use wardkey_core::user::UserName;

pub(crate) const NOW: u64 = 1_700_000_000;
const KEY: &[u8] = b"12345678901234567890";

pub(crate) struct Fixture {
    dir: tempfile::TempDir,
    pub(crate) now: u64,
}

impl Accounts for Fixture {
    fn find(&self, name: &UserName) -> Result<Option<Account>, LookupError> {
        match name.as_bytes() {
            b"down" => Err(LookupError::Account("down".to_owned(), Errno::ETIMEDOUT)),
            // Two spellings of one person, as directories have them.
            b"roy" | b"Roy" => Ok(Some(account("roy", 1000))),
            b"ann" => Ok(Some(account("ann", 1001))),
            _ => Ok(None),
        }
    }

    fn is_member(&self, account: &Account, group: &str) -> Result<bool, LookupError> {
        match group {
            "broken" => Err(LookupError::Group(group.to_owned(), Errno::ETIMEDOUT)),
            group => Ok(group == "staff" && account.uid == 1000),
        }
    }
}

pub(crate) fn account(name: &str, uid: u32) -> Account {
    Account { name: UserName::new(name.as_bytes()).unwrap(), uid, gid: uid }
}

impl Fixture {
    /// A site with this in its configuration, and its paths in a scratch directory.
    pub(crate) fn new(config: &str) -> Self {
        let site = Self { dir: tempfile::tempdir().unwrap(), now: NOW };
        let state = site.path("state");
        for path in [state.clone(), state.join("users")] {
            fs::create_dir(&path).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
        }
        let paths = format!(
            "[store]\npath = {:?}\n[seal]\nkey = {:?}\n[log]\naudit_file = {:?}\n[helper]\nsocket = {:?}\n",
            state,
            site.path("seal.key"),
            site.path("audit.jsonl"),
            site.path("helper.sock")
        );
        fs::write(site.path("w.toml"), format!("{config}\n{paths}")).unwrap();
        fs::write(site.path("seal.key"), SealingKey::generate().unwrap().to_file().as_bytes()).unwrap();
        fs::set_permissions(site.path("seal.key"), fs::Permissions::from_mode(0o600)).unwrap();
        site
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn store(&self) -> FileStore {
        FileStore::new(self.path("state"))
    }

    /// Roy with an authenticator and five recovery codes, which are returned.
    pub(crate) fn enrol_roy(&self) -> Vec<String> {
        let roy = account("roy", 1000);
        let (store, clock) = (self.store(), Timestamp(NOW - 3600));
        let desk = Desk { store: &store, clock: &clock };
        let sealing = SealingKey::load(&self.path("seal.key")).unwrap();
        let wanted = Wanted {
            label: "phone".into(),
            parameters: Parameters::default(),
            key: Some(Secret::new(KEY.to_vec())),
        };
        desk.begin(&roy, &sealing, &wanted).unwrap();
        let rules = Config::default().rules();
        let terms = Terms { rules: &rules, sealing: &sealing, recovery_codes: 5 };
        let typed = Typed::parse(code(NOW - 3600).as_bytes());
        let confirmed = desk.confirm(&roy, terms, &typed, &mut |_| Ok(())).unwrap();
        confirmed.recovery_codes.iter().map(|c| c.to_text().to_string()).collect()
    }

    pub(crate) fn pass_for(&self, name: &str, uid: u32) -> String {
        let (store, clock) = (self.store(), Timestamp(self.now));
        let desk = Desk { store: &store, clock: &clock };
        desk.pass(&account(name, uid), std::time::Duration::from_secs(3600))
            .unwrap()
            .code
            .to_text()
            .to_string()
    }

    pub(crate) fn reset_roy(&self) {
        let (store, clock) = (self.store(), Timestamp(self.now));
        Desk { store: &store, clock: &clock }.reset(&account("roy", 1000)).unwrap();
    }

    pub(crate) fn record(&self) -> Record {
        self.record_of("roy")
    }

    pub(crate) fn record_of(&self, name: &str) -> Record {
        self.store().record(&account(name, 0).name).unwrap().unwrap()
    }

    /// Whether nothing at all is kept of anyone.
    pub(crate) fn is_empty(&self) -> bool {
        self.store().users().unwrap().is_empty()
    }

    /// The `password` door with this in mind, after `auth` in the same transaction.
    pub(crate) fn password(&self, pam: &mut Scripted, call: Call) -> PasswordAnswer {
        let config = format!("config={}", self.path("w.toml").display());
        let clock = Timestamp(self.now);
        password(pam, &Machine { accounts: self, clock: &clock }, &[config.as_str()], call)
    }

    pub(crate) fn audit(&self) -> String {
        fs::read_to_string(self.path("audit.jsonl")).unwrap_or_default()
    }

    pub(crate) fn auth_with(&self, pam: &mut Scripted, words: &[&str], silent: bool) -> AuthAnswer {
        let config = format!("config={}", self.path("w.toml").display());
        let mut all = vec![config.as_str()];
        all.extend(words);
        let clock = Timestamp(self.now);
        authenticate(pam, &Machine { accounts: self, clock: &clock }, &all, silent)
    }

    pub(crate) fn auth(&self, pam: &mut Scripted) -> AuthAnswer {
        self.auth_with(pam, &[], false)
    }
}

/// Roy's code of a moment.
pub(crate) fn code(now: u64) -> String {
    let p = Parameters::default();
    p.code(&Secret::new(KEY.to_vec()), p.step(Timestamp(now))).to_string()
}
