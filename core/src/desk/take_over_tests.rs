//! In force at once, and nothing that was spent elsewhere opens here.

use super::*;
use crate::credential::Typed;
use crate::record::Record;
use crate::record::ledger::Ledger;
use crate::store::{Amendment, Renaming, Store, StoreError};
use crate::testing::{Fixture, RULES, START, is_accepted, known_key, typed};
use crate::user::UserName;
use crate::verify::{Judged, Refusal, Verdict};

fn incoming(label: &str, next: u64, drift: i64) -> Incoming {
    Incoming { label: label.into(), parameters: Parameters::default(), key: known_key(), next, drift }
}

fn terms(fixture: &Fixture) -> Terms<'_> {
    fixture.terms(&RULES, 5)
}

fn take(fixture: &Fixture, incoming: &[Incoming]) -> Result<Confirmed, Problem> {
    fixture.desk().take_over(&fixture.roy, terms(fixture), incoming)
}

fn refused<T: std::fmt::Debug>(result: Result<T, Problem>) -> Why {
    match result {
        Err(Problem::Refused(why)) => why,
        other => panic!("{other:?}"),
    }
}

fn code(step: u64) -> Typed {
    Typed::parse(Parameters::default().code(&known_key(), step).as_bytes())
}

#[test]
fn what_was_used_there_is_used_here_and_the_next_code_opens() {
    let fixture = Fixture::new();
    let step = START / 30;
    let taken = take(&fixture, &[incoming("app", step + 1, 0)]).unwrap();
    assert_eq!((taken.since, taken.recovery_codes.len()), (Timestamp(START), 5));
    for used in [step - 1, step] {
        assert_eq!(fixture.spend(&code(used)), Verdict::Refused(Refusal::AlreadyUsed));
    }
    assert!(is_accepted(&fixture.spend(&code(step + 1))));
    assert!(is_accepted(&fixture.spend(&typed(&taken.recovery_codes[0]))));
}

#[test]
fn a_drift_learned_there_is_held() {
    let fixture = Fixture::new();
    take(&fixture, &[incoming("app", 0, 3)]).unwrap();
    assert!(is_accepted(&fixture.spend(&code(START / 30 + 4))));
}

#[test]
fn with_a_record_the_emergency_code_stays_and_the_spent_stays_spent() {
    let fixture = Fixture::new();
    let envelope = fixture.desk().emergency(&fixture.roy, (2, 5), &mut |_| Ok(())).unwrap();
    assert!(is_accepted(&fixture.spend(&typed(&envelope[0]))));
    fixture.begin().unwrap();
    let other = Incoming { key: Secret::new(vec![2; 20]), ..incoming("app 2", 0, 0) };
    take(&fixture, &[incoming("app", 0, 0), other]).unwrap();
    assert!(!is_accepted(&fixture.spend(&typed(&envelope[0]))));
    assert!(is_accepted(&fixture.spend(&typed(&envelope[1]))));
    assert!(fixture.record().enrolment.pending.is_none());
}

#[test]
fn of_an_older_generation_nothing_is_left() {
    let fixture = Fixture::new();
    fixture.enrolled();
    std::fs::remove_file(fixture.dir.path().join("users/roy/enrolment")).unwrap();
    take(&fixture, &[incoming("app", 0, 0)]).unwrap();
    let record = fixture.record();
    assert_eq!((record.enrolment.generation, record.ledger.generation), (START + 1, START + 1));
    assert_eq!(record.recovery_left(), 5);
}

