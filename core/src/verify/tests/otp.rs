//! Authenticator codes.

use super::*;

#[test]
fn a_code_opens_once() {
    let mut roy = Person::new(State::Enrolled);
    let code = roy.otp(0);
    let Verdict::Accepted(acceptance) = roy.type_at(&code, NOW) else { panic!("refused") };
    assert_eq!(acceptance.method, Method::Authenticator("device 0".into()));
    assert_eq!(roy.type_at(&code, NOW), Verdict::Refused(Refusal::AlreadyUsed));
    assert_eq!(roy.record.ledger.tally(Kind::Authenticator).failures, 0, "a used code does not count");
    assert_eq!(roy.record.ledger.last_success, Timestamp(NOW));
    let authenticator = &roy.record.enrolment.authenticators[0];
    assert_eq!(roy.record.ledger.slot(authenticator.slot, authenticator.serial).last_used, Timestamp(NOW));
}

#[test]
fn an_earlier_code_does_not_open_after_a_later_one() {
    let mut roy = Person::new(State::Enrolled);
    assert!(is_accepted(&roy.type_at(&roy.otp(1), NOW)));
    assert_eq!(roy.type_at(&roy.otp(0), NOW), Verdict::Refused(Refusal::AlreadyUsed));
}

#[test]
fn wrong_codes_count_wait_and_disable() {
    let mut roy = Person::new(State::Enrolled);
    five_are_wrong(NOW + 30, true, || roy.type_at("000000", NOW));
    let until = Timestamp(NOW + 30);
    for typed in ["000000", &roy.otp(0)] {
        let before = roy.record.clone();
        assert_eq!(roy.type_at(typed, NOW), Verdict::Refused(waiting_or_two(until)));
        assert_eq!(roy.record, before, "what is not judged writes the same again");
    }
    let mut later = NOW + 30;
    for failures in 6..=50 {
        let last = match failures {
            50 => Hold::Disabled,
            _ => {
                Hold::Waiting { until: Timestamp(later + (30 << (failures - 5)).min(3600)), two_codes: true }
            }
        };
        assert_eq!(roy.type_at("000000", later), Verdict::Refused(Refusal::LastWrong(last)));
        later += 3600;
    }
    assert_eq!(roy.type_at("000000", later), Verdict::Refused(Refusal::Disabled));
}

#[test]
fn a_right_code_ends_the_counting() {
    let mut roy = Person::new(State::Enrolled);
    roy.fail(Kind::Authenticator, 4, NOW);
    assert!(is_accepted(&roy.type_at(&roy.otp(0), NOW)));
    assert_eq!(roy.record.ledger.tally(Kind::Authenticator).consecutive(), 0);
}

#[test]
fn malformed_entries_count_for_nothing() {
    let mut roy = Person::new(State::Enrolled);
    for typed in ["", "12345", "password", "email", "\u{8}\n\r\u{7f}INCORRECT"] {
        assert_eq!(roy.judge(&roy.entry(typed), NOW), (Verdict::Refused(Refusal::Malformed), Change::NONE));
    }
    assert_eq!(
        roy.type_at("12345678", NOW),
        Verdict::Refused(Refusal::Wrong),
        "eight digits are a code's form"
    );
}

#[test]
fn drift_is_learned_one_step_a_success_and_capped() {
    let mut roy = Person::new(State::Enrolled);
    let p = Parameters::default();
    for i in 1..=8u64 {
        // An authenticator that gains a step each time.
        let now = NOW + i * 300;
        let step = p.step(Timestamp(now)) + i;
        let accepted = is_accepted(&roy.type_at(&p.code(&roy.secret, step), now));
        let drift = roy.record.ledger.slot(0, 1).drift;
        assert_eq!((accepted, drift), if i <= 5 { (true, i.min(4).cast_signed()) } else { (false, 4) });
    }
}

#[test]
fn a_clock_put_right_opens_and_drift_is_unlearned_a_step_a_success() {
    let mut roy = Person::new(State::Enrolled);
    let p = Parameters::default();
    roy.record.ledger.set_slot(0, SlotMark { drift: 4, ..roy.record.ledger.slot(0, 1) });
    for (i, left) in (1..).zip([3, 2, 1, 0, 0]) {
        let now = NOW + i * 300;
        let code = p.code(&roy.secret, p.step(Timestamp(now)));
        assert!(is_accepted(&roy.type_at(&code, now)), "{left}");
        assert_eq!(roy.record.ledger.slot(0, 1).drift, left);
    }
}

#[test]
fn only_two_different_codes_at_one_distance_tell_about_the_clock() {
    let mut roy = Person::new(State::Enrolled);
    let unsure = Verdict::Refused(Refusal::WrongTime { seconds: 300, sure: false, then: None });
    assert_eq!(roy.type_at(&roy.otp(10), NOW), unsure);
    assert_eq!(roy.type_at(&roy.otp(10), NOW), unsure, "the same code again proves nothing");
    let next =
        Parameters::default().code(&roy.secret, Parameters::default().step(Timestamp(NOW)) + 11).to_string();
    assert_eq!(
        roy.type_at(&next, NOW + 30),
        Verdict::Refused(Refusal::WrongTime { seconds: 300, sure: true, then: None })
    );
    assert_eq!(roy.record.ledger.tally(Kind::Authenticator).failures, 3);
}

/// Else the wait that is not said would tell a guesser that the code was one of another time.
#[test]
fn a_far_code_that_begins_a_wait_reads_like_a_wrong_one() {
    let mut roy = Person::new(State::Enrolled);
    roy.fail(Kind::Authenticator, 4, NOW);
    let told = |verdict| match verdict {
        Verdict::Refused(refusal) => refusal.to_a_guesser(),
        other => panic!("{other:?}"),
    };
    let (far, wrong) = (roy.judge(&roy.entry(&roy.otp(10)), NOW).0, roy.judge(&roy.entry("000000"), NOW).0);
    assert!(matches!(far, Verdict::Refused(Refusal::WrongTime { then: Some(_), .. })), "{far:?}");
    assert_eq!(told(far), told(wrong));
}

