//! From what was typed to an outcome: parse, hash, lock, decide, record.

use wardkey_core::account::Account;
use wardkey_core::clock::Clock;
use wardkey_core::config::Config;
use wardkey_core::credential::Typed;
use wardkey_core::enrolment::Enrolment;
use wardkey_core::seal::{SealError, SealingKey};
use wardkey_core::single_use::NoMemory;
use wardkey_core::store::{Store, StoreError};
use wardkey_core::user::UserName;
use wardkey_core::verify::{
    Acceptance, Attempt, Change, Entry, Purpose, Refusal, Tail, TailCode, Verdict, decide,
};

/// What one attempt came to.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// Yes, and it is on disk.
    Accepted(Acceptance),
    /// No.
    Refused(Refusal),
    /// Neither: codes cannot be checked now; why, for syslog.
    Unavailable(String),
}

/// A reply to the prompt and how it is to be read.
pub(crate) enum Reply<'a> {
    /// A code alone.
    Separate(&'a [u8]),
    /// A password with a code at its end.
    Combined(&'a [u8]),
    /// Known to be no code, whatever its form.
    NoCode,
}

/// The outcome, and what syslog should hear besides.
pub(crate) struct Checked {
    pub(crate) outcome: Outcome,
    /// The generation of the record it was decided on.
    pub(crate) generation: Option<u64>,
    pub(crate) warnings: Vec<String>,
}

impl Checked {
    pub(crate) const fn unavailable(why: String) -> Self {
        Self { outcome: Outcome::Unavailable(why), generation: None, warnings: Vec::new() }
    }
}

/// What comes to light besides the outcome.
#[derive(Default)]
struct Seen {
    generation: Option<u64>,
    warnings: Vec<String>,
}

/// What a wrong code does to the record.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Misses {
    Count,
    AreFree,
}

/// What a check needs to know.
pub(crate) struct Checker<'a> {
    pub(crate) config: &'a Config,
    pub(crate) store: &'a dyn Store,
    pub(crate) clock: &'a dyn Clock,
}

impl Checker<'_> {
    /// Checks a reply of someone who has an account. No lock is held while Argon2id runs, and time is read
    /// under the lock.
    pub(crate) fn check(&self, account: &Account, reply: &Reply<'_>) -> Checked {
        self.run(account, reply, Misses::Count)
    }

    /// The same, but only a right code changes anything.
    pub(crate) fn check_free(&self, account: &Account, reply: &Reply<'_>) -> Checked {
        self.run(account, reply, Misses::AreFree)
    }

    fn run(&self, account: &Account, reply: &Reply<'_>, misses: Misses) -> Checked {
        let mut seen = Seen::default();
        let outcome = self.try_check(account, reply, misses, &mut seen);
        let outcome = outcome.unwrap_or_else(|e| Outcome::Unavailable(e.to_string()));
        Checked { outcome, generation: seen.generation, warnings: seen.warnings }
    }

    fn try_check(
        &self,
        account: &Account,
        reply: &Reply<'_>,
        misses: Misses,
        seen: &mut Seen,
    ) -> Result<Outcome, Trouble> {
        let enrolment = if needs_record(reply) { self.store.enrolment(&account.name)? } else { None };
        let entry = read(reply, enrolment.as_ref())?;
        let key = self.key_for(&entry, &mut seen.warnings);
        let mut verdict = None;
        self.store.attempt(&account.name, &mut |record| {
            let now = self.clock.now();
            seen.generation = Some(record.enrolment.generation);
            if let Some(behind) = record.clock_behind(now) {
                seen.warnings.push(format!(
                    "the clock is {} s behind the last login of {}",
                    behind.as_secs(),
                    account.name
                ));
            }
            let attempt = Attempt { entry: &entry, uid: account.uid, purpose: Purpose::Login };
            let (judged, change) = decide(&self.config.rules(), record, key.as_ref(), attempt, now);
            let free = misses == Misses::AreFree && !matches!(judged, Verdict::Accepted(_));
            verdict = Some(judged);
            if free { Change(None) } else { change }
        })?;
        Ok(match verdict {
            Some(Verdict::Accepted(acceptance)) => Outcome::Accepted(acceptance),
            Some(Verdict::Refused(refusal)) => Outcome::Refused(refusal),
            Some(Verdict::Unsealable) => Outcome::Unavailable("the authenticators cannot be unsealed".into()),
            None => nobody(&entry, key.as_ref()),
        })
    }

    /// Does the work of a check for someone without an account, so that neither its time nor a broken store
    /// tells who has one.
    pub(crate) fn pretend(&self, user: Option<&UserName>, reply: &Reply<'_>) -> Checked {
        let mut warnings = Vec::new();
        let looked = user.map_or(Ok(None), |user| self.store.attempt(user, &mut |_| Change(None)));
        let outcome = match (looked, read(reply, None)) {
            (Err(e), _) => Outcome::Unavailable(e.to_string()),
            (Ok(_), Err(e)) => Outcome::Unavailable(e.to_string()),
            (Ok(_), Ok(entry)) => nobody(&entry, self.key_for(&entry, &mut warnings).as_ref()),
        };
        Checked { outcome, generation: None, warnings }
    }

    /// The sealing key, where this entry needs it; read for everyone alike.
    fn key_for(&self, entry: &Entry, warnings: &mut Vec<String>) -> Option<SealingKey> {
        let loaded: Result<SealingKey, SealError> =
            needs_key(entry).then(|| SealingKey::load(&self.config.seal_key()))?;
        loaded.map_err(|e| warnings.push(e.to_string())).ok()
    }
}

