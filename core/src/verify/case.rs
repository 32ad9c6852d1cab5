//! One attempt against one record, and what all kinds of credential have in common.

use super::devices::Device;
use super::judged::Change;
use super::rules::Rules;
use super::verdict::{Acceptance, Hold, Method, Purpose, Refusal, Verdict};
use crate::credential::single_use::Kind as CodeKind;
use crate::credential::throttle::{Kind, Standing};
use crate::record::Record;
use crate::record::enrolment::State;
use crate::record::ledger::{FarMark, Ledger};
use crate::record::seal::SealingKey;
use crate::system::clock::Timestamp;

/// What a judge has to go by.
pub(super) struct Case<'a> {
    pub(super) rules: &'a Rules,
    pub(super) record: &'a Record,
    pub(super) key: Option<&'a SealingKey>,
    pub(super) purpose: Purpose,
    pub(super) now: Timestamp,
    /// Where the entry may be a code of an authenticator: all of them.
    pub(super) devices: Vec<Device<'a>>,
}

impl Case<'_> {
    /// Why codes of this kind are not compared now, if so.
    pub(super) fn held(&self, kind: Kind) -> Option<Refusal> {
        self.hold(kind, &self.record.ledger).map(Refusal::from)
    }

    /// What codes of this kind meet by this ledger.
    fn hold(&self, kind: Kind, ledger: &Ledger) -> Option<Hold> {
        match self.rules.limits.standing(kind, ledger.tally(kind), self.now) {
            Standing::Free => None,
            Standing::Waiting(until) => Some(Hold::Waiting { until, two_codes: self.takes_two(kind) }),
            Standing::Disabled => Some(Hold::Disabled),
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
    pub(super) fn refuse_held(&self, why: Refusal, ledger: Ledger) -> (Verdict, Change) {
        let waits = matches!(why, Refusal::Waiting { .. });
        (Verdict::Refused(why), if waits { Change::to(ledger) } else { Change::NONE })
    }

    pub(super) fn standing(&self, kind: Kind) -> Standing {
        self.rules.limits.standing(kind, self.record.ledger.tally(kind), self.now)
    }

    /// One wrong code of this kind, with the ledger as far as it is changed already.
    pub(super) fn failed(&self, kind: Kind, mut ledger: Ledger) -> Change {
        if self.purpose == Purpose::Confirm {
            return Change::NONE;
        }
        ledger.tally_mut(kind).fail(self.now);
        Change::to(ledger)
    }

    /// The same, and what codes of this kind meet from then on: the person hears of it before another is typed in vain.
    pub(super) fn failed_then(&self, kind: Kind, ledger: Ledger) -> (Option<Hold>, Change) {
        let change = self.failed(kind, ledger);
        (change.0.as_ref().and_then(|ledger| self.hold(kind, ledger)), change)
    }

    /// A wrong code of this kind.
    pub(super) fn wrong(&self, kind: Kind, ledger: Ledger) -> (Verdict, Change) {
        let (then, change) = self.failed_then(kind, ledger);
        (Verdict::Refused(Refusal::wrong(then)), change)
    }

    /// What holds for every success. A new phone forgives nothing that was typed at the old one.
    pub(super) fn succeeded(&self, mut ledger: Ledger, kind: Kind) -> Ledger {
        ledger.last_success = ledger.last_success.max(self.now);
        if self.purpose == Purpose::Login {
            // Told by this success, and by no other, whatever the clock says.
            ledger.last_success = ledger.last_success.max(self.record.enrolment.replaced.unwrap_or_default());
            ledger.tally_mut(kind).forgive();
            if matches!(kind, Kind::Authenticator | Kind::Combined) {
                ledger.tally_mut(kind.pair()).forgive();
            }
            ledger.far = FarMark::default();
        }
        ledger
    }

    pub(super) fn accept(
        &self,
        ledger: Ledger,
        method: Method,
        tail: usize,
        must_enroll: bool,
    ) -> (Verdict, Change) {
        let left = |kind| self.record.enrolment.codes_left(&ledger, kind);
        let (recovery_left, emergency_left) = (left(CodeKind::Recovery), left(CodeKind::Emergency));
        let wrong_before = self.forgiven_by(&ledger);
        let acceptance = Acceptance {
            method,
            tail,
            recovery_left,
            emergency_left,
            wrong_before,
            must_enroll,
            is_replaced: self.is_replaced(),
            code: None,
        };
        (Verdict::Accepted(acceptance), Change::to(ledger))
    }
}

impl Case<'_> {
    /// Whether a phone was replaced since the last success.
    fn is_replaced(&self) -> bool {
        let last = self.record.ledger.last_success;
        self.purpose == Purpose::Login && self.record.enrolment.replaced.is_some_and(|at| at > last)
    }

    /// Wrong entries that this ledger forgives. A wrong pair in combined entry counts among combined entries already.
    fn forgiven_by(&self, after: &Ledger) -> u64 {
        let kinds = Kind::ALL.into_iter().filter(|kind| *kind != Kind::CombinedPair);
        let forgiven = kinds
            .map(|kind| after.tally(kind).forgiven.saturating_sub(self.record.ledger.tally(kind).forgiven));
        forgiven.fold(0, u64::saturating_add)
    }
}

/// Not a code by its form. Who waits is told so, as after any other entry.
pub(super) fn malformed(case: &Case<'_>, kind: Kind) -> (Verdict, Change) {
    unless_held(case, kind, Refusal::Malformed)
}

/// An entry that was accepted before.
pub(super) fn used(case: &Case<'_>, kind: Kind) -> (Verdict, Change) {
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

pub(super) const fn refuse(why: Refusal) -> (Verdict, Change) {
    (Verdict::Refused(why), Change::NONE)
}

/// Why an authenticator code cannot be right in this state, if so.
pub(super) const fn no_authenticator(case: &Case<'_>) -> Option<Refusal> {
    match (case.purpose, case.record.enrolment.state) {
        (Purpose::Confirm | Purpose::ConfirmAddress, _) | (_, State::Enrolled) => None,
        (_, State::NotEnrolled) => Some(Refusal::NotEnrolled),
        (_, State::MustEnroll) => Some(Refusal::MustEnroll),
    }
}
