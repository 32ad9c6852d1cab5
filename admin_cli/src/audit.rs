//! Audit lines of commands: the file, and syslog whatever becomes of the file.

use crate::actor;
use crate::console::Console;
use crate::failure::{Failure, Kind};
use crate::text::Text;
use wardkey_core::audit::{AuditFile, AuditResult, Event};
use wardkey_core::system::clock::{Clock, SystemClock};
use wardkey_core::system::syslog::{self, Severity};

/// One thing that happened.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AuditEntry<'a> {
    /// The command.
    pub(crate) event: &'a str,
    /// Whom it concerned.
    pub(crate) user: Option<&'a str>,
    /// At which PAM service.
    pub(crate) service: Option<&'a str>,
    /// With what kind of credential.
    pub(crate) method: Option<&'a str>,
    /// How it ended.
    pub(crate) result: AuditResult,
    /// Why.
    pub(crate) reason: Option<&'a str>,
    /// At which seat of a clinic.
    pub(crate) seat: Option<&'a str>,
}

/// How somebody was recognised, as audit lines have it.
pub(crate) fn verified_by(how: &str) -> String {
    format!("verified by: {how}")
}

/// Where audit lines go.
pub(crate) struct AuditLog {
    file: AuditFile,
    console: Console,
    text: Text,
}

impl AuditLog {
    /// The site's audit log.
    pub(crate) const fn new(file: AuditFile, console: Console, text: Text) -> Self {
        Self { file, console, text }
    }

    /// A command that was carried out.
    pub(crate) fn done(&self, event: &str, user: &str, reason: Option<&str>) {
        self.write(AuditEntry {
            event,
            user: Some(user),
            service: None,
            method: None,
            result: AuditResult::Done,
            reason,
            seat: None,
        });
    }

    /// A command that concerned nobody.
    pub(crate) fn done_alone(&self, event: &str, reason: &str) {
        self.write(AuditEntry {
            event,
            user: None,
            service: None,
            method: None,
            result: AuditResult::Done,
            reason: Some(reason),
            seat: None,
        });
    }

    /// A command that concerned a seat.
    pub(crate) fn done_at_seat(&self, event: &str, seat: &str, reason: Option<&str>) {
        self.write(AuditEntry {
            event,
            user: None,
            service: None,
            method: None,
            result: AuditResult::Done,
            reason,
            seat: Some(seat),
        });
    }

    /// A command that was not.
    pub(crate) fn failed(&self, event: &str, user: Option<&str>, failure: &Failure) {
        let result = match failure.kind {
            Kind::Refused | Kind::Usage => AuditResult::Refused,
            _ => AuditResult::Failed,
        };
        self.write(AuditEntry {
            event,
            user,
            service: None,
            method: None,
            result,
            reason: Some(&failure.logged),
            seat: None,
        });
    }

    /// Writes one line to both places; neither failing changes what was done.
    pub(crate) fn write(&self, entry: AuditEntry<'_>) {
        let (tty, actor) = (actor::tty(), actor::name());
        let event = Event {
            time: SystemClock.now(),
            event: entry.event,
            user: entry.user,
            service: entry.service,
            rhost: None,
            tty: tty.as_deref(),
            actor: Some(&actor),
            method: entry.method,
            result: entry.result,
            reason: entry.reason,
            seat: entry.seat,
            count: None,
        };
        let is_alert = entry.method == Some("emergency") && entry.result == AuditResult::Accepted;
        let severity = if is_alert { Severity::Alert } else { Severity::Notice };
        let recorded = event.record(severity, &self.file);
        let sent = recorded.lines.iter().map(|line| syslog::send(line.severity, &line.text).is_ok());
        let in_syslog = sent.collect::<Vec<_>>().first() == Some(&true);
        if let Some(why) = recorded.failure {
            let (text, why) = (&self.text, self.text.untrusted(&why));
            let warning = if in_syslog { text.audit_file_failed(&why) } else { text.nothing_logged(&why) };
            self.console.warn(&text.warning(), &warning);
        }
    }
}
