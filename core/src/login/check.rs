//! From what was typed to an outcome: parse, hash, lock, decide, record.

use super::unasked::Misses;
use super::{Happened, Judge, NoPlace, PamItems, Who};
use crate::credential::Typed;
use crate::credential::single_use::{Kind, NotRun};
use crate::credential::totp::Digits;
use crate::policy::account::Account;
use crate::record::Record;
use crate::record::enrolment::Enrolment;
use crate::record::seal::{SealError, SealingKey};
use crate::store::StoreError;
use crate::system::audit;
use crate::system::clock::Timestamp;
use crate::system::syslog::{Line, Severity};
use crate::verify::{Acceptance, Attempt, Entry, Method, Purpose, Refusal, Verdict, decide};
use serde::{Deserialize, Serialize};

/// What one attempt came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// Yes, and it is on disk.
    Accepted(Acceptance),
    /// No.
    Refused(Refusal),
    /// Neither: codes cannot be checked now; why, for syslog. Only root hears more than that from the helper.
    Unavailable(String),
    /// No: only an enrolment would help, and here nobody enrols. A pass that would have led there is unspent.
    EnrollElsewhere(NoPlace),
}

/// A reply to the prompt and how it is to be read.
#[derive(Clone, Copy)]
pub enum Reply<'a> {
    /// A code alone.
    Separate(&'a [u8]),
    /// A password with a code at its end.
    Combined(&'a [u8]),
    /// Known to be no code, whatever its form.
    NoCode,
}

/// The outcome, and what syslog must hear.
#[derive(Debug)]
pub struct Checked {
    /// What it came to.
    pub outcome: Outcome,
    /// The generation of the record it was decided on.
    pub generation: Option<u64>,
    /// For syslog.
    pub lines: Vec<Line>,
}

/// What comes to light besides the outcome.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) generation: Option<u64>,
    pub(super) warnings: Vec<String>,
    /// This miss was the last that is compared for this caller now, where no code is asked.
    pub(super) is_used_up: bool,
    /// Why nothing was compared, though it might have been.
    pub(super) uncompared: Option<String>,
}

impl Judge<'_> {
    /// Checks a reply and writes down what came of it. No lock is held while Argon2id runs, and time is read under
    /// the lock.
    #[must_use]
    pub fn check(&self, who: &Who, items: &PamItems, reply: Reply<'_>) -> Checked {
        let mut seen = Seen::default();
        let outcome = match who {
            Who::Known(account) => self.run((account, items), reply, Misses::Count, &mut seen),
            Who::Unknown(user) => self.pretend(user.as_ref(), reply, &mut seen),
            Who::LookupFailed(_, why) => Outcome::Unavailable(why.clone()),
        };
        let checked = self.written_down(who, items, outcome, seen);
        self.renewing(who, items, checked)
    }

    pub(super) fn written_down(&self, who: &Who, items: &PamItems, outcome: Outcome, seen: Seen) -> Checked {
        let mut lines: Vec<Line> =
            seen.warnings.into_iter().map(|text| Line::new(Severity::Warning, text)).collect();
        let reason = reason(&outcome, who);
        let (severity, result, method) = match &outcome {
            Outcome::Accepted(a) => (loudness(a), audit::Outcome::Accepted, Some(a.method.name())),
            Outcome::Refused(_) | Outcome::EnrollElsewhere(_) => {
                (Severity::Notice, audit::Outcome::Refused, None)
            }
            Outcome::Unavailable(_) => (Severity::Critical, audit::Outcome::Failed, None),
        };
        let is_idle = self.is_idle(&outcome);
        let what = Happened { event: "login", result, method, reason: reason.as_deref(), is_idle };
        lines.extend(self.record(who.shown().as_deref(), items, severity, what));
        Checked { outcome, generation: seen.generation, lines }
    }

    /// Whether this refusal can be had again for nothing.
    const fn is_idle(&self, outcome: &Outcome) -> bool {
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
            Outcome::Refused(Refusal::NotEnrolled | Refusal::OtherUid | Refusal::Expired) => {
                self.actor.is_some()
            }
            Outcome::Refused(Refusal::Wrong | Refusal::WrongTime { .. })
            | Outcome::Accepted(_)
            | Outcome::Unavailable(_) => false,
        }
    }

    /// A code of someone enrolled that was accepted makes unlock grace younger, if the password is right too.
    pub(super) fn renewing(&self, who: &Who, items: &PamItems, mut checked: Checked) -> Checked {
        if let (Who::Known(account), Outcome::Accepted(Acceptance { must_enroll: false, .. })) =
            (who, &checked.outcome)
        {
            checked.lines.extend(self.note_code(account, items));
        }
        checked
    }

    pub(super) fn run(
        &self,
        of: (&Account, &PamItems),
        reply: Reply<'_>,
        misses: Misses,
        seen: &mut Seen,
    ) -> Outcome {
        let outcome = self.try_check(of, reply, misses, seen);
        outcome.unwrap_or_else(|e| Outcome::Unavailable(e.to_string()))
    }

    fn try_check(
        &self,
        (account, items): (&Account, &PamItems),
        reply: Reply<'_>,
        misses: Misses,
        seen: &mut Seen,
    ) -> Result<Outcome, Trouble> {
        let enrolment = if needs_record(reply) { self.store.enrolment(&account.name)? } else { None };
        let entry = read(reply, enrolment.as_ref(), self.config.totp.parameters().digits)?;
        let key = self.key_for(&entry, &mut seen.warnings);
        let Some(guess) = self.guess(misses, &entry, seen) else {
            return Ok(Outcome::Refused(Refusal::Malformed));
        };
        let rules = self.config.rules_in(&items.service);
        let mut elsewhere = None;
        let verdict = self.store.attempt(&account.name, &mut |record| {
            let now = self.clock.now();
            seen.generation = Some(record.enrolment.generation);
            seen.warnings.extend(clock_behind(record, now));
            let attempt = Attempt { entry: &entry, uid: account.uid, purpose: Purpose::Login };
            let mut judged = decide(&rules, record, key.as_ref(), attempt, now);
            // A yes that leads into an enrolment is none where nobody enrols, and leaves the pass unspent.
            if judged.leads_into_enrolment()
                && let Err(why) = self.place_to_enroll(account, items)
            {
                judged = judged.void();
                elsewhere = Some(why);
            }
            misses.cost(&entry, record, judged)
        })?;
        let outcome = verdict.map(|verdict| outcome_of(verdict, elsewhere));
        self.settle(guess, outcome.as_ref(), seen);
        match outcome {
            Some(outcome) => Ok(outcome),
            None if misses == Misses::Count => Ok(self.nobody(&entry, key.as_ref())?),
            None => Ok(Outcome::Refused(Refusal::NotEnrolled)),
        }
    }

    /// The sealing key, where this entry needs it; read for everyone alike.
    pub(super) fn key_for(&self, entry: &Entry, warnings: &mut Vec<String>) -> Option<SealingKey> {
        let loaded: Result<SealingKey, SealError> =
            entry.needs_key().then(|| SealingKey::load(&self.config.seal_key()))?;
        loaded.map_err(|e| warnings.push(e.to_string())).ok()
    }
}

