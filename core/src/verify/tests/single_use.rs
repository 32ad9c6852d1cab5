//! Recovery, pass and emergency codes.

use super::*;

#[test]
fn a_recovery_code_opens_once_and_tells_how_many_are_left() {
    let mut roy =
        Person::new(State::Enrolled).with_code(CodeKind::Recovery, None).with_code(CodeKind::Recovery, None);
    let code = roy.codes[0].clone();
    let Verdict::Accepted(acceptance) = roy.type_at(&code, NOW) else { panic!("refused") };
    assert_eq!(acceptance.method, Method::SingleUse(CodeKind::Recovery));
    assert_eq!(acceptance.recovery_left, 1);
    assert_eq!(roy.type_at(&code, NOW), Verdict::Refused(Refusal::AlreadyUsed));
    assert_eq!(roy.record.ledger.tally(Kind::SingleUse).failures, 0);
}

#[test]
fn a_right_code_ends_waiting_but_not_disablement() {
    for (failures, left) in [(20, 0), (50, 50)] {
        let mut roy = Person::new(State::Enrolled).with_code(CodeKind::Recovery, None);
        roy.fail(Kind::Authenticator, failures, NOW);
        roy.fail(Kind::Combined, 9, NOW);
        roy.fail(Kind::SingleUse, 9, NOW);
        let code = roy.codes[0].clone();
        assert!(is_accepted(&roy.type_at(&code, NOW)), "a right single-use code opens whatever waits");
        assert_eq!(roy.record.ledger.tally(Kind::Authenticator).consecutive(), left);
        assert_eq!(roy.record.ledger.tally(Kind::Combined).consecutive(), 0);
        assert_eq!(roy.record.ledger.tally(Kind::SingleUse).consecutive(), 0);
    }
}

#[test]
fn wrong_ones_count_apart_and_never_disable() {
    let mut roy = Person::new(State::Enrolled);
    let typed = "0ABC-DEFG-HJKM-NPQR";
    five_are_wrong(NOW + 30, false, || roy.type_at(typed, NOW));
    assert_eq!(roy.type_at(typed, NOW), Verdict::Refused(waiting(Timestamp(NOW + 30))));
    roy.fail(Kind::SingleUse, 500, NOW);
    assert_eq!(roy.type_at(typed, NOW), Verdict::Refused(waiting(Timestamp(NOW + 300))));
    assert!(is_accepted(&roy.type_at(&roy.otp(0), NOW)), "the authenticator is another kind");
}

#[test]
fn a_pass_ends() {
    let mut roy = Person::new(State::Enrolled).with_code(CodeKind::Pass, Some(NOW + 60));
    let code = roy.codes[0].clone();
    assert_eq!(roy.type_at(&code, NOW + 61), Verdict::Refused(Refusal::Expired));
    assert!(is_accepted(&roy.type_at(&code, NOW + 60)));
    assert_eq!(roy.type_at(&code, NOW + 60), Verdict::Refused(Refusal::AlreadyUsed));
}

#[test]
fn a_pass_leads_into_enrolment_five_times() {
    for state in [State::NotEnrolled, State::MustEnroll] {
        let mut roy = Person::new(state).with_code(CodeKind::Pass, Some(NOW + 60));
        let code = roy.codes[0].clone();
        for _ in 0..5 {
            let Verdict::Accepted(acceptance) = roy.type_at(&code, NOW) else { panic!("refused") };
            assert!(acceptance.must_enroll);
        }
        assert_eq!(roy.type_at(&code, NOW), Verdict::Refused(Refusal::AlreadyUsed));
    }
}

#[test]
fn after_a_reset_only_a_pass_opens() {
    let mut roy = Person::new(State::MustEnroll)
        .with_code(CodeKind::Recovery, None)
        .with_code(CodeKind::Emergency, None);
    for code in roy.codes.clone() {
        assert_eq!(roy.type_at(&code, NOW), Verdict::Refused(Refusal::MustEnroll));
    }
    assert_eq!(roy.type_at("000000", NOW), Verdict::Refused(Refusal::MustEnroll));
    assert_eq!(roy.type_at("0ABC-DEFG-HJKM-NPQR", NOW), Verdict::Refused(Refusal::MustEnroll));
    assert_eq!(roy.record.ledger.tally(Kind::SingleUse).failures, 1, "a guess at the pass counts");
}

#[test]
fn an_emergency_code_opens_for_someone_without_an_authenticator() {
    let mut root = Person::new(State::NotEnrolled).with_code(CodeKind::Emergency, None);
    let code = root.codes[0].clone();
    let Verdict::Accepted(acceptance) = root.type_at(&code, NOW) else { panic!("refused") };
    assert!(!acceptance.must_enroll);
    assert_eq!(root.type_at(&code, NOW), Verdict::Refused(Refusal::AlreadyUsed));
}

#[test]
fn a_new_code_at_the_place_of_a_spent_one_opens_and_the_old_one_does_not() {
    let mut roy = Person::new(State::Enrolled).with_code(CodeKind::Recovery, None);
    let old = roy.codes[0].clone();
    assert!(is_accepted(&roy.type_at(&old, NOW)));
    roy.record.enrolment.codes.clear();
    roy = roy.with_code(CodeKind::Recovery, None);
    assert!(roy.codes[1].starts_with(&old[..1]), "the same place");
    assert_eq!(roy.type_at(&old, NOW), Verdict::Refused(Refusal::Wrong));
    let new = roy.codes[1].clone();
    assert!(is_accepted(&roy.type_at(&new, NOW)));
}

#[test]
fn after_a_reset_it_is_said_that_only_a_pass_opens_also_while_codes_wait() {
    let mut roy = Person::new(State::MustEnroll);
    for _ in 0..5 {
        assert_eq!(roy.type_at("0ABC-DEFG-HJKM-NPQR", NOW), Verdict::Refused(Refusal::MustEnroll));
    }
    let waits = roy.judge(&roy.entry("0ABC-DEFG-HJKM-NPQR"), NOW);
    assert_eq!(waits, (Verdict::Refused(Refusal::MustEnroll), Change::NONE), "and nothing more is counted");
    roy.record.enrolment.state = State::Enrolled;
    assert!(matches!(roy.type_at("0ABC-DEFG-HJKM-NPQR", NOW), Verdict::Refused(Refusal::Waiting { .. })));
}
