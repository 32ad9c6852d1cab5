//! One more, one less, never none.

use super::super::testing::{Ward, is_accepted, wanted};
use super::super::{Effect, Successor};
use super::*;
use crate::credential::Typed;
use crate::credential::totp::Parameters;
use crate::verify::{Refusal, Verdict};

fn refused<T: std::fmt::Debug>(result: Result<T, Problem>) -> Why {
    match result {
        Err(Problem::Refused(why)) => why,
        other => panic!("{other:?}"),
    }
}

fn add(ward: &Ward, label: &str) -> Result<Begun, Problem> {
    ward.desk().add_authenticator(&ward.roy, &ward.key, &Wanted { label: label.into(), ..wanted(None) })
}

fn code_of(ward: &Ward, begun: &Begun, steps: i64) -> Typed {
    let step = begun.parameters.step(ward.now()).checked_add_signed(steps).unwrap();
    Typed::parse(begun.parameters.code(&begun.key, step).as_bytes())
}

fn added(ward: &Ward, label: &str) -> Begun {
    let begun = add(ward, label).unwrap();
    let confirmed = ward.confirm(&code_of(ward, &begun, 0)).unwrap();
    assert_eq!((confirmed.effect, confirmed.recovery_left), (Effect::Added, 5));
    begun
}

#[test]
fn each_of_several_opens_and_a_code_of_one_spends_nothing_of_another() {
    let ward = Ward::new();
    ward.enrolled();
    let tablet = added(&ward, "tablet");
    ward.later(60);
    let app = ward.old_code(0);
    assert!(is_accepted(&ward.spend(&code_of(&ward, &tablet, 0))));
    assert!(is_accepted(&ward.spend(&app)));
    assert_eq!(ward.spend(&app), Verdict::Refused(Refusal::AlreadyUsed));
    assert_eq!(ward.spend(&code_of(&ward, &tablet, 0)), Verdict::Refused(Refusal::AlreadyUsed));
}

#[test]
fn eight_are_all_there_can_be_and_each_of_them_can_still_be_replaced() {
    let ward = Ward::new();
    ward.enrolled();
    for n in 1..8 {
        added(&ward, &format!("token {n}"));
    }
    assert_eq!(refused(add(&ward, "one more")), Why::TooManyAuthenticators);
    let parameters = Parameters::default();
    for n in 1..8 {
        let successor = Successor { old: Some(format!("token {n}")), label: None, parameters, key: None };
        let begun = ward.desk().replace(&ward.roy, &ward.key, &successor).unwrap();
        ward.confirm(&code_of(&ward, &begun, 0)).unwrap();
        assert!(is_accepted(&ward.spend(&code_of(&ward, &begun, 1))), "token {n}");
    }
    assert_eq!(ward.record().enrolment.authenticators.len(), 8);
}

#[test]
fn labels_are_one_persons_own_and_each_only_once() {
    let ward = Ward::new();
    assert_eq!(refused(add(&ward, "tablet")), Why::NotEnrolled);
    ward.enrolled();
    assert_eq!(refused(add(&ward, "app")), Why::LabelTaken);
    assert_eq!(refused(add(&ward, " ")), Why::BadLabel);
}

// Row: S1-25
#[test]
fn the_last_one_is_never_removed() {
    let ward = Ward::new();
    let remove = |label: Option<&str>| ward.desk().remove_authenticator(&ward.roy, label);
    assert_eq!(refused(remove(None)), Why::NotEnrolled);
    ward.enrolled();
    let tablet = added(&ward, "tablet");
    assert_eq!(refused(remove(None)), Why::WhichAuthenticator);
    assert_eq!(refused(remove(Some("phone"))), Why::NoSuchAuthenticator);
    assert_eq!(remove(Some("app")).unwrap(), "app");
    assert_eq!(refused(remove(None)), Why::LastAuthenticator);
    assert_eq!(refused(remove(Some("tablet"))), Why::LastAuthenticator);
    assert!(is_accepted(&ward.spend(&code_of(&ward, &tablet, 1))));
}

#[test]
fn what_was_to_replace_one_that_is_removed_ends_with_it() {
    let ward = Ward::new();
    ward.enrolled();
    added(&ward, "tablet");
    let successor =
        Successor { old: Some("tablet".into()), label: None, parameters: Parameters::default(), key: None };
    let begun = ward.desk().replace(&ward.roy, &ward.key, &successor).unwrap();
    ward.desk().remove_authenticator(&ward.roy, Some("tablet")).unwrap();
    assert_eq!(refused(ward.confirm(&code_of(&ward, &begun, 0))), Why::NothingPending);
    assert_eq!(ward.record().enrolment.authenticators.len(), 1);
}

#[test]
fn a_removed_phone_set_up_again_has_used_nothing_and_its_old_key_is_void() {
    let ward = Ward::new();
    ward.enrolled();
    let tablet = added(&ward, "tablet");
    let before = ward.record().enrolment.authenticators[1].clone();
    ward.desk().remove_authenticator(&ward.roy, Some("tablet")).unwrap();
    assert_eq!(ward.spend(&code_of(&ward, &tablet, 1)), Verdict::Refused(Refusal::Wrong));
    added(&ward, "tablet");
    let after = ward.record().enrolment.authenticators[1].clone();
    assert_eq!(after.slot, before.slot);
    assert!(after.serial > before.serial);
    assert_eq!(ward.spend(&code_of(&ward, &tablet, 1)), Verdict::Refused(Refusal::Wrong));
}
