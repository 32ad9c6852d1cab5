//! Authenticator codes at the separate prompt.

use super::{Case, Change, Method, Purpose, Refusal, Verdict, held, no_authenticator, refuse};
use crate::credential::OtpCode;
use crate::enrolment::Authenticator;
use crate::ledger::{FarMark, SlotMark};
use crate::throttle::Kind;
use crate::totp::{self, Match, Position};

/// What a code is to all of a person's authenticators together.
pub(super) enum Found<'a> {
    /// Right: the authenticator and the mark that spends the step.
    Fresh(&'a Authenticator, SlotMark),
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
        && let Some(why) = held(case.standing(Kind::Authenticator))
    {
        return refuse(why);
    }
    let mut ledger = case.record.ledger.clone();
    match find(case, code) {
        Found::Fresh(authenticator, mark) => {
            ledger.set_slot(authenticator.slot, mark);
            let ledger = case.succeeded(ledger, Kind::Authenticator);
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
            (Verdict::Refused(Refusal::Wrong), case.failed(Kind::Authenticator, ledger))
        }
        Found::Far(mark, seconds) => {
            let sure =
                ledger.far.next != 0 && ledger.far.next != mark.next && ledger.far.offset == mark.offset;
            ledger.far = mark;
            let why = Refusal::WrongTime { seconds, sure };
            (Verdict::Refused(why), case.failed(Kind::Authenticator, ledger))
        }
    }
}

/// Compares a code with every authenticator that could show it; all are looked at whatever is found.
pub(super) fn find<'a>(case: &Case<'a>, code: &OtpCode) -> Found<'a> {
    let Some(key) = case.key else { return Found::Unsealable { compared: false } };
    let mut best = Found::Wrong;
    let (mut compared, mut sealed_off) = (false, false);
    for authenticator in candidates(case) {
        if authenticator.parameters.digits.get() as usize != code.digits() {
            continue;
        }
        let home = authenticator.home(&case.record.enrolment.user);
        let Ok(secret) = key.open(home, &authenticator.sealed) else {
            sealed_off = true;
            continue;
        };
        compared = true;
        let found = compare(case, authenticator, &secret, code);
        if rank(&found) > rank(&best) {
            best = found;
        }
    }
    // A right code is right whatever the others say; a sealed-off authenticator leaves a wrong one unproven.
    match best {
        Found::Wrong | Found::Far(..) if sealed_off => Found::Unsealable { compared },
        best => best,
    }
}

fn candidates<'a>(case: &Case<'a>) -> impl Iterator<Item = &'a Authenticator> {
    let enrolment = &case.record.enrolment;
    let (active, pending) = match case.purpose {
        Purpose::Login => (&enrolment.authenticators[..], None),
        Purpose::Confirm => (&[][..], enrolment.pending_at(case.now)),
        Purpose::ConfirmAddress => (&[][..], None),
    };
    active.iter().chain(pending)
}

const fn rank(found: &Found<'_>) -> u8 {
    match found {
        Found::Wrong | Found::Unsealable { .. } => 0,
        Found::Far(..) => 1,
        Found::Used => 2,
        Found::Fresh(..) => 3,
    }
}

fn compare<'a>(
    case: &Case<'a>,
    authenticator: &'a Authenticator,
    secret: &crate::secret::Secret,
    code: &OtpCode,
) -> Found<'a> {
    let mark = case.record.ledger.slot(authenticator.slot, authenticator.serial);
    let limit = i64::try_from(case.rules.drift_limit).unwrap_or(i64::MAX);
    let drift = mark.drift.clamp(-limit, limit);
    let at = Position { now: case.now, drift, window: case.rules.window, next: mark.next };
    match totp::search(secret, &authenticator.parameters, code, at) {
        Match::Fresh { step, off_centre } => {
            let drift = (drift + off_centre.signum()).clamp(-limit, limit);
            Found::Fresh(authenticator, SlotMark { next: step + 1, drift, last_used: case.now, ..mark })
        }
        Match::Used => Found::Used,
        Match::Far { step, offset } => {
            let seconds = offset * i64::from(authenticator.parameters.period.get());
            Found::Far(FarMark::of(step, offset), seconds)
        }
        Match::Wrong => Found::Wrong,
    }
}
