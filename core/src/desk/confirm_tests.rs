//! One live code, and only that, makes a second factor.

use super::*;
use crate::store::Store;
use crate::system::clock::Timestamp;
use crate::testing::{Fixture, START, is_accepted, typed};
use crate::verify::Method;

fn refused(result: Result<Confirmed, Problem>) -> Why {
    match result {
        Err(Problem::Refused(why)) => why,
        other => panic!("{other:?}"),
    }
}

// Row: S1-12
#[test]
fn a_live_code_switches_on_and_is_spent_with_that() {
    let fixture = Fixture::new();
    fixture.begin().unwrap();
    let code = fixture.code(0);
    let confirmed = fixture.confirm(&code).unwrap();
    assert_eq!((confirmed.since, confirmed.recovery_codes.len()), (Timestamp(START), 5));
    let enrolment = fixture.record().enrolment;
    assert_eq!((enrolment.state, enrolment.enrolled), (State::Enrolled, Some(Timestamp(START))));
    assert!(enrolment.pending.is_none() && enrolment.authenticators.len() == 1);
    assert_eq!(fixture.spend(&code), Verdict::Refused(Refusal::AlreadyUsed));
    assert!(is_accepted(&fixture.spend(&fixture.code(1))));
}

// Row: S2-6
#[test]
fn a_wrong_code_changes_nothing_at_all() {
    let fixture = Fixture::new();
    fixture.begin().unwrap();
    let before = fixture.record();
    for _ in 0..60 {
        assert_eq!(refused(fixture.confirm(&fixture.code(100))), Why::Code(Refusal::Wrong));
    }
    assert_eq!(refused(fixture.confirm(&Typed::parse(b"hello"))), Why::Code(Refusal::Malformed));
    assert_eq!(fixture.record(), before);
    fixture.confirm(&fixture.code(0)).unwrap();
}

#[test]
fn a_phone_whose_clock_is_off_is_told_so() {
    let fixture = Fixture::new();
    fixture.begin().unwrap();
    let why = refused(fixture.confirm(&fixture.code(8)));
    assert!(matches!(why, Why::Code(Refusal::WrongTime { seconds: 240, .. })), "{why:?}");
}

#[test]
fn a_single_use_code_confirms_nothing_and_is_not_spent() {
    let fixture = Fixture::new();
    let envelope = fixture.desk().emergency(&fixture.roy, (1, 5), &mut |_| Ok(())).unwrap();
    fixture.begin().unwrap();
    assert_eq!(refused(fixture.confirm(&typed(&envelope[0]))), Why::Code(Refusal::Malformed));
    fixture.confirm(&fixture.code(0)).unwrap();
    assert!(is_accepted(&fixture.spend(&typed(&envelope[0]))), "an emergency code outlives the enrolment");
}

#[test]
fn a_pending_authenticator_ends_after_a_day() {
    let fixture = Fixture::new();
    assert_eq!(refused(fixture.confirm(&Typed::parse(b"123456"))), Why::NothingPending);
    fixture.begin().unwrap();
    fixture.later(24 * 3600);
    let last = fixture.code(0);
    fixture.later(1);
    assert_eq!(refused(fixture.confirm(&last)), Why::NothingPending);
}

#[test]
fn a_code_is_not_spent_where_its_recovery_codes_would_not_fit() {
    let fixture = Fixture::new();
    fixture.begin().unwrap();
    let code = fixture.code(0);
    let terms = Terms { rules: &crate::testing::RULES, sealing: &fixture.key, recovery_codes: 33 };
    let failed = fixture.desk().confirm(&fixture.roy, terms, &code, &mut |_| Ok(()));
    assert!(matches!(failed, Err(Problem::Refused(Why::NoRoom { .. }))), "{failed:?}");
    assert!(fixture.record().enrolment.pending.is_some());
    fixture.confirm(&code).unwrap();
}

#[test]
fn each_recovery_code_opens_once() {
    let fixture = Fixture::new();
    for (i, code) in fixture.enrolled().iter().enumerate() {
        let Verdict::Accepted(acceptance) = fixture.spend(&typed(code)) else { panic!("code {i}") };
        assert_eq!(acceptance.method, Method::SingleUse(Kind::Recovery));
        assert_eq!(acceptance.recovery_left, 4 - i);
        assert_eq!(fixture.spend(&typed(code)), Verdict::Refused(Refusal::AlreadyUsed));
    }
}

#[test]
fn with_another_sealing_key_nothing_is_confirmed() {
    let fixture = Fixture::new();
    fixture.begin().unwrap();
    let code = fixture.code(0);
    let other = SealingKey::generate().unwrap();
    let terms = Terms { rules: &crate::testing::RULES, sealing: &other, recovery_codes: 5 };
    let failed = fixture.desk().confirm(&fixture.roy, terms, &code, &mut |_| Ok(()));
    assert!(matches!(failed, Err(Problem::Seal(SealError::Foreign))), "{failed:?}");
    assert!(fixture.store.record(&fixture.roy.name).unwrap().is_some());
}
