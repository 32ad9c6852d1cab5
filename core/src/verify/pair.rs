//! Two codes in one entry: a code and the next one of the same authenticator. A stranger can make a person wait, but
//! has a chance of three in 10^12 at both; the person whose authenticator it is waits for one code and is in.

use super::case::{Case, no_authenticator, refuse};
use super::devices;
use super::judged::Change;
use super::verdict::{Method, Purpose, Refusal, Verdict};
use crate::credential::OtpPair;
use crate::credential::throttle::{Kind, Standing};
use crate::record::enrolment::Authenticator;
use crate::record::ledger::Ledger;

/// What two codes are to all of a person's authenticators together.
pub(super) enum Found<'a> {
    /// Right: the authenticator, and the ledger in which both steps are spent.
    Fresh(&'a Authenticator, Box<Ledger>),
    /// Two codes that were accepted, one following the other.
    Used,
    /// Wrong.
    Wrong,
    /// No telling: some authenticator's key does not open. `compared` when another's did.
    Unsealable { compared: bool },
}

/// Judges a pair at the separate prompt.
pub(super) fn judge(case: &Case<'_>, pair: &OtpPair) -> (Verdict, Change) {
    if case.purpose != Purpose::Login {
        return refuse(Refusal::Malformed);
    }
    if let Some(why) = no_authenticator(case) {
        return refuse(why);
    }
    let ledger = case.record.ledger.clone();
    let waits = case.held(Kind::Authenticator);
    if waits == Some(Refusal::Disabled) {
        return refuse(Refusal::Disabled);
    }
    match (case.standing(Kind::Pair), waits) {
        (Standing::Free, waits) => judge_free(case, pair, waits),
        (Standing::Waiting(_) | Standing::Disabled, None) => refuse(Refusal::OneCodeOnly),
        (Standing::Waiting(_) | Standing::Disabled, Some(why)) => case.refuse_held(why, ledger),
    }
}

/// Pairs do not wait; `waits` is why single codes do. Then every refusal reads and costs what theirs do.
fn judge_free(case: &Case<'_>, pair: &OtpPair, waits: Option<Refusal>) -> (Verdict, Change) {
    let ledger = case.record.ledger.clone();
    let refused = |why| match waits {
        Some(waits) => case.refuse_held(waits, case.record.ledger.clone()),
        None => refuse(why),
    };
    let counted = || case.failed(Kind::Pair, ledger.clone());
    match find(case, pair) {
        Found::Fresh(authenticator, ledger) => {
            let ledger = case.succeeded(*ledger, Kind::Authenticator);
            case.accept(ledger, Method::Authenticator(authenticator.label.clone()), 0, false)
        }
        Found::Used => refused(Refusal::AlreadyUsed),
        Found::Wrong => (Verdict::Refused(waits.unwrap_or(Refusal::Wrong)), counted()),
        Found::Unsealable { compared: true } => {
            (waits.map_or(Verdict::Unsealable, Verdict::Refused), counted())
        }
        Found::Unsealable { compared: false } => {
            waits.map_or((Verdict::Unsealable, Change::NONE), |why| case.refuse_held(why, ledger.clone()))
        }
    }
}

/// Compares two codes with every authenticator that could show them; all are looked at whatever is found.
pub(super) fn find<'a>(case: &Case<'a>, pair: &OtpPair) -> Found<'a> {
    if case.key.is_none() {
        return Found::Unsealable { compared: false };
    }
    let mut right = None;
    let (mut used, mut half, mut compared, mut sealed_off) = (false, false, false, false);
    for device in case.devices.iter().filter(|device| device.shows(&pair.first)) {
        used |= device.remembers_pair(pair);
        half |= device.remembers(&pair.first) | device.remembers(&pair.second);
        if device.is_asked {
            compared |= device.key.is_some();
            sealed_off |= device.key.is_none();
            right = right.or(device.search_pair(pair).map(|found| (device, found)));
        }
    }
    match right.filter(|_| !half) {
        _ if used => Found::Used,
        Some((device, (second, off_centre))) => {
            let drift = device.drift_after(case.rules.drift_limit, off_centre);
            let steps = [(&pair.first, second.saturating_sub(1)), (&pair.second, second)];
            let ledger =
                devices::spend((&case.record.ledger, case.now), &case.devices, device, &steps, drift);
            Found::Fresh(device.authenticator, Box::new(ledger))
        }
        None if sealed_off => Found::Unsealable { compared },
        None => Found::Wrong,
    }
}
