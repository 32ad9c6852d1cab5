//! What a reset voids, and what an unlock forgives.

use super::*;
use crate::store::Store;
use crate::testing::{Fixture, START, is_accepted, typed};
use crate::verify::{Refusal, Verdict};
use std::time::Duration;

// Row: S1-24
#[test]
fn a_reset_voids_everything_and_only_a_pass_opens() {
    let fixture = Fixture::new();
    let old = fixture.enrolled();
    let envelope = fixture.desk().emergency(&fixture.roy, 1, 5).unwrap();
    let code = fixture.code(1);
    let moved = Account { uid: 2000, ..fixture.roy.clone() };
    fixture.desk().reset(&moved).unwrap();
    let enrolment = fixture.record().enrolment;
    assert_eq!((enrolment.state, enrolment.uid), (State::MustEnroll, 2000));
    assert_eq!((enrolment.generation, enrolment.enrolled), (START + 1, None));
    let fixture = Fixture { roy: moved, ..fixture };
    for credential in [code, typed(&old[0]), typed(&envelope[0])] {
        assert_eq!(fixture.spend(&credential), Verdict::Refused(Refusal::MustEnroll));
    }
    let pass = fixture.desk().pass(&fixture.roy, Duration::from_secs(60)).unwrap();
    assert!(is_accepted(&fixture.spend(&typed(&pass.code))));
}

#[test]
fn someone_reset_can_be_enrolled_again_and_nothing_old_comes_back() {
    let fixture = Fixture::new();
    let old = fixture.enrolled();
    fixture.desk().reset(&fixture.roy).unwrap();
    fixture.later(60);
    let new = fixture.enrolled();
    for code in &old {
        assert!(!is_accepted(&fixture.spend(&typed(code))));
    }
    assert!(is_accepted(&fixture.spend(&typed(&new[4]))));
    assert_eq!(fixture.record().enrolment.state, State::Enrolled);
}

#[test]
fn someone_never_enrolled_is_not_reset() {
    let fixture = Fixture::new();
    assert!(matches!(fixture.desk().reset(&fixture.roy), Err(Problem::Refused(Why::NotEnrolled))));
    assert!(fixture.store.users().unwrap().is_empty());
    fixture.begin().unwrap();
    assert!(matches!(fixture.desk().reset(&fixture.roy), Err(Problem::Refused(Why::NotEnrolled))));
}

#[test]
fn an_unlock_ends_waiting_and_disabled_but_gives_no_code_back() {
    let fixture = Fixture::new();
    fixture.enrolled();
    let used = fixture.code(0);
    fixture.later(30);
    let wrong = fixture.code(1000);
    for _ in 0..50 {
        fixture.later(3600);
        assert!(!is_accepted(&fixture.spend(&wrong)));
    }
    assert_eq!(fixture.spend(&fixture.code(0)), Verdict::Refused(Refusal::Disabled));
    fixture.desk().unlock(&fixture.roy.name).unwrap();
    assert!(!is_accepted(&fixture.spend(&used)));
    assert!(is_accepted(&fixture.spend(&fixture.code(0))));
}

#[test]
fn nobody_unknown_is_unlocked() {
    let fixture = Fixture::new();
    assert!(matches!(fixture.desk().unlock(&fixture.roy.name), Err(Problem::Refused(Why::NotEnrolled))));
    assert!(fixture.store.users().unwrap().is_empty());
}
