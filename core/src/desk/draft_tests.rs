//! An enrolment in one go is there whole or not at all.

use super::*;
use crate::store::Store;
use crate::testing::{Fixture, RULES, is_accepted, typed};

const HOUR: Duration = Duration::from_secs(3600);

fn refused<T: std::fmt::Debug>(result: Result<T, Problem>) -> Why {
    match result {
        Err(Problem::Refused(why)) => why,
        other => panic!("{other:?}"),
    }
}

impl Fixture {
    fn draft(&self, right: Right) -> Result<Draft, Problem> {
        self.desk().draft(&self.roy, right, "app", Parameters::default())
    }

    fn prove(&self, draft: &Draft, typed: &Typed) -> Result<Proven, Problem> {
        self.desk().prove(&self.roy, (&RULES, &self.key), draft, typed)
    }

    fn prepare(&self, right: Right) -> Result<(Draft, Ready), Problem> {
        let draft = self.draft(right)?;
        let proven = self.prove(&draft, &self.shown(&draft, 0))?;
        Ok((draft, self.desk().prepare(&self.roy, proven, 5)?))
    }

    fn activate(&self, ready: &Ready) -> Result<Timestamp, Problem> {
        self.desk().activate(&self.roy, &self.key, ready)
    }

    /// What the app shows, `steps` from now.
    fn shown(&self, draft: &Draft, steps: i64) -> Typed {
        let Begun { key, parameters, .. } = draft.begun();
        let step = parameters.step(self.now()).checked_add_signed(steps).unwrap();
        Typed::parse(parameters.code(key, step).as_bytes())
    }

    /// Someone who was reset and has used a pass.
    fn reset_with_pass(&self) -> Right {
        self.enrolled();
        self.later(60);
        self.desk().reset(&self.roy).unwrap();
        self.opened_pass()
    }

    fn opened_pass(&self) -> Right {
        let pass = self.desk().pass(&self.roy, HOUR).unwrap();
        assert!(is_accepted(&self.spend(&typed(&pass.code))));
        Right::Pass { generation: self.record().enrolment.generation }
    }
}

#[test]
fn nothing_is_written_before_the_activation() {
    let fixture = Fixture::new();
    let (draft, ready) = fixture.prepare(Right::Password).unwrap();
    assert_eq!(refused(fixture.prove(&draft, &fixture.shown(&draft, 100))), Why::Code(Refusal::Wrong));
    assert!(fixture.store.users().unwrap().is_empty());
    assert_eq!(ready.recovery_codes().len(), 5);
}

#[test]
fn the_activation_switches_on_and_spends_the_code_that_was_typed() {
    let fixture = Fixture::new();
    let (draft, ready) = fixture.prepare(Right::Password).unwrap();
    assert_eq!(fixture.activate(&ready).unwrap(), fixture.now());
    let record = fixture.record();
    assert_eq!((record.enrolment.state, record.enrolment.enrolled), (State::Enrolled, Some(fixture.now())));
    assert_eq!(fixture.spend(&fixture.shown(&draft, 0)), Verdict::Refused(Refusal::AlreadyUsed));
    assert!(is_accepted(&fixture.spend(&fixture.shown(&draft, 1))));
    for code in ready.recovery_codes() {
        assert!(is_accepted(&fixture.spend(&typed(code))));
        assert_eq!(fixture.spend(&typed(code)), Verdict::Refused(Refusal::AlreadyUsed));
    }
    assert_eq!(refused(fixture.activate(&ready)), Why::AlreadyEnrolled, "only once");
}

#[test]
fn a_pass_leads_into_one_enrolment_and_is_void_then() {
    let fixture = Fixture::new();
    let pass = fixture.desk().pass(&fixture.roy, HOUR).unwrap();
    assert!(is_accepted(&fixture.spend(&typed(&pass.code))));
    let right = Right::Pass { generation: fixture.record().enrolment.generation };
    let (_, ready) = fixture.prepare(right).unwrap();
    assert!(is_accepted(&fixture.spend(&typed(&pass.code))), "it opens until the enrolment is done");
    fixture.activate(&ready).unwrap();
    assert!(!is_accepted(&fixture.spend(&typed(&pass.code))));
}

