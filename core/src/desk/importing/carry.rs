//! What of another verifier's authenticator ours can hold.

use super::{Found, Left, Note, ShortKeys, Spent};
use crate::credential::OtpCode;
use crate::credential::totp::{KEY_MAX, KEY_MIN};
use crate::desk::Incoming;
use crate::system::clock::Timestamp;
use crate::verify::Rules;
use std::time::Duration;

/// Steps either side of a moment among which a code written down is looked for: more than any window here takes.
const REACH: u64 = 20;

/// Seconds by which an accepted step can lie ahead: `pam_google_authenticator` learns a skew of 25 hours of half
/// minutes at most, and takes a window of a hundred steps around it.
const AHEAD: u64 = 26 * 3600;

/// The authenticator as it is to be taken over, and what of it is left out. What the other verifier accepted counts
/// as used here; where it is not known, every code counts that could be accepted now.
///
/// # Errors
/// [`Left`]: why it cannot be taken over at all.
pub fn carry(
    found: &Found,
    label: String,
    (rules, short_keys): (&Rules, ShortKeys),
    now: Timestamp,
) -> Result<(Incoming, Vec<Note>), Left> {
    let is_taken = short_keys == ShortKeys::TakenOver && found.has_short_key();
    if !is_taken && !(KEY_MIN..=KEY_MAX).contains(&found.key.len()) {
        return Err(Left::KeyLength(found.key.len()));
    }
    let limit = i64::try_from(rules.drift_limit).unwrap_or(i64::MAX);
    let drift = found.skew.clamp(-limit, limit);
    let mut left = found.left.clone();
    if let Some((line, steps)) = found.window
        && steps != 2 * rules.window + 1
    {
        left.push(Note { line, what: Left::Window(steps) });
    }
    if drift != found.skew {
        left.push(Note { line: found.line, what: Left::Skew { found: found.skew, held: drift } });
    }
    let step = found.parameters.step(now);
    let acceptable = step.saturating_add_signed(drift).saturating_add(rules.window);
    let last = match &found.spent {
        Spent::Nothing => None,
        Spent::Step(last) if *last > step + AHEAD / u64::from(found.parameters.period.get()) => {
            return Err(Left::SpentAhead);
        }
        Spent::Step(last) => Some(*last),
        Spent::Code(code, at) => Some(step_of(found, code, *at, now).unwrap_or(acceptable)),
        Spent::Unknown => Some(acceptable),
    };
    let next = last.map_or(0, |last| last + 1);
    let incoming = Incoming { label, parameters: found.parameters, key: found.key.clone(), next, drift };
    Ok((incoming, left))
}

/// The highest step whose code it is, around now and around when it was accepted.
fn step_of(found: &Found, code: &OtpCode, at: Option<Timestamp>, now: Timestamp) -> Option<u64> {
    let around = |moment| {
        let step = found.parameters.step(moment);
        step.saturating_sub(REACH)..=step.saturating_add(REACH)
    };
    let latest = now.plus(Duration::from_secs(AHEAD));
    let moments = [Some(now), at.filter(|at| *at <= latest)];
    let steps = moments.into_iter().flatten().flat_map(around);
    steps.filter(|step| code.matches(&found.parameters.code(&found.key, *step))).max()
}

#[cfg(test)]
#[path = "carry_tests.rs"]
mod tests;
