//! Password and code in one entry: several tails may be codes, one decision is made of them.

use super::case::{Case, malformed, no_authenticator, refuse, used};
use super::entry::{Tail, TailCode};
use super::judged::Change;
use super::otp::{self, Found};
use super::verdict::{Method, Refusal, Verdict};
use super::{mailed, pair, single_use};
use crate::credential::OtpCode;
use crate::credential::mailed::{DIGITS, Newest};
use crate::credential::throttle::{Kind, Standing};
use crate::record::ledger::Ledger;
use std::ops::ControlFlow;

pub(super) fn judge(case: &Case<'_>, tails: &[Tail]) -> (Verdict, Change) {
    for tail in tails {
        if let TailCode::SingleUse(proof) = &tail.code
            && let Some(stored) = single_use::right(case, proof)
        {
            return single_use::spend(case, stored, tail.len);
        }
    }
    let otps: Vec<Digits<'_>> = tails.iter().filter_map(|tail| digits(case, tail)).collect();
    if !otps.is_empty() {
        judge_otps(case, tails, &otps)
    } else if tails.iter().any(|tail| matches!(tail.code, TailCode::SingleUse(_)) && tail.counts) {
        single_use::wrong(case, Kind::Combined)
    } else {
        malformed(case, Kind::Combined)
    }
}

/// Digits at the end of an entry.
struct Digits<'t> {
    len: usize,
    code: &'t OtpCode,
    /// Whether an authenticator could show them.
    may_be_shown: bool,
    /// What they are to the newest mailed code.
    mailed: Newest,
}

/// Eight digits that nothing could have shown or sent are the end of a password.
fn digits<'t>(case: &Case<'_>, tail: &'t Tail) -> Option<Digits<'t>> {
    let TailCode::Otp(code) = &tail.code else { return None };
    let may_be_shown = code.digits() != DIGITS || mailed::has_such_authenticator(case);
    let mailed = mailed::find(case, code);
    let may_be_code = may_be_shown || mailed != Newest::NonePending;
    may_be_code.then_some(Digits { len: tail.len, code, may_be_shown, mailed })
}

fn judge_otps(case: &Case<'_>, tails: &[Tail], otps: &[Digits<'_>]) -> (Verdict, Change) {
    if let Some(why) = no_authenticator(case) {
        return refuse(why);
    }
    // Combined entries never disable, but a disabled authenticator opens nothing here either.
    let disabled = case.standing(Kind::Authenticator) == Standing::Disabled;
    let by_mail = otps.iter().find(|d| d.mailed != Newest::NonePending);
    if disabled && by_mail.is_none() {
        return refuse(Refusal::Disabled);
    }
    if otps.iter().fold(false, |found, d| found | otp::was_accepted(case, d.code)) {
        return used(case, Kind::Combined);
    }
    let missed = match judge_pairs(case, tails, disabled) {
        ControlFlow::Break(accepted) => return accepted,
        ControlFlow::Continue(missed) => missed,
    };
    if let Some(why) = case.held(Kind::Combined) {
        return case.refuse_held(why, missed.unwrap_or_else(|| case.record.ledger.clone()));
    }
    match by_mail.map(|d| (d.mailed, d.len)) {
        Some((Newest::Right, len)) => return mailed::accept(case, Kind::Combined, len),
        Some((Newest::Used, _)) => return (Verdict::Refused(Refusal::AlreadyUsed), Change(missed)),
        Some((Newest::Expired, _)) => return (Verdict::Refused(Refusal::Expired), Change(missed)),
        Some((Newest::Wrong | Newest::NonePending, _)) | None => {}
    }
    let shown = otps.iter().filter(|d| d.may_be_shown && !disabled);
    judge_shown(case, shown, missed, by_mail.is_some())
}

/// Two codes are looked for before one; they open also while combined entries wait. A miss is the
/// ledger in which it counts; it counts whatever the shorter tails come to, but for a right one.
fn judge_pairs(
    case: &Case<'_>,
    tails: &[Tail],
    disabled: bool,
) -> ControlFlow<(Verdict, Change), Option<Ledger>> {
    if disabled || case.standing(Kind::CombinedPair) != Standing::Free {
        return ControlFlow::Continue(None);
    }
    let mut compared = false;
    for tail in tails {
        let TailCode::Pair(typed) = &tail.code else { continue };
        match pair::find(case, typed) {
            pair::Found::Fresh(authenticator, ledger) => {
                let ledger = case.succeeded(*ledger, Kind::Combined);
                let method = Method::Authenticator(authenticator.label.clone());
                return ControlFlow::Break(case.accept(ledger, method, tail.len, false));
            }
            pair::Found::Wrong | pair::Found::Unsealable { compared: true } => compared = true,
            pair::Found::Used | pair::Found::Unsealable { compared: false } => {}
        }
    }
    let miss = || {
        let mut ledger = case.record.ledger.clone();
        ledger.tally_mut(Kind::CombinedPair).fail(case.now);
        ledger
    };
    ControlFlow::Continue(compared.then(miss))
}

/// Judges what authenticators may have shown; `missed` when a pair was compared already, and `counts` when a mailed
/// code was: neither was right.
fn judge_shown<'t>(
    case: &Case<'_>,
    otps: impl Iterator<Item = &'t Digits<'t>>,
    missed: Option<Ledger>,
    counts: bool,
) -> (Verdict, Change) {
    let (mut used, mut sealed_off, mut compared) = (false, false, counts || missed.is_some());
    for Digits { len, code, .. } in otps {
        match otp::find(case, code) {
            Found::Fresh(authenticator, ledger) => {
                let ledger = case.succeeded(*ledger, Kind::Combined);
                return case.accept(ledger, Method::Authenticator(authenticator.label.clone()), *len, false);
            }
            Found::Unsealable { compared: also } => (sealed_off, compared) = (true, compared || also),
            Found::Used => used = true,
            Found::Far(..) | Found::Wrong => compared = true,
        }
    }
    if used && !counts {
        return (Verdict::Refused(Refusal::AlreadyUsed), Change(missed));
    }
    let ledger = missed.unwrap_or_else(|| case.record.ledger.clone());
    if used {
        return (Verdict::Refused(Refusal::AlreadyUsed), case.failed(Kind::Combined, ledger));
    }
    match (sealed_off, compared) {
        // A stranger without the password can make these, so no word about clocks follows from them.
        (false, _) => case.wrong(Kind::Combined, ledger),
        // Uncounted, it would be a free guess at the authenticator that does open.
        (true, true) => (Verdict::Unsealable, case.failed(Kind::Combined, ledger)),
        (true, false) => (Verdict::Unsealable, Change::NONE),
    }
}