#[test]
fn only_someone_not_enrolled_is_taken_over_and_only_what_can_be_held() {
    let fixture = Fixture::new();
    let numbered = |n: u8| Incoming { key: Secret::new(vec![n; 20]), ..incoming(&format!("app {n}"), 0, 0) };
    let nine: Vec<Incoming> = (0..9).map(numbered).collect();
    assert_eq!(refused(take(&fixture, &nine)), Why::TooManyAuthenticators);
    assert_eq!(refused(take(&fixture, &[incoming("app", 0, 0), incoming("app", 0, 0)])), Why::LabelTaken);
    assert_eq!(refused(take(&fixture, &[incoming("app", 0, 0), incoming("app 2", 0, 0)])), Why::KeyTaken);
    let of_len = |len| Incoming { key: Secret::new(vec![1; len]), ..incoming("app", 0, 0) };
    assert_eq!(refused(take(&fixture, &[of_len(9)])), Why::KeyTooShort);
    assert_eq!(refused(take(&fixture, &[of_len(129)])), Why::KeyTooLong);
    assert!(fixture.store.record(&fixture.roy.name).unwrap().is_none());
    fixture.enrolled();
    assert_eq!(refused(take(&fixture, &[incoming("app", 0, 0)])), Why::AlreadyEnrolled);
    fixture.desk().reset(&fixture.roy).unwrap();
    assert_eq!(refused(take(&fixture, &[incoming("app", 0, 0)])), Why::MustEnroll);
}

/// The one who reads the file decides whether keys under 128 bits come over; what is sealed tells them for as long as they live.
#[test]
fn a_short_key_opens_and_is_known_by_its_length() {
    for (len, bits) in [(10, Some(80)), (15, Some(120)), (16, None), (20, None)] {
        let fixture = Fixture::new();
        take(&fixture, &[Incoming { key: Secret::new(vec![1; len]), ..incoming("app", 0, 0) }]).unwrap();
        let apps = fixture.record().enrolment.authenticators;
        assert_eq!(apps.iter().map(|app| app.short_key_bits()).collect::<Vec<_>>(), [bits], "{len}");
    }
}

/// A store in which a process dies between the ledger and the enrolment.
struct Dies<'a>(&'a dyn Store);

impl Store for Dies<'_> {
    fn enrolment(&self, user: &UserName) -> Result<Option<Enrolment>, StoreError> {
        self.0.enrolment(user)
    }
    fn record(&self, user: &UserName) -> Result<Option<Record>, StoreError> {
        self.0.record(user)
    }
    fn attempt(
        &self,
        user: &UserName,
        judge: &mut dyn FnMut(&Record) -> Judged,
    ) -> Result<Option<Verdict>, StoreError> {
        self.0.attempt(user, judge)
    }
    fn stand_in(&self, writes: bool) -> Result<(), StoreError> {
        self.0.stand_in(writes)
    }
    fn amend(
        &self,
        user: &UserName,
        amend: &mut dyn FnMut(Option<Enrolment>, &Ledger) -> Amendment,
    ) -> Result<(), StoreError> {
        self.0.amend(user, &mut |enrolment, ledger| match amend(enrolment, ledger) {
            Amendment::Write(_, Some(ledger)) => Amendment::Ledger(ledger),
            other => other,
        })?;
        Err(StoreError::Busy("killed".into(), None))
    }
    fn rename(&self, _: &Enrolment, _: &Enrolment) -> Result<Renaming, StoreError> {
        unreachable!("nobody gets another name here")
    }
    fn purge(&self, user: &UserName) -> Result<(), StoreError> {
        self.0.purge(user)
    }
    fn users(&self) -> Result<Vec<UserName>, StoreError> {
        self.0.users()
    }
}

#[test]
fn a_crash_between_ledger_and_enrolment_leaves_someone_to_take_over() {
    for has_a_record in [false, true] {
        let fixture = Fixture::new();
        let envelope = if has_a_record {
            fixture.desk().emergency(&fixture.roy, (1, 5), &mut |_| Ok(())).unwrap()
        } else {
            Vec::new()
        };
        let step = START / 30;
        let dying = Dies(&fixture.store);
        let desk = Desk { store: &dying, clock: &fixture.watch };
        let killed = desk.take_over(&fixture.roy, terms(&fixture), &[incoming("app", step + 1, 0)]);
        assert!(matches!(killed, Err(Problem::Store(_))), "{killed:?}");
        assert_eq!(fixture.spend(&code(step + 1)), Verdict::Refused(Refusal::NotEnrolled));
        take(&fixture, &[incoming("app", step + 1, 0)]).unwrap();
        assert_eq!(fixture.spend(&code(step)), Verdict::Refused(Refusal::AlreadyUsed));
        assert!(is_accepted(&fixture.spend(&code(step + 1))));
        assert!(envelope.iter().all(|code| is_accepted(&fixture.spend(&typed(code)))));
    }
}