/// Whether this reply is hashed before the lock is taken, or cut by what the record says. Then the record is read
/// again after typing: the desk may have made a pass while the person sat at the prompt.
fn needs_record(reply: &Reply<'_>) -> bool {
    match reply {
        Reply::NoCode => false,
        Reply::Separate(typed) => matches!(Typed::parse(typed), Typed::SingleUse(_)),
        Reply::Combined(_) => true,
    }
}

fn needs_key(entry: &Entry) -> bool {
    let is_otp = |tail: &Tail| matches!(tail.code, TailCode::Otp(_));
    match entry {
        Entry::Otp(_) => true,
        Entry::Combined(tails) => tails.iter().any(is_otp),
        Entry::SingleUse(_) | Entry::Malformed => false,
    }
}

/// What someone without a record meets: the same as anyone else with a wrong code.
fn nobody(entry: &Entry, key: Option<&SealingKey>) -> Outcome {
    match entry {
        Entry::Malformed => Outcome::Refused(Refusal::Malformed),
        Entry::Combined(tails) if tails.is_empty() => Outcome::Refused(Refusal::Malformed),
        entry if needs_key(entry) && key.is_none() => Outcome::Unavailable("there is no sealing key".into()),
        _ => Outcome::Refused(Refusal::NotEnrolled),
    }
}

/// Why a check cannot be made.
enum Trouble {
    Store(StoreError),
    Memory(NoMemory),
}

impl From<StoreError> for Trouble {
    fn from(e: StoreError) -> Self {
        Self::Store(e)
    }
}

impl From<NoMemory> for Trouble {
    fn from(e: NoMemory) -> Self {
        Self::Memory(e)
    }
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Store(e) => e.fmt(f),
            Self::Memory(e) => e.fmt(f),
        }
    }
}

fn read(reply: &Reply<'_>, enrolment: Option<&Enrolment>) -> Result<Entry, NoMemory> {
    match reply {
        Reply::NoCode => Ok(Entry::Malformed),
        Reply::Separate(typed) => Entry::separate(Typed::parse(typed), enrolment),
        Reply::Combined(typed) => Entry::combined(typed, enrolment),
    }
}
