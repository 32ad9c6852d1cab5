//! Who may begin, with what, and what stays.

use super::super::testing::{START, Ward, is_accepted, typed, wanted};
use super::*;
use crate::store::Store;
use crate::system::clock::Timestamp;
use crate::verify::{Refusal, Verdict};

fn refused<T: std::fmt::Debug>(result: Result<T, Problem>) -> Why {
    match result {
        Err(Problem::Refused(why)) => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_enrolment_begun_opens_nothing() {
    let ward = Ward::new();
    let begun = ward.begin().unwrap();
    assert_eq!(begun.key.len(), 20);
    assert_eq!(ward.spend(&ward.code(0)), Verdict::Refused(Refusal::NotEnrolled));
    let enrolment = ward.record().enrolment;
    assert_eq!((enrolment.state, enrolment.uid, enrolment.generation), (State::NotEnrolled, 1000, START));
}

#[test]
fn someone_pending_starts_anew_and_someone_enrolled_is_refused() {
    let ward = Ward::new();
    let first = ward.begin().unwrap();
    let old_code = ward.code(0);
    assert_ne!(ward.begin().unwrap().key, first.key);
    assert_eq!(refused(ward.confirm(&old_code)), Why::Code(Refusal::Wrong));
    ward.confirm(&ward.code(0)).unwrap();
    let before = ward.record();
    assert_eq!(refused(ward.begin()), Why::AlreadyEnrolled);
    assert_eq!(ward.record(), before);
}

#[test]
fn a_key_that_is_in_force_is_refused_and_one_that_is_pending_starts_anew() {
    let ward = Ward::new();
    let key = Secret::new(vec![7; 20]);
    let with_key = || wanted(Some(key.clone()));
    ward.desk().begin(&ward.roy, &ward.key, &with_key()).unwrap();
    ward.desk().begin(&ward.roy, &ward.key, &with_key()).unwrap();
    ward.confirm(&ward.code(0)).unwrap();
    let before = ward.record();
    let second = Wanted { label: "second".into(), ..with_key() };
    assert_eq!(refused(ward.desk().add_authenticator(&ward.roy, &ward.key, &second)), Why::KeyTaken);
    let eight = Parameters { digits: 8.try_into().unwrap(), ..Parameters::default() };
    let longer = Wanted { parameters: eight, ..second };
    assert_eq!(refused(ward.desk().add_authenticator(&ward.roy, &ward.key, &longer)), Why::KeyTaken);
    let successor = super::super::Successor {
        old: None,
        label: None,
        parameters: Parameters::default(),
        key: Some(key.clone()),
    };
    assert_eq!(refused(ward.desk().replace(&ward.roy, &ward.key, &successor)), Why::KeyTaken);
    assert_eq!(ward.record(), before);
}

#[test]
fn a_pass_already_there_stays_until_the_confirmation() {
    let ward = Ward::new();
    let pass = ward.desk().pass(&ward.roy, Duration::from_secs(3600)).unwrap();
    ward.begin().unwrap();
    assert!(is_accepted(&ward.spend(&typed(&pass.code))));
    ward.confirm(&ward.code(0)).unwrap();
    assert!(!is_accepted(&ward.spend(&typed(&pass.code))));
}

#[test]
fn keys_and_labels_that_cannot_be_are_refused_and_nothing_is_kept() {
    let ward = Ward::new();
    let with = |key: usize, label: &str| {
        let wanted = Wanted { label: label.into(), ..wanted(Some(Secret::new(vec![7; key]))) };
        ward.desk().begin(&ward.roy, &ward.key, &wanted)
    };
    assert_eq!(refused(with(15, "app")), Why::KeyTooShort);
    assert_eq!(refused(with(129, "app")), Why::KeyTooLong);
    for label in ["", "  ", "a\nb", &"x".repeat(61)] {
        assert_eq!(refused(with(20, label)), Why::BadLabel, "{label:?}");
    }
    assert!(ward.store.record(&ward.roy.name).unwrap().is_none());
    assert_eq!(with(16, "app").unwrap().key, Secret::new(vec![7; 16]));
    assert!(with(128, &"\u{e9}".repeat(60)).is_ok());
}

#[test]
fn another_account_of_the_same_name_begins_nothing() {
    let ward = Ward::new();
    ward.begin().unwrap();
    let other = Account { uid: 1001, ..ward.roy.clone() };
    assert_eq!(refused(ward.desk().begin(&other, &ward.key, &wanted(None))), Why::OtherUid);
}

#[test]
fn a_later_record_of_the_same_name_has_a_later_generation() {
    let ward = Ward::new();
    ward.enrolled();
    std::fs::remove_file(ward.dir.path().join("users/roy/enrolment.toml")).unwrap();
    ward.begin().unwrap();
    assert_eq!(ward.record().enrolment.generation, START + 1);
    assert_eq!(ward.record().ledger.last_success, Timestamp(0), "the old ledger is void");
}
