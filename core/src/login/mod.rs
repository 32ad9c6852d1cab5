//! One login, apart from the conversation: whether a code is asked, what comes of a reply, and what is written down.
//! The module does it where it runs as root; the helper does it for everyone else.

mod asked;
mod check;
mod grace;
mod nobody;
mod place;
mod unasked;
mod who;

pub use asked::{Ask, Asked};
pub use check::{Checked, Outcome, Reply};
pub use place::{NoPlace, obeys_account};
pub use who::{Who, nameless};

use crate::grace::{Process, Refusals};
use crate::policy::account::Accounts;
use crate::policy::config::Config;
use crate::store::Store;
use crate::system::audit::{self, Event};
use crate::system::clock::Clock;
use crate::system::syslog::{Line, Severity};
use serde::{Deserialize, Serialize};

/// What PAM says of a login. None of it is more than the application's word.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PamItems {
    /// `PAM_SERVICE`, empty if unset.
    pub service: String,
    /// `PAM_RHOST`
    pub rhost: Option<String>,
    /// `PAM_TTY`
    pub tty: Option<String>,
}

/// Where logins are judged: configuration, records, accounts, clock.
#[derive(Clone, Copy)]
pub struct Judge<'a> {
    /// The configuration in force.
    pub config: &'a Config,
    /// The records.
    pub store: &'a dyn Store,
    /// The account database.
    pub accounts: &'a dyn Accounts,
    /// The time.
    pub clock: &'a dyn Clock,
    /// For whom it is done who is not root; the audit line says so.
    pub actor: Option<&'a str>,
    /// Whose program asks: one person's misses where no code is asked are few, and their refusals that count for nothing leave few
    /// lines.
    pub asker: Asker,
    /// The process in which someone logs in, for the session it is in; without it there is no unlock grace, and nobody enrols
    /// but where the program is known to obey.
    pub origin: Option<&'a Process<'a>>,
}

/// Whose a program is that asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asker {
    /// Root's alone, which acts for everybody.
    Root,
    /// The person's of this uid, also where it is set-uid: they may start it as often as they like.
    Person(u32),
    /// It cannot be told: it ended meanwhile.
    Untold,
}

/// What happened, for an audit line.
#[derive(Debug, Clone, Copy)]
pub struct Happened<'a> {
    /// What: `login`, `enroll`.
    pub event: &'static str,
    /// How it ended.
    pub result: audit::Outcome,
    /// With what kind of credential.
    pub method: Option<&'a str>,
    /// Why.
    pub reason: Option<&'a str>,
    /// Whether it can be had again and again for nothing: a refusal that counts nowhere, a login that needs no code.
    pub is_idle: bool,
}

impl Judge<'_> {
    /// Writes the audit line. The answer is what syslog must hear: the same, and whether the file failed.
    #[must_use]
    pub fn record(
        &self,
        user: Option<&str>,
        items: &PamItems,
        severity: Severity,
        what: Happened<'_>,
    ) -> Vec<Line> {
        let Some(count) = (if what.is_idle { self.one_more_refusal() } else { Some(1) }) else {
            return Vec::new();
        };
        let event = Event {
            time: self.clock.now(),
            event: what.event,
            user,
            service: Some(&items.service),
            rhost: items.rhost.as_deref(),
            tty: items.tty.as_deref(),
            actor: self.actor,
            method: what.method,
            result: what.result,
            reason: what.reason,
            count: (count > 1).then_some(count),
        };
        event.record(severity, &self.config.log.audit_file.path()).lines
    }

    /// For how many refusals that count for nothing, and logins that need no code, the line of one more stands; `None`: it is only counted. Where it cannot
    /// be, it has its line.
    #[must_use]
    pub fn one_more_refusal(&self) -> Option<u64> {
        let Asker::Person(uid) = self.asker else { return Some(1) };
        let counted = Refusals::of_this_boot(self.config.run.path.path(), uid).and_then(|of| of.one_more());
        counted.unwrap_or(Some(1))
    }
}
