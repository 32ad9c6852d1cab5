//! A site for tests: one enrolled person of core's, a configuration, a few accounts, and a clock that stands.

use crate::answer::AuthAnswer;
use crate::answer::PasswordAnswer;
use crate::doors::auth::authenticate;
use crate::doors::password::{Call, password};
use crate::testing::scripted::Scripted;
use crate::transaction::Machine;
use nix::errno::Errno;
use std::fs;
use std::path::PathBuf;
use wardkey_core::credential::totp::Parameters;
use wardkey_core::desk::Desk;
use wardkey_core::policy::account::{Account, Accounts, LookupError};
use wardkey_core::record::Record;
use wardkey_core::store::Store;
use wardkey_core::system::clock::Timestamp;
pub(crate) use wardkey_core::testing::account;
use wardkey_core::testing::{self, RULES, known_key, phone, texts};
use wardkey_core::user::UserName;

pub(crate) const NOW: u64 = 1_700_000_000;

pub(crate) struct Fixture {
    dir: tempfile::TempDir,
    enrolled: testing::Fixture,
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

impl Fixture {
    /// A site with this in its configuration, and its paths in a scratch directory.
    pub(crate) fn new(config: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let enrolled = testing::Fixture::at(&dir.path().join("state"), account("roy", 1000), NOW - 3600);
        enrolled.write_key(&dir.path().join("seal.key"));
        let site = Self { dir, enrolled, now: NOW };
        let paths = format!(
            "[store]\npath = {:?}\n[seal]\nkey = {:?}\n[log]\naudit_file = {:?}\n[helper]\nsocket = {:?}\n\
             [run]\npath = {:?}\n",
            site.path("state"),
            site.path("seal.key"),
            site.path("audit.jsonl"),
            site.path("helper.sock"),
            site.path("run/grace")
        );
        fs::write(site.path("w.toml"), format!("{config}\n{paths}")).unwrap();
        site
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Roy with an authenticator and five recovery codes, which are returned.
    pub(crate) fn enrol_roy(&self) -> Vec<String> {
        texts(&self.enrolled.enrolled_with(&phone(), &RULES, 5))
    }

    pub(crate) fn pass_for(&self, name: &str, uid: u32) -> String {
        let hour = std::time::Duration::from_secs(3600);
        let desk = Desk { clock: &Timestamp(self.now), ..self.enrolled.desk() };
        desk.pass(&account(name, uid), hour).unwrap().code.to_text().to_string()
    }

    pub(crate) fn reset_roy(&self) {
        Desk { clock: &Timestamp(self.now), ..self.enrolled.desk() }.reset(&self.enrolled.roy).unwrap();
    }

    pub(crate) fn unlock_roy(&self) {
        self.enrolled.desk().unlock(&self.enrolled.roy.name).unwrap();
    }

    pub(crate) fn record(&self) -> Record {
        self.record_of("roy")
    }

    pub(crate) fn record_of(&self, name: &str) -> Record {
        self.enrolled.store.record(&account(name, 0).name).unwrap().unwrap()
    }

    /// Whether nothing at all is kept of anyone.
    pub(crate) fn is_empty(&self) -> bool {
        self.enrolled.store.users().unwrap().is_empty()
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
    p.code(&known_key(), p.step(Timestamp(now))).to_string()
}
