//! What is said about an outcome: to PAM, to the person, to syslog and to the audit file.

use crate::auth::Answer;
use crate::check::{Checked, Outcome};
use crate::host::{Host, Note, Priority, Tone};
use crate::text::Texts;
use wardkey_core::audit::{self, Event};
use wardkey_core::clock::Clock;
use wardkey_core::config::Config;
use wardkey_core::single_use::Kind;
use wardkey_core::verify::{Acceptance, Method, Refusal};

/// Seconds libpam waits, give or take half, before it reports a refusal.
const FAIL_DELAY_MICROSECONDS: u32 = 2_000_000;

/// Says what came of one login.
pub(crate) struct Reporter<'a> {
    event: &'static str,
    user: Option<String>,
    service: String,
    rhost: Option<String>,
    tty: Option<String>,
    config: &'a Config,
    texts: &'a Texts,
    clock: &'a dyn Clock,
    silent: bool,
}

impl<'a> Reporter<'a> {
    pub(crate) fn new(
        host: &dyn Host,
        user: Option<String>,
        config: &'a Config,
        texts: &'a Texts,
        clock: &'a dyn Clock,
        silent: bool,
    ) -> Self {
        let (service, rhost, tty) = (host.service(), host.rhost(), host.tty());
        Self { event: "login", user, service, rhost, tty, config, texts, clock, silent }
    }

    /// The same for something else than a login.
    pub(crate) const fn of(mut self, event: &'static str) -> Self {
        self.event = event;
        self
    }

    /// Reports an outcome and turns it into what PAM hears. `reason` replaces a refusal's own in the log.
    pub(crate) fn finish(&self, host: &mut dyn Host, checked: &Checked, reason: Option<&str>) -> Answer {
        for warning in &checked.warnings {
            host.log(Priority::Warning, warning);
        }
        match &checked.outcome {
            Outcome::Accepted(acceptance) => self.accepted(host, acceptance),
            Outcome::Refused(refusal) => self.refused(host, refusal, reason),
            Outcome::Unavailable(why) => self.unavailable(host, why),
        }
    }

    fn accepted(&self, host: &mut dyn Host, acceptance: &Acceptance) -> Answer {
        let priority = match acceptance.method {
            Method::SingleUse(Kind::Emergency) => Priority::Alert,
            _ => Priority::Info,
        };
        let method = Some(acceptance.method.name());
        self.record(host, priority, audit::Outcome::Accepted, method, None);
        if let Method::SingleUse(kind) = acceptance.method
            && !acceptance.must_enroll
        {
            self.tell(host, Tone::Info, &self.texts.spent(kind, acceptance.recovery_left));
        }
        Answer::Success
    }

    fn refused(&self, host: &mut dyn Host, refusal: &Refusal, reason: Option<&str>) -> Answer {
        let reason = match refusal {
            Refusal::WrongTime { seconds, .. } => {
                format!("code of another time, {seconds} s from this clock")
            }
            other => reason.unwrap_or(other.name()).to_owned(),
        };
        self.record(host, Priority::Notice, audit::Outcome::Refused, None, Some(&reason));
        let text = self.refusal_text(refusal);
        self.tell(host, Tone::Error, &text);
        // The next prompt of this transaction says it too: sudo and the lockers show nothing else.
        host.set_note(Note { user: self.user.clone(), text });
        host.delay_failure(FAIL_DELAY_MICROSECONDS);
        Answer::to_refusal(refusal)
    }

    fn refusal_text(&self, refusal: &Refusal) -> String {
        match refusal {
            // What tells a stranger that a code was a real one stays off the network.
            Refusal::AlreadyUsed if !self.is_remote() => self.texts.already_used(),
            Refusal::WrongTime { seconds, sure: true } if !self.is_remote() => self.texts.clock_off(*seconds),
            Refusal::Waiting(until) => self.texts.waiting(until.since(self.clock.now())),
            Refusal::Disabled => self.texts.disabled(),
            Refusal::MustEnroll => self.texts.must_enroll(),
            Refusal::AlreadyUsed
            | Refusal::WrongTime { .. }
            | Refusal::Malformed
            | Refusal::Wrong
            | Refusal::Expired
            | Refusal::NotEnrolled
            | Refusal::OtherUid => self.texts.wrong(),
        }
    }

    fn is_remote(&self) -> bool {
        self.service.starts_with("sshd") || self.tty.as_deref() == Some("ssh")
    }

    fn unavailable(&self, host: &mut dyn Host, why: &str) -> Answer {
        self.record(host, Priority::Critical, audit::Outcome::Failed, None, Some(why));
        self.tell(host, Tone::Error, &self.texts.unavailable());
        host.set_note(Note { user: self.user.clone(), text: self.texts.unavailable() });
        host.delay_failure(FAIL_DELAY_MICROSECONDS);
        Answer::Unavailable
    }

    fn tell(&self, host: &mut dyn Host, tone: Tone, text: &str) {
        if !self.silent {
            host.tell(tone, text);
        }
    }

    /// One line in syslog and in the audit file.
    pub(crate) fn record(
        &self,
        host: &mut dyn Host,
        priority: Priority,
        result: audit::Outcome,
        method: Option<&str>,
        reason: Option<&str>,
    ) {
        let event = Event {
            time: self.clock.now(),
            event: self.event,
            user: self.user.as_deref(),
            service: Some(&self.service),
            rhost: self.rhost.as_deref(),
            tty: self.tty.as_deref(),
            actor: None,
            method,
            result,
            reason,
        };
        host.log(priority, &event.to_syslog());
        if let Err(e) = event.append(&self.config.log.audit_file.path()) {
            host.log(Priority::Error, &format!("the audit file cannot be written: {e}"));
        }
    }
}
