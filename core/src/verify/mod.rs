//! The one place that accepts: a pure function from what is known and what was typed to a verdict and a change.

mod combined;
mod devices;
mod entry;
mod mailed;
mod otp;
mod pair;
mod single_use;
mod verdict;

pub use crate::policy::Rules;
pub use entry::{Entry, Tail, TailCode};
pub use verdict::{Acceptance, Method, Refusal, Verdict};

use crate::credential::single_use::Kind as CodeKind;
use crate::credential::throttle::{Kind, Standing};
use crate::record::enrolment::{Enrolment, State};
use crate::record::ledger::Ledger;
use crate::record::seal::SealingKey;
use crate::system::clock::Timestamp;
use devices::Device;
use std::time::Duration;

/// A clock this far behind the last success is worth a word.
const BEHIND: Duration = Duration::from_secs(300);

/// Everything known of one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Who they are.
    pub enrolment: Enrolment,
    /// What has been spent.
    pub ledger: Ledger,
}

impl Record {
    /// How far `now` is behind the last login, if that is further than clocks differ.
    #[must_use]
    pub fn clock_behind(&self, now: Timestamp) -> Option<Duration> {
        Some(self.ledger.last_success.since(now)).filter(|behind| *behind > BEHIND)
    }

    /// Recovery codes that still open.
    #[must_use]
    pub fn recovery_left(&self) -> usize {
        self.codes_left(CodeKind::Recovery)
    }

    /// Codes of one kind that are not spent.
    #[must_use]
    pub fn codes_left(&self, kind: CodeKind) -> usize {
        let left = |c: &&crate::credential::single_use::StoredCode| !self.ledger.is_spent(c.place, c.serial);
        self.enrolment.codes_of(kind).filter(left).count()
    }
}

/// What the code is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To come in, or to act for oneself.
    Login,
    /// To show that the pending authenticator works. Wrong codes do not count: the one who types them was
    /// shown the key a moment ago.
    Confirm,
    /// To show that a new address is the person's own. Wrong codes count: nobody was shown this one.
    ConfirmAddress,
}

/// One attempt.
#[derive(Debug, Clone, Copy)]
pub struct Attempt<'a> {
    /// What was typed.
    pub entry: &'a Entry,
    /// The uid the account has now.
    pub uid: u32,
    /// What for.
    pub purpose: Purpose,
}

/// What must be durable before anyone hears the verdict; `None`: nothing changes.
#[must_use]
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Change(pub Option<Ledger>);

impl Change {
    const NONE: Self = Self(None);

    const fn to(ledger: Ledger) -> Self {
        Self(Some(ledger))
    }
}

/// What a judge has to go by.
struct Case<'a> {
    rules: &'a Rules,
    record: &'a Record,
    key: Option<&'a SealingKey>,
    purpose: Purpose,
    now: Timestamp,
    /// Where the entry may be a code of an authenticator: all of them.
    devices: Vec<Device<'a>>,
}

impl Case<'_> {
    /// Why codes of this kind are not compared now, if so.
    fn held(&self, kind: Kind) -> Option<Refusal> {
        match self.standing(kind) {
            Standing::Free => None,
            Standing::Waiting(until) => Some(Refusal::Waiting { until, two_codes: self.takes_two(kind) }),
            Standing::Disabled => Some(Refusal::Disabled),
        }
    }

    /// Whether two codes in one entry open while codes of this kind wait.
    fn takes_two(&self, kind: Kind) -> bool {
        matches!(kind, Kind::Authenticator | Kind::Combined)
            && !self.record.enrolment.authenticators.is_empty()
            && self.standing(kind.pair()) != Standing::Disabled
            && self.standing(Kind::Authenticator) != Standing::Disabled
    }

    /// A refusal by [`Self::held`]. Who waits is refused by one write, whatever was typed: what was compared meanwhile
    /// must not show by its time.
    fn refuse_held(&self, why: Refusal, ledger: Ledger) -> (Verdict, Change) {
        let waits = matches!(why, Refusal::Waiting { .. });
        (Verdict::Refused(why), if waits { Change::to(ledger) } else { Change::NONE })
    }

    fn standing(&self, kind: Kind) -> Standing {
        self.rules.limits.standing(kind, self.record.ledger.tally(kind), self.now)
    }

    /// One wrong code of this kind, with the ledger as far as it is changed already.
    fn failed(&self, kind: Kind, mut ledger: Ledger) -> Change {
        if self.purpose == Purpose::Confirm {
            return Change::NONE;
        }
        ledger.tally_mut(kind).fail(self.now);
        Change::to(ledger)
    }

    /// What holds for every success. A new phone forgives nothing that was typed at the old one.
    fn succeeded(&self, mut ledger: Ledger, kind: Kind) -> Ledger {
        ledger.last_success = ledger.last_success.max(self.now);
        if self.purpose == Purpose::Login {
            ledger.tally_mut(kind).forgive();
            if matches!(kind, Kind::Authenticator | Kind::Combined) {
                ledger.tally_mut(kind.pair()).forgive();
            }
            ledger.far = crate::record::ledger::FarMark::default();
        }
        ledger
    }

    fn accept(&self, ledger: Ledger, method: Method, tail: usize, must_enroll: bool) -> (Verdict, Change) {
        let record = Record { enrolment: self.record.enrolment.clone(), ledger };
        let recovery_left = record.recovery_left();
        let wrong_before = self.forgiven_by(&record.ledger);
        let acceptance = Acceptance { method, tail, recovery_left, wrong_before, must_enroll };
        (Verdict::Accepted(acceptance), Change::to(record.ledger))
    }
}

