//! Two codes in one entry.

use super::*;

/// The codes of two steps, one behind the other; offsets from now.
fn pair(roy: &Person, first: i64, second: i64) -> String {
    format!("{}{}", roy.otp(first), roy.otp(second))
}

fn waiting_person() -> Person {
    let mut roy = Person::new(State::Enrolled);
    roy.fail(Kind::Authenticator, 20, NOW);
    roy.fail(Kind::Combined, 20, NOW);
    roy
}

fn mark(roy: &Person) -> SlotMark {
    roy.record.ledger.slot(0, 1)
}

#[test]
fn a_code_and_the_next_open_while_single_codes_wait() {
    for (before, code) in [("", ""), ("pw", "pw")] {
        let mut roy = waiting_person();
        let typed = |roy: &Person, rest: String| {
            if before.is_empty() { roy.entry(&rest) } else { roy.combined(&format!("{before}{rest}")) }
        };
        let (one, two) = (typed(&roy, roy.otp(0)), typed(&roy, pair(&roy, 0, 1)));
        let until = waiting_or_two(Timestamp(NOW + 3600));
        assert_eq!(roy.enter(&one, NOW), Verdict::Refused(until), "{code}");
        let Verdict::Accepted(acceptance) = roy.enter(&two, NOW) else { panic!("refused") };
        assert_eq!(acceptance.tail, if before.is_empty() { 0 } else { 12 });
        assert_eq!(acceptance.wrong_before, 20);
        let step = Parameters::default().step(Timestamp(NOW));
        assert_eq!((mark(&roy).next, mark(&roy).drift), (step + 2, 1));
        let third = typed(&roy, roy.otp(2));
        assert!(is_accepted(&roy.enter(&third, NOW + 30)), "the wait is over");
    }
}

#[test]
fn it_opens_where_nobody_waits_too_and_blanks_mean_nothing() {
    let mut roy = Person::new(State::Enrolled);
    let typed = format!("{} {}", roy.otp(-1), roy.otp(0));
    assert!(is_accepted(&roy.type_at(&typed, NOW)));
    assert_eq!(mark(&roy).drift, 0, "learned from the second");
}

#[test]
fn the_second_lies_in_the_window_and_the_first_is_not_used_up() {
    let mut roy = Person::new(State::Enrolled);
    for (first, second) in [(-3, -2), (1, 2), (0, 0), (1, 0), (-1, 1), (0, 2)] {
        assert!(!is_accepted(&roy.judge(&roy.entry(&pair(&roy, first, second)), NOW).0), "{first} {second}");
    }
    for (first, second) in [(-2, -1), (-1, 0), (0, 1)] {
        assert!(is_accepted(&roy.judge(&roy.entry(&pair(&roy, first, second)), NOW).0), "{first} {second}");
    }
    assert!(is_accepted(&roy.type_at(&roy.otp(-1), NOW)));
    assert!(!is_accepted(&roy.judge(&roy.entry(&pair(&roy, -1, 0)), NOW).0), "the first is used");
    assert!(is_accepted(&roy.type_at(&pair(&roy, 0, 1), NOW + 30)));
}

#[test]
fn two_devices_make_no_pair() {
    let mut roy = Person::new(State::Enrolled);
    let other = Secret::new(b"another key of twenty".to_vec());
    roy.add_device(other.clone(), Parameters::default());
    let p = Parameters::default();
    let second = p.code(&other, p.step(Timestamp(NOW)) + 1).to_string();
    assert_eq!(roy.type_at(&format!("{}{second}", roy.otp(0)), NOW), Verdict::Refused(Refusal::Wrong));
    let own = format!("{}{second}", &*p.code(&other, p.step(Timestamp(NOW))));
    assert!(is_accepted(&roy.type_at(&own, NOW)));
}

