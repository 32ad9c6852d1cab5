//! Password and code in one entry: several tails may be codes, one decision is made of them.

use super::otp::{self, Found};
use super::{
    Case, Change, Method, Refusal, Tail, TailCode, Verdict, held, no_authenticator, refuse, single_use,
};
use crate::credential::OtpCode;
use crate::throttle::{Kind, Standing};

pub(super) fn judge(case: &Case<'_>, tails: &[Tail]) -> (Verdict, Change) {
    if tails.is_empty() {
        return refuse(Refusal::Malformed);
    }
    for tail in tails {
        if let TailCode::SingleUse(proof) = &tail.code
            && let Some(stored) = single_use::right(case, proof)
        {
            return single_use::spend(case, stored, tail.len);
        }
    }
    let otps: Vec<(usize, &OtpCode)> = tails.iter().filter_map(otp_tail).collect();
    if otps.is_empty() { single_use::wrong(case, Kind::Combined) } else { judge_otps(case, &otps) }
}

const fn otp_tail(tail: &Tail) -> Option<(usize, &OtpCode)> {
    match &tail.code {
        TailCode::Otp(code) => Some((tail.len, code)),
        TailCode::SingleUse(_) => None,
    }
}

fn judge_otps(case: &Case<'_>, otps: &[(usize, &OtpCode)]) -> (Verdict, Change) {
    if let Some(why) = no_authenticator(case) {
        return refuse(why);
    }
    // Combined entries never disable, but a disabled authenticator opens nothing here either.
    if case.standing(Kind::Authenticator) == Standing::Disabled {
        return refuse(Refusal::Disabled);
    }
    if let Some(why) = held(case.standing(Kind::Combined)) {
        return refuse(why);
    }
    let (mut used, mut sealed_off, mut compared_all) = (false, false, true);
    for (len, code) in otps {
        match otp::find(case, code) {
            Found::Fresh(authenticator, mark) => {
                let mut ledger = case.record.ledger.clone();
                ledger.set_slot(authenticator.slot, mark);
                let ledger = case.succeeded(ledger, Kind::Combined);
                return case.accept(ledger, Method::Authenticator(authenticator.label.clone()), *len, false);
            }
            Found::Unsealable { compared } => (sealed_off, compared_all) = (true, compared_all && compared),
            Found::Used => used = true,
            Found::Far(..) | Found::Wrong => {}
        }
    }
    if used {
        return refuse(Refusal::AlreadyUsed);
    }
    let counted = || case.failed(Kind::Combined, case.record.ledger.clone());
    match (sealed_off, compared_all) {
        // A stranger without the password can make these, so no word about clocks follows from them.
        (false, _) => (Verdict::Refused(Refusal::Wrong), counted()),
        (true, true) => (Verdict::Unsealable, counted()),
        (true, false) => (Verdict::Unsealable, Change::NONE),
    }
}
