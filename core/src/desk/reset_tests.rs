//! What a reset voids, and what an unlock forgives.

use super::super::testing::{START, Ward, is_accepted, typed};
use super::*;
use crate::store::Store;
use crate::verify::{Refusal, Verdict};
use std::time::Duration;

// Row: S1-24
#[test]
fn a_reset_voids_everything_and_only_a_pass_opens() {
    let ward = Ward::new();
    let old = ward.enrolled();
    let envelope = ward.desk().emergency(&ward.roy, 1, 5).unwrap();
    let code = ward.code(1);
    let moved = Account { uid: 2000, ..ward.roy.clone() };
    ward.desk().reset(&moved).unwrap();
    let enrolment = ward.record().enrolment;
    assert_eq!((enrolment.state, enrolment.uid), (State::MustEnroll, 2000));
    assert_eq!((enrolment.generation, enrolment.enrolled), (START + 1, None));
    let ward = Ward { roy: moved, ..ward };
    for credential in [code, typed(&old[0]), typed(&envelope[0])] {
        assert_eq!(ward.spend(&credential), Verdict::Refused(Refusal::MustEnroll));
    }
    let pass = ward.desk().pass(&ward.roy, Duration::from_secs(60)).unwrap();
    assert!(is_accepted(&ward.spend(&typed(&pass.code))));
}

#[test]
fn someone_reset_can_be_enrolled_again_and_nothing_old_comes_back() {
    let ward = Ward::new();
    let old = ward.enrolled();
    ward.desk().reset(&ward.roy).unwrap();
    ward.later(60);
    let new = ward.enrolled();
    for code in &old {
        assert!(!is_accepted(&ward.spend(&typed(code))));
    }
    assert!(is_accepted(&ward.spend(&typed(&new[4]))));
    assert_eq!(ward.record().enrolment.state, State::Enrolled);
}

#[test]
fn someone_never_enrolled_is_not_reset() {
    let ward = Ward::new();
    assert!(matches!(ward.desk().reset(&ward.roy), Err(Problem::Refused(Why::NotEnrolled))));
    assert!(ward.store.users().unwrap().is_empty());
    ward.begin().unwrap();
    assert!(matches!(ward.desk().reset(&ward.roy), Err(Problem::Refused(Why::NotEnrolled))));
}

#[test]
fn an_unlock_ends_waiting_and_disabled_but_gives_no_code_back() {
    let ward = Ward::new();
    ward.enrolled();
    let used = ward.code(0);
    ward.later(30);
    let wrong = ward.code(1000);
    for _ in 0..50 {
        ward.later(3600);
        assert!(!is_accepted(&ward.spend(&wrong)));
    }
    assert_eq!(ward.spend(&ward.code(0)), Verdict::Refused(Refusal::Disabled));
    ward.desk().unlock(&ward.roy.name).unwrap();
    assert!(!is_accepted(&ward.spend(&used)));
    assert!(is_accepted(&ward.spend(&ward.code(0))));
}

#[test]
fn nobody_unknown_is_unlocked() {
    let ward = Ward::new();
    assert!(matches!(ward.desk().unlock(&ward.roy.name), Err(Problem::Refused(Why::NotEnrolled))));
    assert!(ward.store.users().unwrap().is_empty());
}
