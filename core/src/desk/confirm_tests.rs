//! One live code, and only that, makes a second factor.

use super::super::testing::{START, Ward, is_accepted, typed};
use super::*;
use crate::store::Store;
use crate::system::clock::Timestamp;
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
    let ward = Ward::new();
    ward.begin().unwrap();
    let code = ward.code(0);
    let confirmed = ward.confirm(&code).unwrap();
    assert_eq!((confirmed.since, confirmed.recovery_codes.len()), (Timestamp(START), 5));
    let enrolment = ward.record().enrolment;
    assert_eq!((enrolment.state, enrolment.enrolled), (State::Enrolled, Some(Timestamp(START))));
    assert!(enrolment.pending.is_none() && enrolment.authenticators.len() == 1);
    assert_eq!(ward.spend(&code), Verdict::Refused(Refusal::AlreadyUsed));
    assert!(is_accepted(&ward.spend(&ward.code(1))));
}

// Row: S2-6
#[test]
fn a_wrong_code_changes_nothing_at_all() {
    let ward = Ward::new();
    ward.begin().unwrap();
    let before = ward.record();
    for _ in 0..60 {
        assert_eq!(refused(ward.confirm(&ward.code(100))), Why::Code(Refusal::Wrong));
    }
    assert_eq!(refused(ward.confirm(&Typed::parse(b"hello"))), Why::Code(Refusal::Malformed));
    assert_eq!(ward.record(), before);
    ward.confirm(&ward.code(0)).unwrap();
}

#[test]
fn a_phone_whose_clock_is_off_is_told_so() {
    let ward = Ward::new();
    ward.begin().unwrap();
    let why = refused(ward.confirm(&ward.code(8)));
    assert!(matches!(why, Why::Code(Refusal::WrongTime { seconds: 240, .. })), "{why:?}");
}

#[test]
fn a_single_use_code_confirms_nothing_and_is_not_spent() {
    let ward = Ward::new();
    let envelope = ward.desk().emergency(&ward.roy, 1, 5).unwrap();
    ward.begin().unwrap();
    assert_eq!(refused(ward.confirm(&typed(&envelope[0]))), Why::Code(Refusal::Malformed));
    ward.confirm(&ward.code(0)).unwrap();
    assert!(is_accepted(&ward.spend(&typed(&envelope[0]))), "an emergency code outlives the enrolment");
}

#[test]
fn a_pending_authenticator_ends_after_a_day() {
    let ward = Ward::new();
    assert_eq!(refused(ward.confirm(&Typed::parse(b"123456"))), Why::NothingPending);
    ward.begin().unwrap();
    ward.later(24 * 3600);
    let last = ward.code(0);
    ward.later(1);
    assert_eq!(refused(ward.confirm(&last)), Why::NothingPending);
}

#[test]
fn a_code_is_not_spent_where_its_recovery_codes_would_not_fit() {
    let ward = Ward::new();
    ward.begin().unwrap();
    let code = ward.code(0);
    let terms = Terms { rules: &super::super::testing::RULES, sealing: &ward.key, recovery_codes: 33 };
    let failed = ward.desk().confirm(&ward.roy, terms, &code, &mut |_| Ok(()));
    assert!(matches!(failed, Err(Problem::Refused(Why::NoRoom { .. }))), "{failed:?}");
    assert!(ward.record().enrolment.pending.is_some());
    ward.confirm(&code).unwrap();
}

#[test]
fn each_recovery_code_opens_once() {
    let ward = Ward::new();
    for (i, code) in ward.enrolled().iter().enumerate() {
        let Verdict::Accepted(acceptance) = ward.spend(&typed(code)) else { panic!("code {i}") };
        assert_eq!(acceptance.method, Method::SingleUse(Kind::Recovery));
        assert_eq!(acceptance.recovery_left, 4 - i);
        assert_eq!(ward.spend(&typed(code)), Verdict::Refused(Refusal::AlreadyUsed));
    }
}

#[test]
fn with_another_sealing_key_nothing_is_confirmed() {
    let ward = Ward::new();
    ward.begin().unwrap();
    let code = ward.code(0);
    let other = SealingKey::generate().unwrap();
    let terms = Terms { rules: &super::super::testing::RULES, sealing: &other, recovery_codes: 5 };
    let failed = ward.desk().confirm(&ward.roy, terms, &code, &mut |_| Ok(()));
    assert!(matches!(failed, Err(Problem::Seal(SealError::Foreign))), "{failed:?}");
    assert!(ward.store.record(&ward.roy.name).unwrap().is_some());
}