#[test]
fn wrong_pairs_have_a_tally_of_their_own_and_close_after_a_hundred() {
    let mut roy = Person::new(State::Enrolled);
    for _ in 0..5 {
        assert_eq!(roy.type_at("000000000000", NOW), Verdict::Refused(Refusal::Wrong));
    }
    assert_eq!(roy.record.ledger.tally(Kind::Authenticator).failures, 0);
    let right = pair(&roy, 0, 1);
    assert_eq!(roy.type_at(&right, NOW), Verdict::Refused(Refusal::OneCodeOnly), "one code opens meanwhile");
    assert!(!is_accepted(&roy.judge(&roy.entry(&right), NOW + 9).0));
    assert!(is_accepted(&roy.judge(&roy.entry(&roy.otp(0)), NOW).0), "single codes do not wait with them");
    assert!(is_accepted(&roy.judge(&roy.entry(&right), NOW + 10).0));
    roy.fail(Kind::Pair, 94, NOW);
    assert!(is_accepted(&roy.judge(&roy.entry(&right), NOW + 60).0), "ninety-nine wait a minute at most");
    roy.fail(Kind::Pair, 1, NOW);
    assert_eq!(
        roy.judge(&roy.entry(&right), NOW + 60),
        (Verdict::Refused(Refusal::OneCodeOnly), Change::NONE)
    );
    roy.fail(Kind::Authenticator, 5, NOW);
    let alone = Verdict::Refused(waiting(Timestamp(NOW + 30)));
    assert_eq!(roy.type_at("000000", NOW), alone, "two codes are not offered where they open nothing");
    assert_eq!(roy.type_at(&right, NOW), alone);
    assert!(is_accepted(&roy.type_at(&roy.otp(1), NOW + 30)));
    assert!(is_accepted(&roy.type_at(&pair(&roy, 2, 3), NOW + 60)), "a success opens pairs again");
}

#[test]
fn behind_a_password_pairs_never_close() {
    let mut roy = waiting_person();
    roy.fail(Kind::CombinedPair, 500, NOW);
    let right = roy.combined(&format!("pw{}", pair(&roy, 1, 2)));
    let until = Verdict::Refused(waiting_or_two(Timestamp(NOW + 3600)));
    assert_eq!(roy.enter(&right, NOW), until);
    assert!(is_accepted(&roy.enter(&right, NOW + 60)));
}

/// Else single codes could be guessed through the halves of pairs.
#[test]
fn a_wrong_pair_behind_a_password_where_one_was_compared_fails_combined() {
    let mut roy = Person::new(State::Enrolled);
    let wrong = roy.combined("pw000000000000");
    assert_eq!(roy.enter(&wrong, NOW), Verdict::Refused(Refusal::Wrong));
    let failures = |roy: &Person| {
        [Kind::Combined, Kind::CombinedPair, Kind::Authenticator, Kind::Pair]
            .map(|kind| roy.record.ledger.tally(kind).failures)
    };
    assert_eq!(failures(&roy), [1, 1, 0, 0]);
    roy.fail(Kind::Combined, 4, NOW);
    assert_eq!(roy.enter(&wrong, NOW), Verdict::Refused(waiting_or_two(Timestamp(NOW + 30))));
    assert_eq!(failures(&roy), [5, 2, 0, 0], "while combined entries wait the pair alone is compared");
    roy.fail(Kind::CombinedPair, 3, NOW);
    assert_eq!(roy.enter(&wrong, NOW), Verdict::Refused(waiting_or_two(Timestamp(NOW + 30))));
    assert_eq!(failures(&roy), [5, 5, 0, 0], "while pairs wait none is compared");
}

/// Else somebody who knows a mailed code of yesterday guesses pairs that end in it for nothing.
#[test]
fn behind_a_password_a_wrong_pair_counts_also_where_its_end_was_used() {
    let mut roy = Person::new(State::Enrolled);
    assert!(is_accepted(&roy.type_at(&roy.otp(1), NOW)));
    // A step that was skipped: its code opens no more and counts for nothing.
    let skipped = roy.otp(0);
    for _ in 0..5 {
        let entry = roy.combined(&format!("pw000000{skipped}"));
        assert_eq!(roy.enter(&entry, NOW), Verdict::Refused(Refusal::AlreadyUsed));
    }
    let failures = [Kind::Combined, Kind::CombinedPair].map(|kind| roy.record.ledger.tally(kind).failures);
    assert_eq!(failures, [0, 5]);
}

#[test]
fn two_codes_are_not_offered_while_the_authenticator_is_disabled() {
    let mut roy = Person::new(State::Enrolled);
    roy.fail(Kind::Authenticator, 50, NOW);
    roy.fail(Kind::Combined, 5, NOW);
    assert_eq!(roy.enter(&roy.combined("nonsense"), NOW), Verdict::Refused(waiting(Timestamp(NOW + 30))));
}

#[test]
fn while_pairs_wait_a_code_behind_a_password_of_digits_opens() {
    let mut roy = Person::new(State::Enrolled);
    roy.fail(Kind::CombinedPair, 5, NOW);
    let entry = roy.combined(&format!("pw123456{}", roy.otp(0)));
    assert!(is_accepted(&roy.enter(&entry, NOW)));
    assert_eq!(roy.record.ledger.tally(Kind::CombinedPair).consecutive(), 0, "and forgives");
}