#[test]
fn a_wrong_code_between_two_far_ones_breaks_the_row() {
    let mut roy = Person::new(State::Enrolled);
    assert!(matches!(
        roy.type_at(&roy.otp(10), NOW),
        Verdict::Refused(Refusal::WrongTime { sure: false, .. })
    ));
    assert_eq!(roy.type_at("000000", NOW), Verdict::Refused(Refusal::Wrong));
    let next =
        Parameters::default().code(&roy.secret, Parameters::default().step(Timestamp(NOW)) + 11).to_string();
    assert!(matches!(roy.type_at(&next, NOW + 30), Verdict::Refused(Refusal::WrongTime { sure: false, .. })));
}

#[test]
fn without_the_sealing_key_there_is_no_telling() {
    let roy = Person::new(State::Enrolled);
    let foreign = SealingKey::generate().unwrap();
    for key in [None, Some(&foreign)] {
        for typed in [roy.otp(0), "000000".into()] {
            let entry = roy.entry(&typed);
            let attempt = Attempt { entry: &entry, uid: UID, purpose: Purpose::Login };
            let judged = decide(&RULES, &roy.record, key, attempt, Timestamp(NOW)).into_parts();
            assert_eq!(judged, (Verdict::Unsealable, Change::NONE));
        }
    }
}

/// Roy with a second device whose key was sealed with another site's key.
pub(super) fn with_foreign_device(parameters: Parameters) -> Person {
    let mut roy = Person::new(State::Enrolled);
    let own = std::mem::replace(&mut roy.key, SealingKey::generate().unwrap());
    roy.add_authenticator(parameters);
    roy.key = own;
    roy
}

#[test]
fn a_device_that_does_not_open_makes_no_free_guesses_at_the_others() {
    let mut roy = with_foreign_device(Parameters::default());
    for _ in 0..5 {
        assert_eq!(roy.type_at("000000", NOW), Verdict::Unsealable);
    }
    assert_eq!(roy.record.ledger.tally(Kind::Authenticator).failures, 5);
    assert_eq!(roy.type_at(&roy.otp(0), NOW), Verdict::Refused(waiting_or_two(Timestamp(NOW + 30))));
    assert!(
        is_accepted(&roy.type_at(&roy.otp(1), NOW + 30)),
        "a right code is right whatever the others say"
    );
}

#[test]
fn a_combined_entry_looks_past_a_device_that_does_not_open() {
    let eight = Parameters { digits: 8.try_into().unwrap(), ..Parameters::default() };
    let mut roy = with_foreign_device(eight);
    assert_eq!(roy.enter(&roy.combined("pw00000000"), NOW), Verdict::Unsealable);
    let failures = roy.record.ledger.tally(Kind::Combined).failures;
    assert_eq!(failures, 1, "the last six digits were a guess at the device that opens");
    assert!(is_accepted(&roy.enter(&roy.combined(&format!("pw12{}", roy.otp(0))), NOW)));
}

#[test]
fn another_account_of_the_same_name_is_refused() {
    let roy = Person::new(State::Enrolled);
    let entry = roy.entry(&roy.otp(0));
    let attempt = Attempt { entry: &entry, uid: UID + 1, purpose: Purpose::Login };
    let judged = decide(&RULES, &roy.record, Some(&roy.key), attempt, Timestamp(NOW)).into_parts();
    assert_eq!(judged, (Verdict::Refused(Refusal::OtherUid), Change::NONE));
}

#[test]
fn any_of_several_devices_opens_and_each_spends_its_own() {
    let mut roy = Person::new(State::Enrolled);
    let eight = Parameters { digits: 8.try_into().unwrap(), ..Parameters::default() };
    let token = Secret::new(b"the key of a token, and long".to_vec());
    roy.add_device(token.clone(), eight);
    let long = eight.code(&token, eight.step(Timestamp(NOW))).to_string();
    assert!(is_accepted(&roy.type_at(&long, NOW)));
    assert!(is_accepted(&roy.type_at(&roy.otp(0), NOW)));
    assert_eq!(roy.type_at(&long, NOW), Verdict::Refused(Refusal::AlreadyUsed));
}

#[test]
fn a_pending_authenticator_is_confirmed_but_never_opens() {
    let mut roy = Person::new(State::Enrolled);
    let authenticator = roy.record.enrolment.authenticators.remove(0);
    roy.record.enrolment.state = State::NotEnrolled;
    roy.record.enrolment.pending = Some(crate::record::enrolment::Pending {
        expires: Timestamp(NOW + 60),
        replaces: None,
        tries: 0,
        authenticator,
    });
    let entry = roy.entry(&roy.otp(0));
    assert_eq!(roy.judge(&entry, NOW).0, Verdict::Refused(Refusal::NotEnrolled));
    let confirm = Attempt { entry: &entry, uid: UID, purpose: Purpose::Confirm };
    let at = |now| decide(&RULES, &roy.record, Some(&roy.key), confirm, Timestamp(now)).into_parts();
    assert!(is_accepted(&at(NOW).0));
    assert!(!is_accepted(&at(NOW + 61).0), "its day is over");
    let wrong = roy.entry("000000");
    let judged =
        decide(&RULES, &roy.record, Some(&roy.key), Attempt { entry: &wrong, ..confirm }, Timestamp(NOW))
            .into_parts();
    assert_eq!(judged, (Verdict::Refused(Refusal::Wrong), Change::NONE), "does not count while confirming");
}
