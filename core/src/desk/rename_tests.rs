//! What a record keeps under another name, and what is refused.

use super::super::testing::{Ward, is_accepted, typed};
use super::*;
use crate::store::Store;
use crate::verify::{Refusal, Verdict};

fn roland(uid: u32) -> Account {
    Account { name: UserName::new(b"CLINIC\\roland").unwrap(), uid, gid: uid }
}

fn rename(ward: &Ward, to: &Account, rebinds: bool) -> Result<Renamed, Problem> {
    let key = || SealingKey::load(&ward.key_file());
    ward.desk().rename(&ward.roy.name, to, key, rebinds)
}

fn refused(renamed: Result<Renamed, Problem>) -> Why {
    match renamed {
        Err(Problem::Refused(why)) => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_was_unspent_opens_under_the_new_name_and_nothing_else() {
    let ward = Ward::new();
    let codes = ward.enrolled();
    let used = ward.code(0);
    assert!(is_accepted(&ward.spend(&typed(&codes[0]))));
    let old = ward.roy.name.clone();
    assert_eq!(rename(&ward, &roland(1000), false).unwrap(), Renamed { from: 1000, to: 1000 });
    assert!(ward.store.record(&old).unwrap().is_none());
    assert_eq!(ward.spend(&used), Verdict::Refused(Refusal::NotEnrolled), "the old name has none any more");
    let ward = Ward { roy: roland(1000), ..ward };
    assert_eq!(ward.store.users().unwrap(), std::slice::from_ref(&ward.roy.name));
    assert_eq!(ward.spend(&used), Verdict::Refused(Refusal::AlreadyUsed));
    assert_eq!(ward.spend(&typed(&codes[0])), Verdict::Refused(Refusal::AlreadyUsed));
    assert!(is_accepted(&ward.spend(&ward.code(1))) && is_accepted(&ward.spend(&typed(&codes[1]))));
}

#[test]
fn an_authenticator_that_waits_for_its_first_code_still_does() {
    let ward = Ward::new();
    ward.begin().unwrap();
    rename(&ward, &roland(1000), false).unwrap();
    let ward = Ward { roy: roland(1000), ..ward };
    ward.confirm(&ward.code(0)).unwrap();
}

#[test]
fn another_uid_is_taken_over_only_where_that_is_asked_for() {
    let ward = Ward::new();
    ward.enrolled();
    let before = ward.record();
    assert_eq!(refused(rename(&ward, &roland(2000), false)), Why::OtherUid);
    assert_eq!(ward.record(), before);
    assert_eq!(rename(&ward, &roland(2000), true).unwrap(), Renamed { from: 1000, to: 2000 });
    let ward = Ward { roy: roland(2000), ..ward };
    assert!(is_accepted(&ward.spend(&ward.code(1))));
}

#[test]
fn with_another_uid_a_pending_authenticator_still_waits() {
    let ward = Ward::new();
    ward.begin().unwrap();
    rename(&ward, &roland(2000), true).unwrap();
    let ward = Ward { roy: roland(2000), ..ward };
    ward.confirm(&ward.code(0)).unwrap();
}

#[test]
fn no_record_to_rename_and_a_taken_name_are_refused_without_a_change() {
    let ward = Ward::new();
    assert_eq!(refused(rename(&ward, &roland(1000), false)), Why::NotEnrolled);
    ward.enrolled();
    ward.desk().pass(&roland(1000), std::time::Duration::from_secs(60)).unwrap();
    let of = |user: &UserName| ward.store.record(user).unwrap();
    let before = (of(&ward.roy.name), of(&roland(1000).name));
    assert_eq!(refused(rename(&ward, &roland(1000), false)), Why::NameTaken);
    assert_eq!((of(&ward.roy.name), of(&roland(1000).name)), before);
}

#[test]
fn the_key_is_needed_where_something_is_sealed_and_must_be_the_right_one() {
    let ward = Ward::new();
    ward.enrolled();
    let before = ward.record();
    let wrong = || SealingKey::generate().map_err(SealError::NoEntropy);
    let renamed = ward.desk().rename(&ward.roy.name, &roland(1000), wrong, false);
    assert!(matches!(renamed, Err(Problem::Seal(SealError::Foreign))), "{renamed:?}");
    assert_eq!(ward.record(), before);
    ward.desk().reset(&ward.roy).unwrap();
    let none = || unreachable!("nothing is sealed");
    ward.desk().rename(&ward.roy.name, &roland(1000), none, false).unwrap();
}
