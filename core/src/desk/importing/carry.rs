//! What of another verifier's authenticator ours can hold.

use super::{Found, ImportNote, NotTaken, ShortKeys, Spent};
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
/// [`NotTaken`]: why it cannot be taken over at all.
pub fn carry(
    found: &Found,
    label: String,
    (rules, short_keys): (&Rules, ShortKeys),
    now: Timestamp,
) -> Result<(Incoming, Vec<ImportNote>), NotTaken> {
    let is_taken = short_keys == ShortKeys::TakenOver && found.has_short_key();
    if !is_taken && !(KEY_MIN..=KEY_MAX).contains(&found.key.len()) {
        return Err(NotTaken::KeyLength(found.key.len()));
    }
    let limit = i64::try_from(rules.drift_limit).unwrap_or(i64::MAX);
    let drift = found.skew.clamp(-limit, limit);
    let mut left = found.left.clone();
    if let Some((line, steps)) = found.window
        && steps != 2 * rules.window + 1
    {
        left.push(ImportNote { line, what: NotTaken::Window(steps) });
    }
    if drift != found.skew {
        left.push(ImportNote { line: found.line, what: NotTaken::Skew { found: found.skew, held: drift } });
    }
    let step = found.parameters.step(now);
    let acceptable = step.saturating_add_signed(drift).saturating_add(rules.window);
    let last = match &found.spent {
        Spent::Nothing => None,
        Spent::Step(last) if *last > step + AHEAD / u64::from(found.parameters.period.get()) => {
            return Err(NotTaken::SpentAhead);
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
mod tests {
    //! Used there is used here; what does not fit is said.

    use super::*;
    use crate::credential::secret::Secret;
    use crate::credential::totp::Parameters;
    use crate::testing::{RULES, known_key};

    const NOW: Timestamp = Timestamp(1_800_000_000);
    const STEP: u64 = NOW.0 / 30;

    fn found(spent: Spent) -> Found {
        let key = known_key();
        Found {
            line: 1,
            user: None,
            parameters: Parameters::default(),
            key,
            skew: 0,
            window: None,
            spent,
            left: Vec::new(),
        }
    }

    fn carried(found: &Found) -> (Incoming, Vec<NotTaken>) {
        let (incoming, left) = carry(found, "app".into(), (&RULES, ShortKeys::LeftOut), NOW).unwrap();
        (incoming, left.into_iter().map(|note| note.what).collect())
    }

    fn code(step: u64) -> OtpCode {
        let found = found(Spent::Nothing);
        OtpCode::parse(found.parameters.code(&found.key, step).as_bytes()).unwrap()
    }

    #[test]
    fn the_step_after_the_last_one_used_is_the_next() {
        assert_eq!(carried(&found(Spent::Nothing)).0.next, 0);
        assert_eq!(carried(&found(Spent::Step(STEP))).0.next, STEP + 1);
        assert_eq!(carried(&found(Spent::Code(code(STEP - 3), None))).0.next, STEP - 2);
        let long_ago = Timestamp(NOW.0 - 86400);
        let spent = Spent::Code(code(STEP - 2880), Some(long_ago));
        assert_eq!(carried(&found(spent)).0.next, STEP - 2879);
    }

    #[test]
    fn where_it_is_not_known_what_was_used_all_that_could_be_accepted_now_is() {
        for spent in [Spent::Unknown, Spent::Code(code(STEP - 500), None)] {
            assert_eq!(carried(&found(spent)).0.next, STEP + 2);
        }
    }

    #[test]
    fn a_skew_is_held_as_far_as_drift_is_learned_a_window_if_the_sites() {
        for (skew, held, said) in [(3, 3, false), (-4, -4, false), (40, 4, true), (-1000, -4, true)] {
            let (incoming, left) = carried(&Found { skew, ..found(Spent::Nothing) });
            assert_eq!((incoming.drift, left.contains(&NotTaken::Skew { found: skew, held })), (held, said));
        }
        for (steps, said) in [(3, false), (17, true), (1, true)] {
            let (_, left) = carried(&Found { window: Some((2, steps)), ..found(Spent::Nothing) });
            assert_eq!(left.contains(&NotTaken::Window(steps)), said, "{steps}");
        }
    }

    #[test]
    fn short_and_endless_keys_are_refused_and_so_are_steps_of_another_year() {
        let refused =
            |found: &Found| carry(found, "app".into(), (&RULES, ShortKeys::LeftOut), NOW).unwrap_err();
        for len in [10, 15, 129] {
            let key = Secret::new(vec![7; len]);
            assert_eq!(refused(&Found { key, ..found(Spent::Nothing) }), NotTaken::KeyLength(len));
        }
        for (len, is_taken) in [(9, false), (10, true), (15, true), (16, true), (128, true), (129, false)] {
            let found = Found { key: Secret::new(vec![7; len]), ..found(Spent::Nothing) };
            let carried = carry(&found, "app".into(), (&RULES, ShortKeys::TakenOver), NOW);
            assert_eq!(carried.is_ok(), is_taken, "{len} bytes, where short ones are taken over");
            assert_eq!(found.has_short_key(), (10..16).contains(&len));
        }
        assert_eq!(refused(&found(Spent::Step(STEP + 1_000_000))), NotTaken::SpentAhead);
        assert_eq!(carried(&found(Spent::Step(STEP + 1500))).0.next, STEP + 1501);
        let next_century = Timestamp(NOW.0 * 2);
        let spent = Spent::Code(code(next_century.0 / 30), Some(next_century));
        assert_eq!(carried(&found(spent)).0.next, STEP + 2);
    }
}