/// What a verdict comes to in this login; `elsewhere`: it would only have led into an enrolment that nobody makes here.
fn outcome_of(verdict: Verdict, elsewhere: Option<NoPlace>) -> Outcome {
    if let Some(why) = elsewhere {
        return Outcome::EnrollElsewhere(why);
    }
    match verdict {
        Verdict::Accepted(acceptance) => Outcome::Accepted(acceptance),
        Verdict::Refused(refusal) => Outcome::Refused(refusal),
        Verdict::Unsealable => Outcome::Unavailable("the authenticators cannot be unsealed".into()),
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

/// Whether this reply is hashed before the lock is taken, or cut by what the record says. Then the record is read
/// again after typing: the desk may have made a pass while the person sat at the prompt.
fn needs_record(reply: Reply<'_>) -> bool {
    match reply {
        Reply::NoCode => false,
        Reply::Separate(typed) => matches!(Typed::parse(typed), Typed::SingleUse(_)),
        Reply::Combined(_) => true,
    }
}

fn clock_behind(record: &Record, now: Timestamp) -> Option<String> {
    let behind = record.clock_behind(now)?;
    Some(format!("the clock is {} s behind the last login of {}", behind.as_secs(), record.enrolment.user))
}

/// Why a check cannot be made.
pub(super) enum Trouble {
    Store(StoreError),
    NotRun(NotRun),
}

impl From<StoreError> for Trouble {
    fn from(e: StoreError) -> Self {
        Self::Store(e)
    }
}

impl From<NotRun> for Trouble {
    fn from(e: NotRun) -> Self {
        Self::NotRun(e)
    }
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Store(e) => e.fmt(f),
            Self::NotRun(e) => e.fmt(f),
        }
    }
}

pub(super) fn read(reply: Reply<'_>, enrolment: Option<&Enrolment>, usual: Digits) -> Result<Entry, NotRun> {
    match reply {
        Reply::NoCode => Ok(Entry::Malformed),
        Reply::Separate(typed) => Entry::separate(Typed::parse(typed), enrolment),
        Reply::Combined(typed) => Entry::combined(typed, enrolment, usual),
    }
}

#[cfg(test)]
#[path = "check_tests.rs"]
pub(super) mod tests;
