//! New codes void what they replace and reopen nothing that was spent.

use super::*;
use crate::testing::{Fixture, is_accepted, typed};
use crate::verify::{Refusal, Verdict};

const HOUR: Duration = Duration::from_secs(3600);

fn refused<T: std::fmt::Debug>(result: Result<T, Problem>) -> Why {
    match result {
        Err(Problem::Refused(why)) => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_new_set_voids_the_old_one_and_reopens_nothing() {
    let fixture = Fixture::new();
    let old = fixture.enrolled();
    assert!(is_accepted(&fixture.spend(&typed(&old[0]))));
    let new = fixture.recovery_codes().unwrap();
    for code in &old {
        assert!(!is_accepted(&fixture.spend(&typed(code))));
    }
    fixture.desk().unlock(&fixture.roy.name).unwrap();
    assert_eq!(fixture.record().recovery_left(), 5);
    for code in &new {
        assert!(is_accepted(&fixture.spend(&typed(code))));
        assert!(!is_accepted(&fixture.spend(&typed(code))));
    }
    assert_eq!(fixture.record().recovery_left(), 0);
}

#[test]
fn codes_that_could_not_be_kept_are_not_in_force() {
    let fixture = Fixture::new();
    let full =
        || StoreError::Io("/sheet".into(), crate::store::Doing::Writing, std::io::Error::other("full"));
    let old = fixture.enrolled();
    let before = fixture.record();
    let mut shown = Vec::new();
    let kept = fixture.desk().recovery_codes(&fixture.roy, 5, &mut |codes| {
        shown = codes.to_vec();
        Err(full())
    });
    assert!(matches!(kept, Err(Problem::Store(_))) && shown.len() == 5, "{kept:?}");
    assert_eq!(fixture.record(), before);
    assert!(!is_accepted(&fixture.spend(&typed(&shown[0]))));
    assert!(is_accepted(&fixture.spend(&typed(&old[0]))));
}

/// The helper's store holds on to the record that the person showed who they are for: every further set would be in vain.
#[test]
fn codes_written_down_for_a_record_that_was_reset_are_the_last() {
    use crate::store::Guarded;
    let fixture = Fixture::new();
    fixture.enrolled();
    let seen = fixture.record().enrolment;
    let (store, now) = (Guarded::new(&fixture.store, Some(&seen)), fixture.now());
    let desk = Desk { store: &store, clock: &now };
    let mut sets = 0;
    let made = desk.recovery_codes(&fixture.roy, 5, &mut |_| {
        sets += 1;
        if sets == 1 {
            fixture.desk().reset(&fixture.roy).unwrap();
            fixture.enrolled();
        }
        Ok(())
    });
    assert_eq!((refused(made), sets), (Why::Replaced, 1));
    let mut sets = 0;
    let made = fixture.desk().emergency(&fixture.roy, (1, 5), &mut |_| {
        sets += 1;
        fixture.desk().reset(&fixture.roy).map(drop).unwrap();
        Ok(())
    });
    assert_eq!((refused(made), sets), (Why::Replaced, 1));
}

#[test]
fn only_someone_enrolled_gets_recovery_codes() {
    let fixture = Fixture::new();
    assert_eq!(refused(fixture.recovery_codes()), Why::NotEnrolled);
    fixture.enrolled();
    fixture.desk().reset(&fixture.roy).unwrap();
    assert_eq!(refused(fixture.recovery_codes()), Why::MustEnroll);
    assert_eq!(refused(fixture.desk().emergency(&fixture.roy, (1, 5), &mut |_| Ok(()))), Why::MustEnroll);
}

#[test]
fn a_pass_opens_one_login_until_its_end_and_replaces_an_earlier_one() {
    let fixture = Fixture::new();
    fixture.enrolled();
    let first = fixture.desk().pass(&fixture.roy, HOUR).unwrap();
    let second = fixture.desk().pass(&fixture.roy, HOUR).unwrap();
    assert!(!is_accepted(&fixture.spend(&typed(&first.code))));
    assert!(is_accepted(&fixture.spend(&typed(&second.code))));
    assert_eq!(fixture.spend(&typed(&second.code)), Verdict::Refused(Refusal::AlreadyUsed));
    let third = fixture.desk().pass(&fixture.roy, HOUR).unwrap();
    assert_eq!(third.expires, fixture.now().plus(HOUR));
    fixture.later(3601);
    assert_eq!(fixture.spend(&typed(&third.code)), Verdict::Refused(Refusal::Expired));
}

#[test]
fn someone_never_enrolled_may_have_a_pass_and_an_envelope() {
    let fixture = Fixture::new();
    let pass = fixture.desk().pass(&fixture.roy, HOUR).unwrap();
    let envelope = fixture.desk().emergency(&fixture.roy, (2, 5), &mut |_| Ok(())).unwrap();
    assert_eq!(fixture.record().enrolment.state, State::NotEnrolled);
    let Verdict::Accepted(acceptance) = fixture.spend(&typed(&pass.code)) else { panic!("the pass") };
    assert!(acceptance.must_enroll);
    assert!(is_accepted(&fixture.spend(&typed(&envelope[1]))));
}

#[test]
fn an_envelope_leaves_room_for_an_enrolment_to_come() {
    let fixture = Fixture::new();
    assert_eq!(
        refused(fixture.desk().emergency(&fixture.roy, (27, 5), &mut |_| Ok(()))),
        Why::NoRoom { free: 26 }
    );
    fixture.desk().emergency(&fixture.roy, (26, 5), &mut |_| Ok(())).unwrap();
    fixture.desk().pass(&fixture.roy, HOUR).unwrap();
    fixture.enrolled();
}

#[test]
fn thirty_two_places_are_all_there_are_and_spent_ones_make_room() {
    let fixture = Fixture::new();
    fixture.enrolled();
    assert_eq!(
        refused(fixture.desk().emergency(&fixture.roy, (27, 5), &mut |_| Ok(()))),
        Why::NoRoom { free: 26 }
    );
    let envelope = fixture.desk().emergency(&fixture.roy, (26, 5), &mut |_| Ok(())).unwrap();
    fixture.desk().pass(&fixture.roy, HOUR).unwrap();
    fixture.recovery_codes().unwrap();
    assert_eq!(
        refused(fixture.desk().emergency(&fixture.roy, (1, 5), &mut |_| Ok(()))),
        Why::NoRoom { free: 0 }
    );
    assert!(is_accepted(&fixture.spend(&typed(&envelope[25]))));
    fixture.desk().emergency(&fixture.roy, (1, 5), &mut |_| Ok(())).unwrap();
    let pass = fixture.desk().pass(&fixture.roy, HOUR).unwrap();
    assert!(!is_accepted(&fixture.spend(&typed(&envelope[25]))), "its place was taken, not it reopened");
    assert!(is_accepted(&fixture.spend(&typed(&pass.code))));
}

#[test]
fn another_account_of_the_same_name_gets_no_codes() {
    let fixture = Fixture::new();
    fixture.enrolled();
    let other = Account { uid: 1001, ..fixture.roy.clone() };
    assert_eq!(refused(fixture.desk().pass(&other, HOUR)), Why::OtherUid);
    assert_eq!(refused(fixture.desk().emergency(&other, (1, 5), &mut |_| Ok(()))), Why::OtherUid);
    assert_eq!(refused(fixture.desk().recovery_codes(&other, 5, &mut |_| Ok(()))), Why::OtherUid);
}

#[test]
fn desks_at_once_lose_nothing_of_each_other() {
    let fixture = Fixture::new();
    let (dir, now) = (fixture.dir.path(), fixture.now());
    let codes: Vec<_> = std::thread::scope(|scope| {
        let desk = || {
            let store = crate::store::FileStore::new(dir.to_path_buf());
            let roy = Account { name: crate::user::UserName::new(b"roy").unwrap(), uid: 1000, gid: 1000 };
            Desk { store: &store, clock: &now }.emergency(&roy, (1, 5), &mut |_| Ok(())).unwrap().remove(0)
        };
        let desks: Vec<_> = (0..6).map(|_| scope.spawn(desk)).collect();
        desks.into_iter().map(|desk| desk.join().unwrap()).collect()
    });
    assert_eq!(fixture.record().enrolment.codes.len(), 6);
    for code in &codes {
        assert!(is_accepted(&fixture.spend(&typed(code))));
    }
}
