//! What is written down of a login: the audit line, and what syslog must hear.

use super::answer::{Checked, Outcome};
use super::authority::Seen;
use super::judge::{Asker, Judge};
use super::proven::{SWITCHING_STATE, note_proven, proves};
use super::request::PamItems;
use super::who::Who;
use crate::audit::{self, AuditFile, Event};
use crate::credential::single_use::Kind;
use crate::grace::{MISSES, Refusals};
use crate::system::syslog::{Line, Severity};
use crate::system::trusted_file::Untrusted;
use crate::verify::{Acceptance, Method, Refusal};
use std::path::Path;

/// What happened, for an audit line.
#[derive(Debug, Clone, Copy)]
pub struct Happened<'a> {
    /// What: `login`, `enroll`.
    pub event: &'static str,
    /// How it ended.
    pub result: audit::AuditResult,
    /// With what kind of credential.
    pub method: Option<&'a str>,
    /// Why.
    pub reason: Option<&'a str>,
    /// Whether it can be had again and again for nothing: a refusal that counts nowhere, a login that needs no code.
    pub is_idle: bool,
}

impl<A> Judge<'_, A> {
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
        let caller = self.caller().filter(|caller| Some(caller.as_str()) != user);
        let event = Event {
            time: self.site.clock.now(),
            event: what.event,
            user,
            service: Some(&items.service),
            rhost: items.rhost.as_deref(),
            tty: items.tty.as_deref(),
            actor: self.actor.or(caller.as_deref()),
            method: what.method,
            result: what.result,
            reason: what.reason,
            seat: None,
            count: (count > 1).then_some(count),
        };
        event.record(severity, &AuditFile::of(self.site.config)).lines
    }

    /// Who started a program that is root, as su is: they log in as somebody else.
    fn caller(&self) -> Option<String> {
        match self.asker {
            Asker::Person(uid) if self.actor.is_none() => Some(self.site.accounts.name_of(uid)),
            Asker::Person(_) | Asker::Root | Asker::Untold => None,
        }
    }

    /// For how many refusals that count for nothing, and logins that need no code, the line of one more stands;
    /// `None`: it is only counted. Where it cannot be, it has its line.
    #[must_use]
    pub fn one_more_refusal(&self) -> Option<u64> {
        let Asker::Person(uid) = self.asker else { return Some(1) };
        let counted =
            Refusals::of_this_boot(self.site.config.run.path.path(), uid).and_then(|of| of.one_more());
        counted.unwrap_or(Some(1))
    }

    /// Writes down what a reply came to.
    pub(super) fn written_down(
        &self,
        who: &Who,
        items: &PamItems,
        (outcome, seen): (Outcome, Seen),
        lines: &mut Vec<Line>,
    ) -> Checked {
        lines.extend(seen.warnings.into_iter().map(|text| Line::new(Severity::Warning, text)));
        let Telling { severity, result, method, reason, is_idle } = told(&outcome, who, self.actor.is_some());
        let is_accepted = matches!(outcome, Outcome::Accepted(Acceptance { must_enroll: false, .. }));
        if self.actor.is_none() && is_accepted && proves(self.asker, &items.service) {
            let noted = note_proven(Path::new(SWITCHING_STATE), &items.service);
            let warning = |e: Untrusted| {
                Line::new(Severity::Warning, format!("the service is not noted as proven: {e}"))
            };
            lines.extend(noted.err().map(warning));
        }
        let what = Happened { event: "login", result, method, reason: reason.as_deref(), is_idle };
        lines.extend(self.record(who.shown().as_deref(), items, severity, what));
        Checked { outcome, generation: seen.generation }
    }

    /// A line for each time that the tries are used up, and none for each miss: most are passwords that look like codes.
    pub(super) fn used_up(&self, who: &Who, items: &PamItems, lines: &mut Vec<Line>) {
        let reason = format!("{MISSES} wrong codes in an hour where none was asked: no more are compared");
        let result = audit::AuditResult::Refused;
        let what = Happened { event: "login", result, method: None, reason: Some(&reason), is_idle: false };
        lines.extend(self.record(who.shown().as_deref(), items, Severity::Warning, what));
    }
}

/// How an outcome is told in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Telling<'a> {
    /// How urgent it is.
    pub severity: Severity,
    /// How it ended.
    pub result: audit::AuditResult,
    /// With what kind of credential.
    pub method: Option<&'a str>,
    /// Why.
    pub reason: Option<String>,
    /// Whether it can be had again for nothing.
    pub is_idle: bool,
}

/// How an outcome is told in the log; `is_for_another`: who asks is not whom it concerns.
#[must_use]
pub fn told<'a>(outcome: &'a Outcome, who: &Who, is_for_another: bool) -> Telling<'a> {
    let (severity, result, method) = match outcome {
        Outcome::Accepted(a) => (loudness(a), audit::AuditResult::Accepted, Some(a.method.name())),
        Outcome::Refused(_) | Outcome::EnrollElsewhere(_) => {
            (Severity::Notice, audit::AuditResult::Refused, None)
        }
        Outcome::Unavailable(_) => (Severity::Critical, audit::AuditResult::Failed, None),
    };
    Telling {
        severity,
        result,
        method,
        reason: reason(outcome, who),
        is_idle: is_idle(outcome, is_for_another),
    }
}

/// Whether this refusal can be had again for nothing.
const fn is_idle(outcome: &Outcome, is_for_another: bool) -> bool {
    match outcome {
        Outcome::Refused(
            Refusal::Malformed
            | Refusal::AlreadyUsed
            | Refusal::Waiting { .. }
            | Refusal::Disabled
            | Refusal::OneCodeOnly
            | Refusal::MustEnroll,
        )
        | Outcome::EnrollElsewhere(_) => true,
        // What is done for somebody else must not tell these from a wrong code, not by its time either.
        Outcome::Refused(Refusal::NotEnrolled | Refusal::OtherUid | Refusal::Expired) => is_for_another,
        Outcome::Refused(Refusal::Wrong | Refusal::LastWrong(_) | Refusal::WrongTime { .. })
        | Outcome::Accepted(_)
        | Outcome::Unavailable(_) => false,
    }
}

fn loudness(acceptance: &Acceptance) -> Severity {
    match acceptance.method {
        Method::SingleUse(Kind::Emergency) => Severity::Alert,
        _ => Severity::Info,
    }
}

/// Why it was not accepted, in the log's words.
fn reason(outcome: &Outcome, who: &Who) -> Option<String> {
    match outcome {
        Outcome::Accepted(_) => None,
        Outcome::Refused(Refusal::WrongTime { seconds, .. }) => {
            Some(format!("code of another time, {seconds} s from this clock"))
        }
        Outcome::Refused(_) if matches!(who, Who::Unknown(_)) => Some("unknown user".to_owned()),
        Outcome::Refused(refusal) => Some(refusal.name().to_owned()),
        Outcome::Unavailable(why) => Some(why.clone()),
        Outcome::EnrollElsewhere(why) => Some(why.name().to_owned()),
    }
}
