//! The authority that has the records itself: parse, hash, lock, decide, make durable.

use super::answer::{NoPlace, Outcome};
use super::authority::{Authority, Judgement, LoginTerms, OnRecord, Seen};
use super::misses::{MissRule, Uncompared};
use super::nobody;
use super::request::Reply;
use crate::credential::Typed;
use crate::credential::single_use::{Kind, NotRun, StoredCode};
use crate::credential::totp::Digits;
use crate::grace::Basis;
use crate::policy::account::Account;
use crate::record::Record;
use crate::record::enrolment::{Enrolment, State};
use crate::record::seal::{SealError, SealingKey};
use crate::site::Site;
use crate::store::StoreError;
use crate::system::clock::Timestamp;
use crate::user::UserName;
use crate::verify::{Attempt, Entry, Judged, Purpose, Refusal, Verdict, decide};

/// The records of this machine.
#[derive(Clone, Copy)]
pub struct Records<'a>(pub Site<'a>);

impl Authority for Records<'_> {
    fn known(&self, user: &UserName) -> OnRecord {
        let enrolment = match self.0.store.enrolment(user) {
            Ok(Some(enrolment)) => enrolment,
            Ok(None) => return OnRecord::Nobody,
            Err(e) => return OnRecord::Untold(e.to_string()),
        };
        match (enrolment.state, Basis::of(&enrolment)) {
            (State::Enrolled, Some(basis)) => OnRecord::Enrolled(basis),
            (State::MustEnroll, _) => OnRecord::MustEnroll,
            (State::NotEnrolled, _) => OnRecord::NotEnrolled,
            // Whom it cannot place it asks for a code.
            (State::Enrolled, None) => OnRecord::Untold("what is enrolled has no basis".to_owned()),
        }
    }

    fn has_live_pass(&self, user: &UserName) -> bool {
        let now = self.0.clock.now();
        let record = self.0.store.record(user).ok().flatten();
        record.is_some_and(|Record { enrolment, ledger }| {
            let opens = |c: &StoredCode| {
                c.expires.is_none_or(|end| now <= end) && !ledger.is_spent(c.place, c.serial)
            };
            enrolment.codes_of(Kind::Pass).any(opens)
        })
    }

    /// No lock is held while Argon2id runs, and time is read under the lock.
    fn judge(&self, account: &Account, reply: &Reply, terms: &LoginTerms<'_>) -> Judgement {
        let mut seen = Seen::default();
        let outcome = self.try_judge(account, reply, terms, &mut seen);
        Judgement { outcome: outcome.unwrap_or_else(|e| Outcome::Unavailable(e.to_string())), seen }
    }

    fn pretend(&self, user: Option<&UserName>, reply: &Reply) -> Judgement {
        let mut seen = Seen::default();
        let outcome = self.try_pretend(user, reply, &mut seen);
        let words = |e: Trouble| nobody::without_name(&e.to_string(), user);
        Judgement { outcome: outcome.unwrap_or_else(|e| Outcome::Unavailable(words(e))), seen }
    }
}

impl Records<'_> {
    fn try_judge(
        &self,
        account: &Account,
        reply: &Reply,
        terms: &LoginTerms<'_>,
        seen: &mut Seen,
    ) -> Result<Outcome, Trouble> {
        let enrolment = if needs_record(reply) { self.0.store.enrolment(&account.name)? } else { None };
        let entry = self.entry(reply, enrolment.as_ref())?;
        let key = self.key_for(&entry, &mut seen.warnings);
        let guess = match terms.misses.guess(self.0.config, &entry) {
            Ok(guess) => guess,
            Err(Uncompared(why)) => {
                seen.uncompared = why;
                return Ok(Outcome::Refused(Refusal::Malformed));
            }
        };
        let mut elsewhere = None;
        let verdict = self.0.store.attempt(&account.name, &mut |record| {
            let now = self.0.clock.now();
            seen.generation = Some(record.enrolment.generation);
            seen.warnings.extend(clock_behind(record, now));
            let attempt = Attempt { entry: &entry, uid: account.uid, purpose: Purpose::Login };
            let mut judged = decide(&terms.rules, record, key.as_ref(), attempt, now);
            // A yes that leads into an enrolment is none where nobody enrols, and leaves the pass unspent.
            if judged.leads_into_enrolment()
                && let Err(why) = (terms.place)()
            {
                judged = judged.void();
                elsewhere = Some(why);
            }
            terms.misses.cost(&entry, record, judged)
        })?;
        let outcome = verdict.map(|verdict| outcome_of(verdict, elsewhere));
        seen.is_used_up = guess.uses_up(outcome.as_ref());
        match outcome {
            Some(outcome) => Ok(outcome),
            None if terms.misses == MissRule::Count => Ok(nobody::refuse(&self.0, &entry, key.as_ref())?),
            None => Ok(Outcome::Refused(Refusal::NotEnrolled)),
        }
    }

    fn try_pretend(
        &self,
        user: Option<&UserName>,
        reply: &Reply,
        seen: &mut Seen,
    ) -> Result<Outcome, Trouble> {
        if let Some(user) = user {
            let _ = self.0.store.attempt(user, &mut |_| Judged::refused(Refusal::NotEnrolled))?;
        }
        let entry = self.entry(reply, None)?;
        let key = self.key_for(&entry, &mut seen.warnings);
        Ok(nobody::refuse(&self.0, &entry, key.as_ref())?)
    }

    /// The sealing key, where this entry needs it; read for everyone alike.
    fn key_for(&self, entry: &Entry, warnings: &mut Vec<String>) -> Option<SealingKey> {
        let loaded: Result<SealingKey, SealError> = entry.needs_key().then(|| self.0.config.sealing_key())?;
        loaded.map_err(|e| warnings.push(e.to_string())).ok()
    }

    /// The reply as it is judged. Call it before taking any lock: Argon2id may run.
    fn entry(&self, reply: &Reply, enrolment: Option<&Enrolment>) -> Result<Entry, NotRun> {
        let usual: Digits = self.0.config.totp.parameters().digits;
        match reply {
            Reply::NoCode => Ok(Entry::Malformed),
            Reply::Separate(typed) => Entry::separate(Typed::parse(typed.expose()), enrolment),
            Reply::Combined(typed) => Entry::combined(typed.expose(), enrolment, usual),
        }
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

/// Whether this reply is hashed before the lock is taken, or cut by what the record says. Then the record is read
/// again after typing: the desk may have made a pass while the person sat at the prompt.
fn needs_record(reply: &Reply) -> bool {
    match reply {
        Reply::NoCode => false,
        Reply::Separate(typed) => matches!(Typed::parse(typed.expose()), Typed::SingleUse(_)),
        Reply::Combined(_) => true,
    }
}

fn clock_behind(record: &Record, now: Timestamp) -> Option<String> {
    let behind = record.clock_behind(now)?;
    Some(format!("the clock is {} s behind the last login of {}", behind.as_secs(), record.enrolment.user))
}

/// Why a check cannot be made.
enum Trouble {
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
