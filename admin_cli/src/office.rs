//! What every command works with: configuration, records, accounts, clock, journal.

use crate::arguments::Options;
use crate::console::Console;
use crate::failure::Failure;
use crate::journal::Journal;
use crate::text::Text;
use nix::unistd::{User, geteuid, getuid};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use wardkey_core::account::{Account, Accounts, SystemAccounts};
use wardkey_core::clock::{Clock, SystemClock, Timestamp};
use wardkey_core::config::Config;
use wardkey_core::enrolling::{Desk, Problem};
use wardkey_core::seal::SealingKey;
use wardkey_core::store::{FileStore, StoreError};
use wardkey_core::user::UserName;

/// One command's surroundings.
pub(crate) struct Office {
    /// The configuration in force.
    pub(crate) config: Config,
    /// The records.
    pub(crate) store: FileStore,
    /// The machine's accounts.
    pub(crate) accounts: SystemAccounts,
    /// Where it speaks.
    pub(crate) console: Console,
    /// In which words.
    pub(crate) text: Text,
    /// Where it is written down.
    pub(crate) journal: Journal,
}

impl Office {
    /// Reads the configuration; only root has an office in this version.
    pub(crate) fn open(options: &Options, console: &Console) -> Result<Self, Failure> {
        let config = Config::load(options.config.as_deref()).map_err(|e| Failure::config(&e))?;
        let text = Text::new(config.language, config.support.as_str());
        if !geteuid().is_root() {
            return Err(Failure::refused((text.only_root(), text.become_root())));
        }
        Ok(Self {
            store: FileStore::new(config.store.path.path()),
            accounts: SystemAccounts,
            journal: Journal::new(config.log.audit_file.path(), *console, text.clone()),
            config,
            console: *console,
            text,
        })
    }

    /// The present moment.
    pub(crate) fn now(&self) -> Timestamp {
        SystemClock.now()
    }

    /// Where records are changed.
    pub(crate) fn desk(&self) -> Desk<'_> {
        Desk { store: &self.store, clock: &SystemClock }
    }

    /// A name as it was typed; none means oneself.
    pub(crate) fn name(&self, user: Option<&OsStr>) -> Result<UserName, Failure> {
        let bytes = match user {
            Some(user) => user.as_bytes().to_vec(),
            None => {
                own_name().ok_or_else(|| Failure::refused((self.text.nobody(), self.text.name_somebody())))?
            }
        };
        let shown = String::from_utf8_lossy(&bytes);
        UserName::new(&bytes).map_err(|_| self.unknown(&shown.escape_debug().to_string()))
    }

    /// The account of that name, if there is one.
    pub(crate) fn find(&self, name: &UserName) -> Result<Option<Account>, Failure> {
        self.accounts.find(name).map_err(|e| Failure::lookup(&self.text, &e))
    }

    /// The account a command is about, under its canonical name.
    pub(crate) fn account(&self, user: Option<&OsStr>) -> Result<Account, Failure> {
        let name = self.name(user)?;
        self.find(&name)?.ok_or_else(|| self.unknown(&name.to_string()))
    }

    /// Nobody has that name.
    pub(crate) fn unknown(&self, name: &str) -> Failure {
        Failure::refused((self.text.unknown_user(name), self.text.check_name(name)))
    }

    /// The sealing key.
    pub(crate) fn sealing_key(&self) -> Result<SealingKey, Failure> {
        SealingKey::load(&self.config.seal_key()).map_err(|e| Failure::key(&self.text, &e))
    }

    /// What the desk could not do for `user`.
    pub(crate) fn problem(&self, user: &UserName) -> impl Fn(Problem) -> Failure {
        let user = user.to_string();
        move |problem| Failure::problem(&self.text, &user, &problem)
    }

    /// What is wrong with the store.
    pub(crate) fn broken(&self, error: &StoreError) -> Failure {
        Failure::store(&self.text, error)
    }

    /// Something to look at that is no error.
    pub(crate) fn warn(&self, warning: &str) {
        self.console.warn(&self.text.warning(), warning);
    }
}

fn own_name() -> Option<Vec<u8>> {
    User::from_uid(getuid()).ok().flatten().map(|user| user.name.into_bytes())
}