#[test]
fn someone_reset_enrols_by_a_pass_and_never_by_the_password() {
    let fixture = Fixture::new();
    let right = fixture.reset_with_pass();
    assert_eq!(refused(fixture.prepare(Right::Password)), Why::MustEnroll);
    let (_, ready) = fixture.prepare(right).unwrap();
    fixture.activate(&ready).unwrap();
    assert_eq!(fixture.record().enrolment.state, State::Enrolled);
}

#[test]
fn a_reset_in_the_middle_voids_the_right() {
    let fixture = Fixture::new();
    let right = fixture.reset_with_pass();
    let (_, ready) = fixture.prepare(right).unwrap();
    fixture.later(60);
    fixture.desk().reset(&fixture.roy).unwrap();
    assert_eq!(refused(fixture.activate(&ready)), Why::MustEnroll);
    assert_eq!(refused(fixture.prepare(right)), Why::MustEnroll);
    fixture.opened_pass();
    assert_eq!(refused(fixture.activate(&ready)), Why::MustEnroll, "another person's pass is not theirs");
    assert_eq!(fixture.record().enrolment.state, State::MustEnroll);
}

#[test]
fn a_person_enrolled_meanwhile_stays_as_they_are() {
    let fixture = Fixture::new();
    let (_, ready) = fixture.prepare(Right::Password).unwrap();
    fixture.enrolled();
    let before = fixture.record();
    assert_eq!(refused(fixture.activate(&ready)), Why::AlreadyEnrolled);
    assert_eq!(refused(fixture.draft(Right::Password)), Why::AlreadyEnrolled);
    assert_eq!(fixture.record(), before);
}

#[test]
fn an_authenticator_pending_from_elsewhere_ends_with_the_activation() {
    let fixture = Fixture::new();
    fixture.begin().unwrap();
    let pending = fixture.code(0);
    let (_, ready) = fixture.prepare(Right::Password).unwrap();
    fixture.activate(&ready).unwrap();
    assert_eq!(refused(fixture.confirm(&pending)), Why::NothingPending);
    assert_eq!(fixture.record().enrolment.authenticators.len(), 1);
}

#[test]
fn a_code_issued_meanwhile_keeps_its_place_and_nothing_changes() {
    let fixture = Fixture::new();
    let (_, ready) = fixture.prepare(Right::Password).unwrap();
    let envelope = fixture.desk().emergency(&fixture.roy, (1, 5), &mut |_| Ok(())).unwrap();
    let before = fixture.record();
    assert!(matches!(fixture.activate(&ready), Err(Problem::Changing)));
    assert_eq!(fixture.record(), before);
    assert!(is_accepted(&fixture.spend(&typed(&envelope[0]))));
}

#[test]
fn a_pass_made_meanwhile_takes_no_place_away() {
    let fixture = Fixture::new();
    let (_, ready) = fixture.prepare(Right::Password).unwrap();
    fixture.desk().pass(&fixture.roy, HOUR).unwrap();
    fixture.activate(&ready).unwrap();
    assert!(is_accepted(&fixture.spend(&typed(&ready.recovery_codes()[0]))));
}

#[test]
fn another_account_of_the_same_name_enrols_nobody() {
    let fixture = Fixture::new();
    fixture.desk().pass(&fixture.roy, HOUR).unwrap();
    let other = Account { uid: 1001, ..fixture.roy.clone() };
    let refusal = fixture.desk().draft(&other, Right::Password, "app", Parameters::default());
    assert_eq!(refused(refusal), Why::OtherUid);
}

#[test]
fn a_phone_whose_clock_is_off_is_told_so() {
    let fixture = Fixture::new();
    let draft = fixture.draft(Right::Password).unwrap();
    let why = refused(fixture.prove(&draft, &fixture.shown(&draft, 8)));
    assert!(matches!(why, Why::Code(Refusal::WrongTime { seconds: 240, .. })), "{why:?}");
    assert_eq!(refused(fixture.prove(&draft, &Typed::parse(b"hello"))), Why::Code(Refusal::Malformed));
}
