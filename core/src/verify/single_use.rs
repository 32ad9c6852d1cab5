//! Recovery, pass and emergency codes.

use super::case::{Case, refuse};
use super::judged::Change;
use super::verdict::{Method, Refusal, Verdict};
use crate::credential::single_use::{Kind as CodeKind, Proof, StoredCode};
use crate::credential::throttle::{Kind, Standing};
use crate::record::enrolment::State;
use crate::record::ledger::{Ledger, PassMark};

/// Logins that a pass opens on the way to a confirmed enrolment: a login may break off half-way.
const PASS_OPENS: u64 = 5;

/// Judges a single-use code; `tail` are its bytes in a combined entry. A right one opens even while its kind
/// waits: 75 random bits need no wait, and the last way in must not be closed by someone else's guesses.
pub(super) fn judge(case: &Case<'_>, proof: &Proof, tail: usize, kind: Kind) -> (Verdict, Change) {
    match right(case, proof) {
        Some(stored) => spend(case, stored, tail),
        None => wrong(case, kind),
    }
}

/// The stored code that was typed.
pub(super) fn right<'a>(case: &Case<'a>, proof: &Proof) -> Option<&'a StoredCode> {
    case.record.enrolment.codes.iter().find(|stored| proof.is(stored))
}

pub(super) fn wrong(case: &Case<'_>, kind: Kind) -> (Verdict, Change) {
    let must_enroll = case.record.enrolment.state == State::MustEnroll;
    if let Some(why) = case.held(kind) {
        let why = if must_enroll { Refusal::MustEnroll } else { why };
        return case.refuse_held(why, case.record.ledger.clone());
    }
    let (refused, change) = case.wrong(kind, case.record.ledger.clone());
    (if must_enroll { Verdict::Refused(Refusal::MustEnroll) } else { refused }, change)
}

pub(super) fn spend(case: &Case<'_>, stored: &StoredCode, tail: usize) -> (Verdict, Change) {
    let enrolment = &case.record.enrolment;
    if case.record.ledger.is_spent(stored.place, stored.serial) {
        return refuse(Refusal::AlreadyUsed);
    }
    if stored.expires.is_some_and(|end| case.now > end) {
        return refuse(Refusal::Expired);
    }
    if enrolment.state == State::MustEnroll && stored.kind != CodeKind::Pass {
        return refuse(Refusal::MustEnroll);
    }
    let must_enroll = stored.kind == CodeKind::Pass && enrolment.state != State::Enrolled;
    let mut ledger = case.succeeded(case.record.ledger.clone(), Kind::SingleUse);
    if must_enroll {
        open_once_more(&mut ledger, stored);
    } else {
        ledger.spend(stored.place, stored.serial);
    }
    for kind in [Kind::Combined, Kind::CombinedPair, Kind::Pair] {
        ledger.tally_mut(kind).forgive();
    }
    if case.standing(Kind::Authenticator) != Standing::Disabled {
        ledger.tally_mut(Kind::Authenticator).forgive();
    }
    let (verdict, change) = case.accept(ledger, Method::SingleUse(stored.kind), tail, must_enroll);
    (verdict.by_code(stored.serial), change)
}

fn open_once_more(ledger: &mut Ledger, pass: &StoredCode) {
    let opened = if ledger.pass.serial == pass.serial { ledger.pass.opened } else { 0 };
    ledger.pass = PassMark { serial: pass.serial, opened: opened + 1 };
    if ledger.pass.opened >= PASS_OPENS {
        ledger.spend(pass.place, pass.serial);
    }
}