#[test]
fn a_password_that_ends_in_digits_and_a_code_open_and_count_nothing() {
    let mut roy = Person::new(State::Enrolled);
    let entry = roy.combined(&format!("pw123456{}", roy.otp(0)));
    let Verdict::Accepted(acceptance) = roy.enter(&entry, NOW) else { panic!("refused") };
    assert_eq!(acceptance.tail, 6);
    assert!(Kind::ALL.into_iter().all(|kind| roy.record.ledger.tally(kind).consecutive() == 0));
}

#[test]
fn every_refusal_while_waiting_reads_and_costs_alike() {
    let mut roy = waiting_person();
    assert!(is_accepted(&roy.type_at(&pair(&roy, -1, 0), NOW)));
    roy.fail(Kind::Authenticator, 20, NOW);
    roy.fail(Kind::Combined, 20, NOW);
    let until = Verdict::Refused(waiting_or_two(Timestamp(NOW + 3600)));
    let half = format!("{}000000", roy.otp(0));
    for typed in ["000000", &roy.otp(1), &roy.otp(0), "000000000000", &pair(&roy, -1, 0), &half, "nonsense"] {
        for entry in [roy.entry(typed), roy.combined(&format!("pw{typed}"))] {
            let (verdict, change) = roy.judge(&entry, NOW);
            assert_eq!((verdict, change.0.is_some()), (until.clone(), true), "{typed}");
        }
    }
}

#[test]
fn it_confirms_nothing_and_opens_nothing_while_disabled() {
    let mut roy = Person::new(State::Enrolled);
    let entry = roy.entry(&pair(&roy, 0, 1));
    roy.fail(Kind::Authenticator, 50, NOW);
    for entry in [entry.clone(), roy.combined(&pair(&roy, 0, 1))] {
        assert_eq!(roy.judge(&entry, NOW), (Verdict::Refused(Refusal::Disabled), Change::NONE));
    }
    let mut roy = Person::new(State::Enrolled);
    roy.pend(Parameters::default());
    for purpose in [Purpose::Confirm, Purpose::ConfirmAddress] {
        let attempt = Attempt { entry: &entry, uid: UID, purpose };
        let judged = decide(&RULES, &roy.record, Some(&roy.key), attempt, Timestamp(NOW)).into_parts();
        assert_eq!(judged, (Verdict::Refused(Refusal::Malformed), Change::NONE));
    }
}

#[test]
fn without_an_authenticator_or_the_sealing_key_there_is_no_pair() {
    for (state, why) in [(State::NotEnrolled, Refusal::NotEnrolled), (State::MustEnroll, Refusal::MustEnroll)]
    {
        let roy = Person::new(state);
        let judged = (Verdict::Refused(why), Change::NONE);
        assert_eq!(roy.judge(&roy.entry("123456123456"), NOW), judged);
        assert_eq!(roy.judge(&roy.combined("pw123456123456"), NOW), judged);
    }
    let roy = Person::new(State::Enrolled);
    let entry = roy.entry(&pair(&roy, 0, 1));
    let attempt = Attempt { entry: &entry, uid: UID, purpose: Purpose::Login };
    let judged = decide(&RULES, &roy.record, None, attempt, Timestamp(NOW)).into_parts();
    assert_eq!(judged, (Verdict::Unsealable, Change::NONE));
}

#[test]
fn a_device_that_does_not_open_gives_no_free_guesses_at_others_pairs() {
    let mut roy = otp::with_foreign_device(Parameters::default());
    assert_eq!(roy.type_at("000000000000", NOW), Verdict::Unsealable);
    assert_eq!(roy.enter(&roy.combined("pw000000000000"), NOW), Verdict::Unsealable);
    assert_eq!(roy.record.ledger.tally(Kind::Pair).failures, 1);
    assert_eq!(roy.record.ledger.tally(Kind::CombinedPair).failures, 1);
    assert!(is_accepted(&roy.type_at(&pair(&roy, 0, 1), NOW)));
}

#[test]
fn a_single_use_code_ends_the_waiting_of_pairs() {
    let mut roy = Person::new(State::Enrolled).with_code(CodeKind::Recovery, None);
    roy.fail(Kind::Pair, 100, NOW);
    roy.fail(Kind::CombinedPair, 9, NOW);
    let code = roy.codes[0].clone();
    assert!(is_accepted(&roy.type_at(&code, NOW)));
    assert!(is_accepted(&roy.type_at(&pair(&roy, 0, 1), NOW)));
    assert_eq!(roy.record.ledger.tally(Kind::CombinedPair).consecutive(), 0);
}
