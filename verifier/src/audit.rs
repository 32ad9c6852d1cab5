//! Audit lines of what seats ask: each names the seat.

use crate::log;
use wardkey_core::audit::{AuditFile, AuditResult, Event};
use wardkey_core::login::PamItems;
use wardkey_core::policy::config::Config;
use wardkey_core::system::clock::{Clock, SystemClock};
use wardkey_core::system::syslog::Severity;

/// What happened at a seat.
pub(crate) struct Happened<'a> {
    /// What: `login`, `fleet join`.
    pub(crate) event: &'a str,
    /// Whom it concerned.
    pub(crate) user: Option<&'a str>,
    /// Where they log in.
    pub(crate) items: Option<&'a PamItems>,
    /// With what kind of credential.
    pub(crate) method: Option<&'a str>,
    /// How it ended.
    pub(crate) result: AuditResult,
    /// Why.
    pub(crate) reason: Option<&'a str>,
    /// For how many the line stands.
    pub(crate) count: u64,
}

/// Writes the line, to the file and to syslog.
pub(crate) fn write(config: &Config, seat: &str, severity: Severity, what: &Happened<'_>) {
    let event = Event {
        time: SystemClock.now(),
        event: what.event,
        user: what.user,
        service: what.items.map(|items| items.service.as_str()),
        rhost: what.items.and_then(|items| items.rhost.as_deref()),
        tty: what.items.and_then(|items| items.tty.as_deref()),
        actor: None,
        method: what.method,
        result: what.result,
        reason: what.reason,
        seat: Some(seat),
        count: (what.count > 1).then_some(what.count),
    };
    log::write(&event.record(severity, &AuditFile::of(config)).lines);
}
