//! The old one works until the new one does; nothing spent is reopened, whatever breaks off where.

use super::super::testing::{Ward, is_accepted, typed, wanted};
use super::super::{Confirmed, Terms};
use super::*;
use crate::credential::Typed;
use crate::record::seal::SealError;
use crate::store::Store;
use crate::system::clock::Timestamp;
use crate::verify::{Refusal, Verdict};

fn successor() -> Successor {
    Successor { old: None, label: None, parameters: Parameters::default(), key: None }
}

fn refused<T: std::fmt::Debug>(result: Result<T, Problem>) -> Why {
    match result {
        Err(Problem::Refused(why)) => why,
        other => panic!("{other:?}"),
    }
}

fn replace(ward: &Ward) -> Begun {
    ward.desk().replace(&ward.roy, &ward.key, &successor()).unwrap()
}

/// The code of a key that the person was shown.
fn code_of(ward: &Ward, begun: &Begun, steps: i64) -> Typed {
    let step = begun.parameters.step(ward.now()).checked_add_signed(steps).unwrap();
    Typed::parse(begun.parameters.code(&begun.key, step).as_bytes())
}

#[test]
fn the_old_one_works_until_the_new_one_confirms_and_then_the_new_alone() {
    let ward = Ward::new();
    let codes = ward.enrolled();
    let old_spent = ward.code(0);
    ward.later(60);
    let old = [0, 1].map(|steps| ward.code(steps));
    let new = replace(&ward);
    assert_eq!(new.label, "app");
    assert_eq!(ward.spend(&code_of(&ward, &new, 0)), Verdict::Refused(Refusal::Wrong));
    assert!(is_accepted(&ward.spend(&old[0])), "not confirmed: the old one is valid");
    let confirmed = ward.confirm(&code_of(&ward, &new, 0)).unwrap();
    assert_eq!(confirmed.effect, Effect::Replaced("app".into()));
    assert_eq!((confirmed.recovery_codes.len(), confirmed.recovery_left), (0, 5));
    for code in [&old[1], &old[0], &old_spent] {
        assert_eq!(ward.spend(code), Verdict::Refused(Refusal::Wrong));
    }
    assert_eq!(ward.spend(&code_of(&ward, &new, 0)), Verdict::Refused(Refusal::AlreadyUsed));
    assert!(is_accepted(&ward.spend(&code_of(&ward, &new, 1))));
    assert!(is_accepted(&ward.spend(&typed(&codes[0]))), "recovery codes stay");
}

#[test]
fn spent_recovery_codes_and_the_old_phone_set_up_again_reopen_nothing() {
    let ward = Ward::new();
    let codes = ward.enrolled();
    assert!(is_accepted(&ward.spend(&typed(&codes[2]))));
    let key = replace(&ward).key;
    let begun = Begun { key: key.clone(), label: "app".into(), parameters: Parameters::default() };
    ward.confirm(&code_of(&ward, &begun, 0)).unwrap();
    assert_eq!(ward.spend(&typed(&codes[2])), Verdict::Refused(Refusal::AlreadyUsed));
    let first = ward.record().enrolment.authenticators[0].clone();
    ward.later(30);
    let begun = replace(&ward);
    ward.confirm(&code_of(&ward, &begun, 0)).unwrap();
    let second = ward.record().enrolment.authenticators[0].clone();
    assert!(second.serial > first.serial && second.slot != first.slot, "a serial of its own");
    assert!(
        matches!(ward.key.open(second.home(&ward.roy.name), &first.sealed), Err(SealError::Foreign)),
        "a sealed key of an earlier set does not come back"
    );
}

#[test]
fn waiting_is_not_forgotten_by_a_new_phone() {
    let ward = Ward::new();
    ward.enrolled();
    let wrong = ward.code(1000);
    for _ in 0..6 {
        assert!(!is_accepted(&ward.spend(&wrong)));
    }
    let begun = replace(&ward);
    ward.confirm(&code_of(&ward, &begun, 0)).unwrap();
    let again = ward.spend(&code_of(&ward, &begun, 1));
    assert!(matches!(again, Verdict::Refused(Refusal::Waiting { .. })), "{again:?}");
}

