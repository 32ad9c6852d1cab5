//! What every command works with: configuration, records, accounts, clock, audit log.

use crate::audit::AuditLog;
use crate::console::Console;
use crate::failure::Failure;
use crate::options::Options;
use crate::text::{Text, shell_word};
use nix::unistd::{User, geteuid, getuid};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use wardkey_core::audit::AuditFile;
use wardkey_core::credential::Typed;
use wardkey_core::desk::{Desk, Problem};
use wardkey_core::login::nameless;
use wardkey_core::policy::account::{Account, Accounts, SystemAccounts};
use wardkey_core::policy::config::{Config, Layers, in_force};
use wardkey_core::policy::{Circumstances, Duty, duty};
use wardkey_core::record::seal::SealingKey;
use wardkey_core::store::{FileStore, Store, StoreError};
use wardkey_core::system::clock::{Clock, SystemClock, Timestamp};
use wardkey_core::user::{BadUserName, UserName};

/// In place of what may be a code.
const MASK: &str = "***";

/// One command's surroundings.
pub(crate) struct Context {
    /// The configuration in force.
    pub(crate) config: Config,
    /// Where it stands.
    pub(crate) config_path: PathBuf,
    /// The files that say it.
    pub(crate) layers: Layers,
    /// Whether this process may read the records itself.
    pub(crate) is_root: bool,
    /// The records.
    pub(crate) store: FileStore,
    /// The machine's accounts.
    pub(crate) accounts: SystemAccounts,
    /// Where it speaks.
    pub(crate) console: Console,
    /// In which words.
    pub(crate) text: Text,
    /// Where it is written down.
    pub(crate) audit: AuditLog,
    /// Why the configuration did not load, for a command that goes on without.
    pub(crate) unread: Option<Failure>,
}

impl Context {
    /// Reads the configuration.
    pub(crate) fn open(options: &Options, console: &Console) -> Result<Self, Failure> {
        let named = options.config.as_deref();
        let failed = |e| Failure::config_at(&e, named);
        let layers = Layers::read(named).map_err(failed)?;
        let config = layers.config().map_err(failed)?;
        let text = Text::new(config.language, config.support.as_str()).with_config(named);
        Ok(Self::with((config, layers), named, console, text))
    }

    /// The same for a command that is to say what is wrong: where the configuration does not load, by the built-in one.
    pub(crate) fn open_whatever(options: &Options, console: &Console) -> Self {
        let named = options.config.as_deref();
        Self::open(options, console).unwrap_or_else(|failure| {
            let language = Config::load(named).err().map(|e| e.language()).unwrap_or_default();
            let text = Text::new(language, "").with_config(named);
            let nothing = (Config::default(), Layers::none(named));
            Self { unread: Some(failure), ..Self::with(nothing, named, console, text) }
        })
    }

    /// A context by this configuration and the files that say it, which was or was not named.
    pub(crate) fn with(
        (config, layers): (Config, Layers),
        named: Option<&Path>,
        console: &Console,
        text: Text,
    ) -> Self {
        Self {
            is_root: geteuid().is_root(),
            store: config.records(),
            accounts: SystemAccounts,
            audit: AuditLog::new(AuditFile::of(&config), *console, text.clone()),
            config,
            config_path: in_force(named),
            layers,
            console: *console,
            text,
            unread: None,
        }
    }

    /// What only root can do ends here for everyone else.
    pub(crate) fn needs_root(&self) -> Result<(), Failure> {
        if self.is_root {
            return Ok(());
        }
        Err(Failure::refused(&self.text, |t| (t.only_root(), t.become_root())))
    }

    /// The present moment.
    pub(crate) fn now(&self) -> Timestamp {
        SystemClock.now()
    }

