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

fn carried(found: &Found) -> (Incoming, Vec<Left>) {
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
        assert_eq!((incoming.drift, left.contains(&Left::Skew { found: skew, held })), (held, said));
    }
    for (steps, said) in [(3, false), (17, true), (1, true)] {
        let (_, left) = carried(&Found { window: Some((2, steps)), ..found(Spent::Nothing) });
        assert_eq!(left.contains(&Left::Window(steps)), said, "{steps}");
    }
}

#[test]
fn short_and_endless_keys_are_refused_and_so_are_steps_of_another_year() {
    let refused = |found: &Found| carry(found, "app".into(), (&RULES, ShortKeys::LeftOut), NOW).unwrap_err();
    for len in [10, 15, 129] {
        let key = Secret::new(vec![7; len]);
        assert_eq!(refused(&Found { key, ..found(Spent::Nothing) }), Left::KeyLength(len));
    }
    for (len, is_taken) in [(9, false), (10, true), (15, true), (16, true), (128, true), (129, false)] {
        let found = Found { key: Secret::new(vec![7; len]), ..found(Spent::Nothing) };
        let carried = carry(&found, "app".into(), (&RULES, ShortKeys::TakenOver), NOW);
        assert_eq!(carried.is_ok(), is_taken, "{len} bytes, where short ones are taken over");
        assert_eq!(found.has_short_key(), (10..16).contains(&len));
    }
    assert_eq!(refused(&found(Spent::Step(STEP + 1_000_000))), Left::SpentAhead);
    assert_eq!(carried(&found(Spent::Step(STEP + 1500))).0.next, STEP + 1501);
    let next_century = Timestamp(NOW.0 * 2);
    let spent = Spent::Code(code(next_century.0 / 30), Some(next_century));
    assert_eq!(carried(&found(spent)).0.next, STEP + 2);
}
