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
pub use unasked::Guesser;
pub use who::Who;

use crate::account::Accounts;
use crate::audit::{self, Event};
use crate::clock::Clock;
use crate::config::Config;
use crate::grace::Process;
use crate::store::Store;
use crate::syslog::{Line, Severity};
use serde::{Deserialize, Serialize};

/// What PAM says of a login. None of it is more than the application's word.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scene {
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
    /// The process in which someone logs in, for the session it is in; without it there is no unlock grace, and nobody enrols
    /// but where the program is known to obey.
    pub origin: Option<&'a Process<'a>>,
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
}

impl Judge<'_> {
    /// Writes the audit line. The answer is what syslog must hear: the same, and whether the file failed.
    #[must_use]
    pub fn record(
        &self,
        user: Option<&str>,
        scene: &Scene,
        severity: Severity,
        what: Happened<'_>,
    ) -> Vec<Line> {
        let event = Event {
            time: self.clock.now(),
            event: what.event,
            user,
            service: Some(&scene.service),
            rhost: scene.rhost.as_deref(),
            tty: scene.tty.as_deref(),
            actor: self.actor,
            method: what.method,
            result: what.result,
            reason: what.reason,
        };
        let mut lines = vec![Line::new(severity, event.to_syslog())];
        if let Err(e) = event.append(&self.config.log.audit_file.path()) {
            lines.push(Line::new(Severity::Error, format!("the audit file cannot be written: {e}")));
        }
        lines
    }
}
