//! The old one works until the new one does; nothing spent is reopened, whatever breaks off where.

use super::super::{Confirmed, Terms};
use super::*;
use crate::credential::Typed;
use crate::record::seal::SealError;
use crate::store::Store;
use crate::system::clock::Timestamp;
use crate::testing::{Fixture, is_accepted, typed, wanted};
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

fn replace(fixture: &Fixture) -> Begun {
    fixture.desk().replace(&fixture.roy, &fixture.key, &successor()).unwrap()
}

/// The code of a key that the person was shown.
fn code_of(fixture: &Fixture, begun: &Begun, steps: i64) -> Typed {
    let step = begun.parameters.step(fixture.now()).checked_add_signed(steps).unwrap();
    Typed::parse(begun.parameters.code(&begun.key, step).as_bytes())
}

#[test]
fn the_old_one_works_until_the_new_one_confirms_and_then_the_new_alone() {
    let fixture = Fixture::new();
    let codes = fixture.enrolled();
    let old_spent = fixture.code(0);
    fixture.later(60);
    let old = [0, 1].map(|steps| fixture.code(steps));
    let new = replace(&fixture);
    assert_eq!(new.label, "app");
    assert_eq!(fixture.spend(&code_of(&fixture, &new, 0)), Verdict::Refused(Refusal::Wrong));
    assert!(is_accepted(&fixture.spend(&old[0])), "not confirmed: the old one is valid");
    let confirmed = fixture.confirm(&code_of(&fixture, &new, 0)).unwrap();
    assert_eq!(confirmed.effect, Effect::Replaced("app".into()));
    assert_eq!((confirmed.recovery_codes.len(), confirmed.recovery_left), (0, 5));
    for code in [&old[1], &old[0], &old_spent] {
        assert_eq!(fixture.spend(code), Verdict::Refused(Refusal::Wrong));
    }
    assert_eq!(fixture.spend(&code_of(&fixture, &new, 0)), Verdict::Refused(Refusal::AlreadyUsed));
    assert!(is_accepted(&fixture.spend(&code_of(&fixture, &new, 1))));
    assert!(is_accepted(&fixture.spend(&typed(&codes[0]))), "recovery codes stay");
}

#[test]
fn spent_recovery_codes_and_the_old_phone_set_up_again_reopen_nothing() {
    let fixture = Fixture::new();
    let codes = fixture.enrolled();
    assert!(is_accepted(&fixture.spend(&typed(&codes[2]))));
    let key = replace(&fixture).key;
    let begun = Begun { key: key.clone(), label: "app".into(), parameters: Parameters::default() };
    fixture.confirm(&code_of(&fixture, &begun, 0)).unwrap();
    assert_eq!(fixture.spend(&typed(&codes[2])), Verdict::Refused(Refusal::AlreadyUsed));
    let first = fixture.record().enrolment.authenticators[0].clone();
    fixture.later(30);
    let begun = replace(&fixture);
    fixture.confirm(&code_of(&fixture, &begun, 0)).unwrap();
    let second = fixture.record().enrolment.authenticators[0].clone();
    assert!(second.serial > first.serial && second.slot != first.slot, "a serial of its own");
    assert!(
        matches!(fixture.key.open(second.home(&fixture.roy.name), &first.sealed), Err(SealError::Foreign)),
        "a sealed key of an earlier set does not come back"
    );
}

#[test]
fn waiting_is_not_forgotten_by_a_new_phone() {
    let fixture = Fixture::new();
    fixture.enrolled();
    let wrong = fixture.code(1000);
    for _ in 0..6 {
        assert!(!is_accepted(&fixture.spend(&wrong)));
    }
    let begun = replace(&fixture);
    fixture.confirm(&code_of(&fixture, &begun, 0)).unwrap();
    let again = fixture.spend(&code_of(&fixture, &begun, 1));
    assert!(matches!(again, Verdict::Refused(Refusal::Waiting { .. })), "{again:?}");
}

#[test]
fn an_unwritten_take_over_leaves_the_old_one_and_the_next_code_will_do() {
    let fixture = Fixture::new();
    fixture.enrolled();
    let begun = replace(&fixture);
    let directory = fixture.dir.path().join("users/roy");
    // A directory in the new file's place: the step is spent, and then the enrolment cannot be written.
    std::fs::create_dir(directory.join(".enrolment.new")).unwrap();
    let failed = fixture.confirm(&code_of(&fixture, &begun, 0));
    assert!(matches!(failed, Err(Problem::Store(_))), "{failed:?}");
    std::fs::remove_dir(directory.join(".enrolment.new")).unwrap();
    assert!(fixture.record().enrolment.pending.is_some());
    let old = fixture.old_code(1);
    assert!(is_accepted(&fixture.spend(&old)));
    assert_eq!(refused(fixture.confirm(&code_of(&fixture, &begun, 0))), Why::Code(Refusal::AlreadyUsed));
    fixture.confirm(&code_of(&fixture, &begun, 1)).unwrap();
    assert_eq!(fixture.spend(&old), Verdict::Refused(Refusal::Wrong));
}