    /// Where records are changed.
    pub(crate) fn desk(&self) -> Desk<'_> {
        Desk::of(&self.site())
    }

    /// A name as it was typed; none means oneself.
    pub(crate) fn name(&self, user: Option<&OsStr>) -> Result<UserName, Failure> {
        let bytes = match user {
            Some(user) => user.as_bytes().to_vec(),
            None => {
                own_name().ok_or_else(|| Failure::refused(&self.text, |t| (t.nobody(), t.name_somebody())))?
            }
        };
        let shown = String::from_utf8_lossy(&bytes);
        UserName::new(&bytes).map_err(|bad| match bad {
            BadUserName::Empty => Failure::refused(&self.text, |t| (t.empty_name(), t.name_somebody())),
            _ => self.unknown(&shown.escape_debug().to_string()),
        })
    }

    /// The account of that name, if there is one.
    pub(crate) fn find(&self, name: &UserName) -> Result<Option<Account>, Failure> {
        let failed = |e| Failure::lookup(&self.text, &e).logged_as(nameless(&e));
        self.accounts.find(name).map_err(failed)
    }

    /// The account a command is about, under its canonical name.
    pub(crate) fn account(&self, user: Option<&OsStr>) -> Result<Account, Failure> {
        let name = self.name(user)?;
        let found = self.find(&name)?;
        // Without root nobody learns here who else there is.
        if !self.is_root && found.as_ref().is_none_or(|account| account.uid != getuid().as_raw()) {
            return Err(Failure::refused(&self.text, |t| {
                (t.only_oneself(&name.to_string()), t.leave_out_user())
            }));
        }
        found.ok_or_else(|| self.unknown(&name.to_string()))
    }

    /// How many recovery codes make a set.
    pub(crate) fn recovery_codes(&self) -> usize {
        usize::try_from(self.config.recovery.codes.get()).unwrap_or(usize::MAX)
    }

    /// Nobody has that name. A code typed in the wrong place is not repeated, and no log has what was typed: it may be a
    /// password.
    pub(crate) fn unknown(&self, name: &str) -> Failure {
        if is_code(name.as_bytes()) {
            return Failure::refused(&self.text, |t| (t.unknown_user(MASK), t.code_as_name()));
        }
        let word = shell_word(name);
        let word = if word.starts_with('-') { format!("-- {word}") } else { word };
        let failure = Failure::refused(&self.text, |t| (t.unknown_user(name), t.check_name(&word)));
        failure.logged_as(Text::default().unknown_user(MASK))
    }

    /// Whom a command concerned that was not carried out, for the audit line: somebody who has an account or a record, as
    /// typed, or oneself.
    pub(crate) fn concerned(&self, user: Option<&OsStr>) -> Option<String> {
        let typed = user.map(|user| user.as_bytes().to_vec()).or_else(own_name)?;
        let name = UserName::new(&typed).ok()?;
        let is_known = matches!(self.accounts.find(&name), Ok(Some(_)))
            || self.store.users().is_ok_and(|users| users.contains(&name));
        is_known.then(|| name.to_string())
    }

    /// Whether a login of this account, by no particular service and from no particular place, is asked for a code.
    pub(crate) fn duty(&self, account: &Account) -> Duty {
        let today = self.now().local().date();
        let login = Circumstances { account, service: None, rhost: None, today };
        let text = &self.text;
        duty(&self.config, &self.accounts, &login, |e| {
            self.warn(&text.lookup_failed(&text.lookup_error(&e)));
        })
    }

    /// The sealing key.
    pub(crate) fn sealing_key(&self) -> Result<SealingKey, Failure> {
        self.config.sealing_key().map_err(|e| Failure::key(&self.text, &e))
    }

    /// What the desk could not do for `user`.
    pub(crate) fn problem(&self, user: &UserName) -> impl Fn(Problem) -> Failure {
        let user = user.to_string();
        move |problem| Failure::problem(&self.text, &user, &problem)
    }

    /// The same, of a command that changed nothing before.
    pub(crate) fn problem_at_first(&self, user: &UserName) -> impl Fn(Problem) -> Failure {
        let failure = self.problem(user);
        move |problem| failure(problem).at_first(&self.text)
    }

    /// Where a value of the configuration stands, as its reader names places.
    pub(crate) fn config_place(&self, text: &Text, key: &str, value: &str) -> String {
        self.layers.origins().of_value(key, value).map_or_else(
            || text.at_key(&self.config_path.display().to_string(), key),
            |at| text.at_line(&at.file.display().to_string(), at.line, key),
        )
    }

    /// What is wrong with the store.
    pub(crate) fn broken(&self, error: &StoreError) -> Failure {
        Failure::store(&self.text, error)
    }

    /// The same, which a script finds in its answer.
    pub(crate) fn warn_all(&self, warnings: &[String]) {
        if !self.console.is_json() {
            warnings.iter().for_each(|warning| self.warn(warning));
        }
    }

    /// Something to look at; not an error.
    pub(crate) fn warn(&self, warning: &str) {
        self.console.warn(&self.text.warning(), warning);
    }
}

/// Whether it has the form of a code, which must not be written down.
fn is_code(bytes: &[u8]) -> bool {
    !matches!(Typed::parse(bytes), Typed::Malformed)
}

fn own_name() -> Option<Vec<u8>> {
    User::from_uid(getuid()).ok().flatten().map(|user| user.name.into_bytes())
}
