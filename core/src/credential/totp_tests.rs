//! RFC vectors, the window and its edges.

use super::*;
use proptest::prelude::*;

fn key(len: usize) -> Secret {
    Secret::new(b"1234567890".iter().copied().cycle().take(len).collect())
}

fn parameters(algorithm: Algorithm, digits: u32) -> Parameters {
    Parameters { algorithm, digits: digits.try_into().unwrap(), period: Period::default() }
}

fn six() -> Parameters {
    Parameters::default()
}

fn typed(code: &str) -> OtpCode {
    OtpCode::parse(code.as_bytes()).unwrap()
}

fn at(now: u64) -> Position {
    Position { now: Timestamp(now), drift: 0, window: 1, next: 0 }
}

#[test]
fn rfc_4226_appendix_d() {
    let codes =
        ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"];
    for (counter, code) in codes.iter().enumerate() {
        assert_eq!(six().code(&key(20), counter as u64).as_str(), *code);
    }
}

#[test]
fn rfc_6238_appendix_b() {
    let rows: [(u64, &str, &str, &str, &str); 6] = [
        (59, "94287082", "46119246", "90693936", "287082"),
        (1_111_111_109, "07081804", "68084774", "25091201", "081804"),
        (1_111_111_111, "14050471", "67062674", "99943326", "050471"),
        (1_234_567_890, "89005924", "91819424", "93441116", "005924"),
        (2_000_000_000, "69279037", "90698825", "38618901", "279037"),
        (20_000_000_000, "65353130", "77737706", "47863826", "353130"),
    ];
    for (time, sha1, sha256, sha512, short) in rows {
        for (algorithm, digits, code) in [
            (Algorithm::Sha1, 8, sha1),
            (Algorithm::Sha256, 8, sha256),
            (Algorithm::Sha512, 8, sha512),
            (Algorithm::Sha1, 6, short),
        ] {
            let p = parameters(algorithm, digits);
            assert_eq!(p.code(&key(algorithm.key_len()), p.step(Timestamp(time))).as_str(), code, "{time}");
        }
    }
}

#[test]
fn the_window_is_one_step_either_side() {
    let now = 1_234_567_890;
    let step = six().step(Timestamp(now));
    for (offset, off_centre) in [(-1, Some(-1)), (0, Some(0)), (1, Some(1)), (-2, None), (2, None)] {
        let s = step.saturating_add_signed(offset);
        let expected = match off_centre {
            Some(off_centre) => Match::Fresh { step: s, off_centre },
            None => Match::Far { step: s, offset },
        };
        assert_eq!(search(&key(20), &six(), &typed(&six().code(&key(20), s)), at(now)), expected);
    }
}

#[test]
fn a_clock_that_was_put_right_is_not_far_off() {
    let now = 1_234_567_890;
    let step = six().step(Timestamp(now));
    for drift in [-10, -4, -3, 3, 4, 10] {
        for offset in -1..=1 {
            for learned in [0, drift] {
                let s = step.saturating_add_signed(learned + offset);
                let expected = Match::Fresh { step: s, off_centre: learned + offset - drift };
                let code = six().code(&key(20), s);
                assert_eq!(search(&key(20), &six(), &typed(&code), Position { drift, ..at(now) }), expected);
                let next = six().code(&key(20), s - 1);
                let pair = search_pair(
                    &key(20),
                    &six(),
                    (&typed(&next), &typed(&code)),
                    Position { drift, ..at(now) },
                );
                assert_eq!(pair, Some((s, learned + offset - drift)));
            }
        }
        // Between the two nothing is accepted that is near neither.
        let between = step.saturating_add_signed(drift.signum() * 2);
        let code = six().code(&key(20), between);
        let found = search(&key(20), &six(), &typed(&code), Position { drift, ..at(now) });
        assert_eq!(matches!(found, Match::Far { .. }), drift.abs() > 3, "{drift}");
    }
}

#[test]
fn a_step_is_used_once_and_step_zero_is_a_step() {
    let code = typed(&six().code(&key(20), 0));
    assert_eq!(search(&key(20), &six(), &code, at(0)), Match::Fresh { step: 0, off_centre: 0 });
    assert_eq!(search(&key(20), &six(), &code, Position { next: 1, ..at(0) }), Match::Used);
}

#[test]
fn of_two_steps_that_share_a_code_the_later_counts() {
    // Six digits repeat: find two neighbouring steps of one key that do.
    let key = key(20);
    let (first, code) = (0u64..)
        .map(|s| (s, six().code(&key, s)))
        .find(|(s, code)| *six().code(&key, s + 1) == **code)
        .unwrap();
    let now = at(first * 30);
    assert_eq!(search(&key, &six(), &typed(&code), now), Match::Fresh { step: first + 1, off_centre: 1 });
    let after_first = Position { next: first + 1, ..now };
    assert!(matches!(search(&key, &six(), &typed(&code), after_first), Match::Fresh { .. }));
}

#[test]
fn the_end_of_time_is_no_crash() {
    for now in [0, 1, 29, 30, u64::MAX - 30, u64::MAX] {
        for drift in [-10, 0, 10] {
            let _ = search(&key(20), &six(), &typed("000000"), Position { drift, window: 5, ..at(now) });
        }
    }
}

#[test]
fn digits_and_periods_are_only_the_offered_ones() {
    assert!(Digits::try_from(6).is_ok() && Digits::try_from(8).is_ok() && Digits::try_from(7).is_err());
    assert!(Period::try_from(30).is_ok() && Period::try_from(60).is_ok() && Period::try_from(1).is_err());
}

proptest! {
    #[test]
    fn a_fresh_match_is_never_below_the_next_step(now in 0u64..1 << 40, ahead in 0u64..4, offset in -3i64..4, drift in -4i64..5) {
        let step = six().step(Timestamp(now));
        let code = typed(&six().code(&key(20), step.saturating_add_signed(offset)));
        let next = step.saturating_sub(2) + ahead;
        let found = search(&key(20), &six(), &code, Position { next, drift, ..at(now) });
        if let Match::Fresh { step: s, off_centre } = found {
            prop_assert!(s >= next);
            prop_assert!(off_centre.abs() <= 1 || (off_centre + drift).abs() <= 1);
        }
    }
}