#[test]
fn a_replacement_begun_ends_after_a_day_and_the_old_one_does_not() {
    let fixture = Fixture::new();
    fixture.enrolled();
    let begun = replace(&fixture);
    fixture.later(24 * 3600 + 1);
    assert_eq!(refused(fixture.confirm(&code_of(&fixture, &begun, 0))), Why::NothingPending);
    assert!(is_accepted(&fixture.spend(&fixture.old_code(0))));
}

#[test]
fn with_several_a_label_says_which_one_ends() {
    let fixture = Fixture::new();
    fixture.enrolled();
    let tablet = Wanted { label: "tablet".into(), ..wanted(None) };
    let begun = fixture.desk().add_authenticator(&fixture.roy, &fixture.key, &tablet).unwrap();
    fixture.confirm(&code_of(&fixture, &begun, 0)).unwrap();
    let with = |old: Option<&str>, label: Option<&str>| {
        let successor = Successor { old: old.map(Into::into), label: label.map(Into::into), ..successor() };
        fixture.desk().replace(&fixture.roy, &fixture.key, &successor)
    };
    assert_eq!(refused(with(None, None)), Why::WhichAuthenticator);
    assert_eq!(refused(with(None, Some("phone"))), Why::WhichAuthenticator);
    assert_eq!(refused(with(Some("phone"), None)), Why::NoSuchAuthenticator);
    assert_eq!(refused(with(Some("app"), Some("tablet"))), Why::LabelTaken);
    assert_eq!(with(Some("app"), Some("app")).unwrap().label, "app");
    let begun = with(Some("tablet"), Some("phone")).unwrap();
    let confirmed: Confirmed = fixture.confirm(&code_of(&fixture, &begun, 0)).unwrap();
    assert_eq!(confirmed.effect, Effect::Replaced("tablet".into()));
    let labels: Vec<String> =
        fixture.record().enrolment.authenticators.iter().map(|a| a.label.clone()).collect();
    assert_eq!(labels, ["app", "phone"]);
}

#[test]
fn only_someone_enrolled_replaces_anything() {
    let fixture = Fixture::new();
    let try_it =
        |fixture: &Fixture| refused(fixture.desk().replace(&fixture.roy, &fixture.key, &successor()));
    assert_eq!(try_it(&fixture), Why::NotEnrolled);
    assert!(fixture.store.record(&fixture.roy.name).unwrap().is_none());
    fixture.enrolled();
    fixture.desk().reset(&fixture.roy).unwrap();
    assert_eq!(try_it(&fixture), Why::MustEnroll);
    let other = Account { uid: 1001, ..fixture.roy.clone() };
    let named = Successor { label: Some("app".into()), ..successor() };
    assert_eq!(refused(fixture.desk().replace(&other, &fixture.key, &named)), Why::OtherUid);
}

#[test]
fn the_date_of_the_second_factor_stays_and_the_authenticators_is_new() {
    let fixture = Fixture::new();
    fixture.enrolled();
    let since = fixture.record().enrolment.enrolled;
    fixture.later(300);
    let begun = replace(&fixture);
    let terms = Terms { rules: &crate::testing::RULES, sealing: &fixture.key, recovery_codes: 5 };
    fixture.desk().confirm(&fixture.roy, terms, &code_of(&fixture, &begun, 0), &mut |_| Ok(())).unwrap();
    let enrolment = fixture.record().enrolment;
    assert_eq!(enrolment.enrolled, since);
    assert_eq!(enrolment.authenticators[0].added, Timestamp(since.unwrap().0 + 300));
}

/// Whether the login by this code says that a phone was replaced.
fn says_replaced(fixture: &Fixture, code: &Typed) -> bool {
    let Verdict::Accepted(acceptance) = fixture.spend(code) else { panic!("refused") };
    acceptance.is_replaced
}

#[test]
fn the_first_login_after_it_says_so_and_no_other_does() {
    let fixture = Fixture::new();
    let codes = fixture.enrolled();
    fixture.later(60);
    assert!(!says_replaced(&fixture, &fixture.code(0)), "a first enrolment is none");
    let new = replace(&fixture);
    fixture.later(60);
    assert!(!says_replaced(&fixture, &fixture.old_code(0)), "nothing has confirmed yet");
    fixture.confirm(&code_of(&fixture, &new, 0)).unwrap();
    assert!(says_replaced(&fixture, &typed(&codes[0])), "by whatever code, in the same second");
    assert!(!says_replaced(&fixture, &typed(&codes[2])));
    fixture.later(60);
    assert!(!says_replaced(&fixture, &code_of(&fixture, &new, 0)));
    fixture
        .desk()
        .add_authenticator(&fixture.roy, &fixture.key, &Wanted { label: "tablet".into(), ..wanted(None) })
        .unwrap();
    fixture.confirm(&fixture.code(0)).unwrap();
    fixture.later(60);
    assert!(!says_replaced(&fixture, &typed(&codes[1])), "one more is none");
}