impl Case<'_> {
    /// Wrong entries that this ledger forgives. A wrong pair in combined entry counts among combined entries already.
    fn forgiven_by(&self, after: &Ledger) -> u64 {
        let kinds = Kind::ALL.into_iter().filter(|kind| *kind != Kind::CombinedPair);
        let forgiven = kinds
            .map(|kind| after.tally(kind).forgiven.saturating_sub(self.record.ledger.tally(kind).forgiven));
        forgiven.fold(0, u64::saturating_add)
    }
}

/// Judges one attempt at `now`. Pure: the caller holds the lock, makes the change durable, and only then tells.
pub fn decide(
    rules: &Rules,
    record: &Record,
    key: Option<&SealingKey>,
    attempt: Attempt<'_>,
    now: Timestamp,
) -> (Verdict, Change) {
    let mut case = Case { rules, record, key, purpose: attempt.purpose, now, devices: Vec::new() };
    if record.enrolment.uid != attempt.uid {
        return refuse(Refusal::OtherUid);
    }
    if attempt.entry.needs_key() {
        case.devices = devices::unseal(&case);
    }
    match (case.purpose, attempt.entry) {
        (Purpose::ConfirmAddress, Entry::Otp(code)) => mailed::confirm(&case, code),
        (Purpose::ConfirmAddress, _) => refuse(Refusal::Malformed),
        (_, Entry::Malformed) => malformed(&case, Kind::Authenticator),
        (_, Entry::Otp(code)) if otp::was_accepted(&case, code) => used(&case, Kind::Authenticator),
        (_, Entry::Otp(code)) => mailed::judge(&case, code),
        (_, Entry::Pair(pair)) => pair::judge(&case, pair),
        (_, Entry::SingleUse(proof)) => single_use::judge(&case, proof, 0, Kind::SingleUse),
        (_, Entry::Combined(tails)) => combined::judge(&case, tails),
    }
}

/// Not a code by its form. Who waits is told so, as after any other entry.
fn malformed(case: &Case<'_>, kind: Kind) -> (Verdict, Change) {
    unless_held(case, kind, Refusal::Malformed)
}

/// An entry that was accepted before.
fn used(case: &Case<'_>, kind: Kind) -> (Verdict, Change) {
    unless_held(case, kind, Refusal::AlreadyUsed)
}

/// Refuses without counting; while codes of this kind wait, as that is said.
fn unless_held(case: &Case<'_>, kind: Kind, why: Refusal) -> (Verdict, Change) {
    let held = case.held(kind).filter(|_| case.purpose == Purpose::Login && no_authenticator(case).is_none());
    match held {
        Some(held) => case.refuse_held(held, case.record.ledger.clone()),
        None => refuse(why),
    }
}

const fn refuse(why: Refusal) -> (Verdict, Change) {
    (Verdict::Refused(why), Change::NONE)
}

/// Why an authenticator code cannot be right in this state, if so.
const fn no_authenticator(case: &Case<'_>) -> Option<Refusal> {
    match (case.purpose, case.record.enrolment.state) {
        (Purpose::Confirm | Purpose::ConfirmAddress, _) | (_, State::Enrolled) => None,
        (_, State::NotEnrolled) => Some(Refusal::NotEnrolled),
        (_, State::MustEnroll) => Some(Refusal::MustEnroll),
    }
}

#[cfg(test)]
mod tests;
