//! New codes void what they replace and reopen nothing that was spent.

use super::super::testing::{Ward, is_accepted, typed};
use super::*;
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
    let ward = Ward::new();
    let old = ward.enrolled();
    assert!(is_accepted(&ward.spend(&typed(&old[0]))));
    let new = ward.recovery_codes().unwrap();
    for code in &old {
        assert!(!is_accepted(&ward.spend(&typed(code))));
    }
    ward.desk().unlock(&ward.roy.name).unwrap();
    assert_eq!(ward.record().recovery_left(), 5);
    for code in &new {
        assert!(is_accepted(&ward.spend(&typed(code))));
        assert!(!is_accepted(&ward.spend(&typed(code))));
    }
    assert_eq!(ward.record().recovery_left(), 0);
}

#[test]
fn codes_that_could_not_be_kept_are_not_in_force() {
    let ward = Ward::new();
    let full =
        || StoreError::Io("/sheet".into(), crate::store::Doing::Writing, std::io::Error::other("full"));
    let old = ward.enrolled();
    let before = ward.record();
    let mut shown = Vec::new();
    let kept = ward.desk().recovery_codes(&ward.roy, 5, &mut |codes| {
        shown = codes.to_vec();
        Err(full())
    });
    assert!(matches!(kept, Err(Problem::Store(_))) && shown.len() == 5, "{kept:?}");
    assert_eq!(ward.record(), before);
    assert!(!is_accepted(&ward.spend(&typed(&shown[0]))));
    assert!(is_accepted(&ward.spend(&typed(&old[0]))));
}

#[test]
fn only_someone_enrolled_gets_recovery_codes() {
    let ward = Ward::new();
    assert_eq!(refused(ward.recovery_codes()), Why::NotEnrolled);
    ward.enrolled();
    ward.desk().reset(&ward.roy).unwrap();
    assert_eq!(refused(ward.recovery_codes()), Why::MustEnroll);
    assert_eq!(refused(ward.desk().emergency(&ward.roy, 1, 5)), Why::MustEnroll);
}

#[test]
fn a_pass_opens_one_login_until_its_end_and_replaces_an_earlier_one() {
    let ward = Ward::new();
    ward.enrolled();
    let first = ward.desk().pass(&ward.roy, HOUR).unwrap();
    let second = ward.desk().pass(&ward.roy, HOUR).unwrap();
    assert!(!is_accepted(&ward.spend(&typed(&first.code))));
    assert!(is_accepted(&ward.spend(&typed(&second.code))));
    assert_eq!(ward.spend(&typed(&second.code)), Verdict::Refused(Refusal::AlreadyUsed));
    let third = ward.desk().pass(&ward.roy, HOUR).unwrap();
    assert_eq!(third.expires, ward.now().plus(HOUR));
    ward.later(3601);
    assert_eq!(ward.spend(&typed(&third.code)), Verdict::Refused(Refusal::Expired));
}

#[test]
fn someone_never_enrolled_may_have_a_pass_and_an_envelope() {
    let ward = Ward::new();
    let pass = ward.desk().pass(&ward.roy, HOUR).unwrap();
    let envelope = ward.desk().emergency(&ward.roy, 2, 5).unwrap();
    assert_eq!(ward.record().enrolment.state, State::NotEnrolled);
    let Verdict::Accepted(acceptance) = ward.spend(&typed(&pass.code)) else { panic!("the pass") };
    assert!(acceptance.must_enroll);
    assert!(is_accepted(&ward.spend(&typed(&envelope[1]))));
}

#[test]
fn an_envelope_leaves_room_for_an_enrolment_to_come() {
    let ward = Ward::new();
    assert_eq!(refused(ward.desk().emergency(&ward.roy, 27, 5)), Why::NoRoom { free: 26 });
    ward.desk().emergency(&ward.roy, 26, 5).unwrap();
    ward.desk().pass(&ward.roy, HOUR).unwrap();
    ward.enrolled();
}

#[test]
fn thirty_two_places_are_all_there_are_and_spent_ones_make_room() {
    let ward = Ward::new();
    ward.enrolled();
    assert_eq!(refused(ward.desk().emergency(&ward.roy, 27, 5)), Why::NoRoom { free: 26 });
    let envelope = ward.desk().emergency(&ward.roy, 26, 5).unwrap();
    ward.desk().pass(&ward.roy, HOUR).unwrap();
    ward.recovery_codes().unwrap();
    assert_eq!(refused(ward.desk().emergency(&ward.roy, 1, 5)), Why::NoRoom { free: 0 });
    assert!(is_accepted(&ward.spend(&typed(&envelope[25]))));
    ward.desk().emergency(&ward.roy, 1, 5).unwrap();
    let pass = ward.desk().pass(&ward.roy, HOUR).unwrap();
    assert!(!is_accepted(&ward.spend(&typed(&envelope[25]))), "its place was taken, not it reopened");
    assert!(is_accepted(&ward.spend(&typed(&pass.code))));
}

#[test]
fn another_account_of_the_same_name_gets_no_codes() {
    let ward = Ward::new();
    ward.enrolled();
    let other = Account { uid: 1001, ..ward.roy.clone() };
    assert_eq!(refused(ward.desk().pass(&other, HOUR)), Why::OtherUid);
    assert_eq!(refused(ward.desk().emergency(&other, 1, 5)), Why::OtherUid);
    assert_eq!(refused(ward.desk().recovery_codes(&other, 5, &mut |_| Ok(()))), Why::OtherUid);
}

#[test]
fn desks_at_once_lose_nothing_of_each_other() {
    let ward = Ward::new();
    let (dir, now) = (ward.dir.path(), ward.now());
    let codes: Vec<_> = std::thread::scope(|scope| {
        let desk = || {
            let store = crate::store::FileStore::new(dir.to_path_buf());
            let roy = Account { name: crate::user::UserName::new(b"roy").unwrap(), uid: 1000, gid: 1000 };
            Desk { store: &store, clock: &now }.emergency(&roy, 1, 5).unwrap().remove(0)
        };
        let desks: Vec<_> = (0..6).map(|_| scope.spawn(desk)).collect();
        desks.into_iter().map(|desk| desk.join().unwrap()).collect()
    });
    assert_eq!(ward.record().enrolment.codes.len(), 6);
    for code in &codes {
        assert!(is_accepted(&ward.spend(&typed(code))));
    }
}
