//! Authenticator codes at the separate prompt.

use super::case::{Case, no_authenticator, refuse};
use super::devices::{self, Device};
use super::judged::Change;
use super::verdict::{Method, Purpose, Refusal, Verdict};
use crate::credential::OtpCode;
use crate::credential::throttle::Kind;
use crate::credential::totp::Match;
use crate::record::enrolment::Authenticator;
use crate::record::ledger::{FarMark, Ledger};

/// What a code is to all of a person's authenticators together.
pub(super) enum Found<'a> {
    /// Right: the authenticator, and the ledger in which its step is spent.
    Fresh(&'a Authenticator, Box<Ledger>),
    /// Right once.
    Used,
    /// Right at another time: mark and seconds.
    Far(FarMark, i64),
    /// Wrong.
    Wrong,
    /// No telling: some authenticator's key does not open. `compared` when another's did and the code is not its.
    Unsealable { compared: bool },
}

pub(super) fn judge(case: &Case<'_>, code: &OtpCode) -> (Verdict, Change) {
    if let Some(why) = no_authenticator(case) {
        return refuse(why);
    }
    if case.purpose == Purpose::Login
        && let Some(why) = case.held(Kind::Authenticator)
    {
        return case.refuse_held(why, case.record.ledger.clone());
    }
    let mut ledger = case.record.ledger.clone();
    match find(case, code) {
        Found::Fresh(authenticator, ledger) => {
            let ledger = case.succeeded(*ledger, Kind::Authenticator);
            case.accept(ledger, Method::Authenticator(authenticator.label.clone()), 0, false)
        }
        Found::Used => refuse(Refusal::AlreadyUsed),
        Found::Unsealable { compared: false } => (Verdict::Unsealable, Change::NONE),
        // Uncounted, it would be a free guess at the authenticator that does open.
        Found::Unsealable { compared: true } => {
            (Verdict::Unsealable, case.failed(Kind::Authenticator, ledger))
        }
        Found::Wrong => {
            ledger.far = FarMark::default();
            case.wrong(Kind::Authenticator, ledger)
        }
        Found::Far(mark, seconds) => {
            let sure =
                ledger.far.next != 0 && ledger.far.next != mark.next && ledger.far.offset == mark.offset;
            ledger.far = mark;
            let (then, change) = case.failed_then(Kind::Authenticator, ledger);
            (Verdict::Refused(Refusal::WrongTime { seconds, sure, then }), change)
        }
    }
}

/// Whether an entry equals the code of one of the last accepted steps. Looked at before all else: such an entry never
/// counts, so that it must never open, or it would be a free guess at each new step.
pub(super) fn was_accepted(case: &Case<'_>, code: &OtpCode) -> bool {
    case.devices.iter().fold(false, |found, device| found | device.remembers(code))
}

/// Compares a code with every authenticator that could show it; all are looked at whatever is found.
pub(super) fn find<'a>(case: &Case<'a>, code: &OtpCode) -> Found<'a> {
    if case.key.is_none() {
        return Found::Unsealable { compared: false };
    }
    let mut best: (Found<'a>, Option<(&Device<'a>, u64, i64)>) = (Found::Wrong, None);
    let (mut compared, mut sealed_off) = (false, false);
    for device in case.devices.iter().filter(|device| device.is_asked && device.shows(code)) {
        let Some(matched) = device.search(code) else {
            sealed_off = true;
            continue;
        };
        compared = true;
        match matched {
            Match::Fresh { step, off_centre } if best.1.is_none() => {
                best.1 = Some((device, step, off_centre));
            }
            Match::Used => best.0 = Found::Used,
            Match::Far { step, offset } if matches!(best.0, Found::Wrong) => {
                let seconds = offset * i64::from(device.authenticator.parameters.period.get());
                best.0 = Found::Far(FarMark::of(step, offset), seconds);
            }
            Match::Fresh { .. } | Match::Far { .. } | Match::Wrong => {}
        }
    }
    // A right code is right whatever the others say; a sealed-off authenticator leaves a wrong one unproven.
    match best {
        (_, Some((device, step, off_centre))) => {
            let drift = device.drift_after(case.rules.drift_limit, off_centre);
            let ledger = devices::spend(
                (&case.record.ledger, case.now),
                &case.devices,
                device,
                &[(code, step)],
                drift,
            );
            Found::Fresh(device.authenticator, Box::new(ledger))
        }
        (Found::Wrong | Found::Far(..), None) if sealed_off => Found::Unsealable { compared },
        (found, None) => found,
    }
}