#[test]
fn an_unwritten_take_over_leaves_the_old_one_and_the_next_code_will_do() {
    let ward = Ward::new();
    ward.enrolled();
    let begun = replace(&ward);
    let directory = ward.dir.path().join("users/roy");
    // A directory in the new file's place: the step is spent, and then the enrolment cannot be written.
    std::fs::create_dir(directory.join(".enrolment.toml.new")).unwrap();
    let failed = ward.confirm(&code_of(&ward, &begun, 0));
    assert!(matches!(failed, Err(Problem::Store(_))), "{failed:?}");
    std::fs::remove_dir(directory.join(".enrolment.toml.new")).unwrap();
    assert!(ward.record().enrolment.pending.is_some());
    let old = ward.old_code(1);
    assert!(is_accepted(&ward.spend(&old)));
    assert_eq!(refused(ward.confirm(&code_of(&ward, &begun, 0))), Why::Code(Refusal::AlreadyUsed));
    ward.confirm(&code_of(&ward, &begun, 1)).unwrap();
    assert_eq!(ward.spend(&old), Verdict::Refused(Refusal::Wrong));
}

#[test]
fn a_replacement_begun_ends_after_a_day_and_the_old_one_does_not() {
    let ward = Ward::new();
    ward.enrolled();
    let begun = replace(&ward);
    ward.later(24 * 3600 + 1);
    assert_eq!(refused(ward.confirm(&code_of(&ward, &begun, 0))), Why::NothingPending);
    assert!(is_accepted(&ward.spend(&ward.old_code(0))));
}

#[test]
fn with_several_a_label_says_which_one_ends() {
    let ward = Ward::new();
    ward.enrolled();
    let tablet = Wanted { label: "tablet".into(), ..wanted(None) };
    let begun = ward.desk().add_authenticator(&ward.roy, &ward.key, &tablet).unwrap();
    ward.confirm(&code_of(&ward, &begun, 0)).unwrap();
    let with = |old: Option<&str>, label: Option<&str>| {
        let successor = Successor { old: old.map(Into::into), label: label.map(Into::into), ..successor() };
        ward.desk().replace(&ward.roy, &ward.key, &successor)
    };
    assert_eq!(refused(with(None, None)), Why::WhichAuthenticator);
    assert_eq!(refused(with(None, Some("phone"))), Why::WhichAuthenticator);
    assert_eq!(refused(with(Some("phone"), None)), Why::NoSuchAuthenticator);
    assert_eq!(refused(with(Some("app"), Some("tablet"))), Why::LabelTaken);
    assert_eq!(with(Some("app"), Some("app")).unwrap().label, "app");
    let begun = with(Some("tablet"), Some("phone")).unwrap();
    let confirmed: Confirmed = ward.confirm(&code_of(&ward, &begun, 0)).unwrap();
    assert_eq!(confirmed.effect, Effect::Replaced("tablet".into()));
    let labels: Vec<String> =
        ward.record().enrolment.authenticators.iter().map(|a| a.label.clone()).collect();
    assert_eq!(labels, ["app", "phone"]);
}

#[test]
fn only_someone_enrolled_replaces_anything() {
    let ward = Ward::new();
    let try_it = |ward: &Ward| refused(ward.desk().replace(&ward.roy, &ward.key, &successor()));
    assert_eq!(try_it(&ward), Why::NotEnrolled);
    assert!(ward.store.record(&ward.roy.name).unwrap().is_none());
    ward.enrolled();
    ward.desk().reset(&ward.roy).unwrap();
    assert_eq!(try_it(&ward), Why::MustEnroll);
    let other = Account { uid: 1001, ..ward.roy.clone() };
    let named = Successor { label: Some("app".into()), ..successor() };
    assert_eq!(refused(ward.desk().replace(&other, &ward.key, &named)), Why::OtherUid);
}

#[test]
fn the_date_of_the_second_factor_stays_and_the_authenticators_is_new() {
    let ward = Ward::new();
    ward.enrolled();
    let since = ward.record().enrolment.enrolled;
    ward.later(300);
    let begun = replace(&ward);
    let terms = Terms { rules: &super::super::testing::RULES, sealing: &ward.key, recovery_codes: 5 };
    ward.desk().confirm(&ward.roy, terms, &code_of(&ward, &begun, 0)).unwrap();
    let enrolment = ward.record().enrolment;
    assert_eq!(enrolment.enrolled, since);
    assert_eq!(enrolment.authenticators[0].added, Timestamp(since.unwrap().0 + 300));
}
