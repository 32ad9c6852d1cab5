//! Who may begin, with what, and what stays.

use super::*;
use crate::store::Store;
use crate::system::clock::Timestamp;
use crate::testing::{Fixture, START, is_accepted, typed, wanted};
use crate::verify::{Refusal, Verdict};

fn refused<T: std::fmt::Debug>(result: Result<T, Problem>) -> Why {
    match result {
        Err(Problem::Refused(why)) => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_enrolment_begun_opens_nothing() {
    let fixture = Fixture::new();
    let begun = fixture.begin().unwrap();
    assert_eq!(begun.key.len(), 20);
    assert_eq!(fixture.spend(&fixture.code(0)), Verdict::Refused(Refusal::NotEnrolled));
    let enrolment = fixture.record().enrolment;
    assert_eq!((enrolment.state, enrolment.uid, enrolment.generation), (State::NotEnrolled, 1000, START));
}

#[test]
fn someone_pending_starts_anew_and_someone_enrolled_is_refused() {
    let fixture = Fixture::new();
    let first = fixture.begin().unwrap();
    let old_code = fixture.code(0);
    assert_ne!(fixture.begin().unwrap().key, first.key);
    assert_eq!(refused(fixture.confirm(&old_code)), Why::Code(Refusal::Wrong));
    fixture.confirm(&fixture.code(0)).unwrap();
    let before = fixture.record();
    assert_eq!(refused(fixture.begin()), Why::AlreadyEnrolled);
    assert_eq!(fixture.record(), before);
}

#[test]
fn a_key_that_is_in_force_is_refused_and_one_that_is_pending_starts_anew() {
    let fixture = Fixture::new();
    let key = Secret::new(vec![7; 20]);
    let with_key = || wanted(Some(key.clone()));
    fixture.desk().begin(&fixture.roy, &fixture.key, &with_key()).unwrap();
    fixture.desk().begin(&fixture.roy, &fixture.key, &with_key()).unwrap();
    fixture.confirm(&fixture.code(0)).unwrap();
    let before = fixture.record();
    let second = Wanted { label: "second".into(), ..with_key() };
    assert_eq!(refused(fixture.desk().add_authenticator(&fixture.roy, &fixture.key, &second)), Why::KeyTaken);
    let eight = Parameters { digits: 8.try_into().unwrap(), ..Parameters::default() };
    let longer = Wanted { parameters: eight, ..second };
    assert_eq!(refused(fixture.desk().add_authenticator(&fixture.roy, &fixture.key, &longer)), Why::KeyTaken);
    let successor = super::super::Successor {
        old: None,
        label: None,
        parameters: Parameters::default(),
        key: Some(key.clone()),
    };
    assert_eq!(refused(fixture.desk().replace(&fixture.roy, &fixture.key, &successor)), Why::KeyTaken);
    assert_eq!(fixture.record(), before);
}

#[test]
fn a_pass_already_there_stays_until_the_confirmation() {
    let fixture = Fixture::new();
    let pass = fixture.desk().pass(&fixture.roy, Duration::from_secs(3600)).unwrap();
    fixture.begin().unwrap();
    assert!(is_accepted(&fixture.spend(&typed(&pass.code))));
    fixture.confirm(&fixture.code(0)).unwrap();
    assert!(!is_accepted(&fixture.spend(&typed(&pass.code))));
}

#[test]
fn keys_and_labels_that_cannot_be_are_refused_and_nothing_is_kept() {
    let fixture = Fixture::new();
    let with = |key: usize, label: &str| {
        let wanted = Wanted { label: label.into(), ..wanted(Some(Secret::new(vec![7; key]))) };
        fixture.desk().begin(&fixture.roy, &fixture.key, &wanted)
    };
    assert_eq!(refused(with(15, "app")), Why::KeyTooShort);
    assert_eq!(refused(with(129, "app")), Why::KeyTooLong);
    for label in ["", "  ", "a\nb", &"x".repeat(61)] {
        assert_eq!(refused(with(20, label)), Why::BadLabel, "{label:?}");
    }
    assert!(fixture.store.record(&fixture.roy.name).unwrap().is_none());
    assert_eq!(with(16, "app").unwrap().key, Secret::new(vec![7; 16]));
    assert!(with(128, &"\u{e9}".repeat(60)).is_ok());
}

#[test]
fn another_account_of_the_same_name_begins_nothing() {
    let fixture = Fixture::new();
    fixture.begin().unwrap();
    let other = Account { uid: 1001, ..fixture.roy.clone() };
    assert_eq!(refused(fixture.desk().begin(&other, &fixture.key, &wanted(None))), Why::OtherUid);
}

#[test]
fn a_later_record_of_the_same_name_has_a_later_generation() {
    let fixture = Fixture::new();
    fixture.enrolled();
    std::fs::remove_file(fixture.dir.path().join("users/roy/enrolment")).unwrap();
    fixture.begin().unwrap();
    assert_eq!(fixture.record().enrolment.generation, START + 1);
    assert_eq!(fixture.record().ledger.last_success, Timestamp(0), "the old ledger is void");
}
