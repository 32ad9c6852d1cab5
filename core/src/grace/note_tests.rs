//! When a recovery code counts for `replace` too: everything must be as it was, in that very session.

use super::super::testing::user;
use super::*;
use crate::record::enrolment::Enrolment;
use crate::testing::Fixture;
use proptest::prelude::*;

const SINCE: BootTime = BootTime(1000);
const SESSION: Session = Session::Audit(5);

fn person() -> Person {
    Person { user: user("roy"), uid: 1000, boot: BootId::new("this") }
}

fn enrolment() -> Enrolment {
    let fixture = Fixture::new();
    fixture.enrolled();
    fixture.record().enrolment
}

/// A note of the first recovery code of `enrolment`, and its ticket.
fn of_login(enrolment: &Enrolment) -> (Note, Ticket) {
    let ticket = Ticket::random().unwrap();
    let code = enrolment.codes_of(Kind::Recovery).next().unwrap().serial;
    (Note::of_login(person(), &ticket, Basis::of(enrolment).unwrap(), code, SINCE), ticket)
}

fn opened(enrolment: &Enrolment) -> Note {
    let (mut note, ticket) = of_login(enrolment);
    note.open(&person(), &ticket, &SESSION, SINCE).unwrap();
    note
}

#[test]
fn a_code_counts_once_its_login_has_opened_a_session() {
    let enrolment = enrolment();
    let (mut note, ticket) = of_login(&enrolment);
    let before = note.clone();
    assert!(note.holds(&person(), &SESSION, &enrolment, SINCE).is_err(), "the password may be wrong");
    for other in [Ticket::random().unwrap(), Ticket::random().unwrap()] {
        assert!(note.open(&person(), &other, &SESSION, SINCE).is_err());
    }
    assert_eq!(note, before);
    note.open(&person(), &ticket, &SESSION, SINCE).unwrap();
    note.holds(&person(), &SESSION, &enrolment, SINCE).unwrap();
    assert!(note.open(&person(), &ticket, &Session::Audit(6), SINCE).is_err(), "a ticket opens one session");
    note.holds(&person(), &SESSION, &enrolment, SINCE).unwrap();
}

#[test]
fn it_counts_for_ten_minutes_from_the_code_on() {
    let enrolment = enrolment();
    let note = opened(&enrolment);
    for (now, holds) in [(999, false), (1000, true), (1599, true), (1600, false), (u64::MAX, false)] {
        assert_eq!(note.holds(&person(), &SESSION, &enrolment, BootTime(now)).is_ok(), holds, "{now}");
    }
    let (mut late, ticket) = of_login(&enrolment);
    assert!(late.open(&person(), &ticket, &SESSION, BootTime(1600)).is_err(), "the password took too long");
}

#[test]
fn whatever_changed_since_then_ends_it() {
    let before = enrolment();
    let note = opened(&before);
    let changed = |change: &dyn Fn(&mut Enrolment)| {
        let mut enrolment = before.clone();
        change(&mut enrolment);
        note.holds(&person(), &SESSION, &enrolment, SINCE).is_err()
    };
    assert!(!changed(&|_| ()));
    assert!(changed(&|e| e.generation += 1), "reset");
    assert!(changed(&|e| e.state = crate::record::enrolment::State::MustEnroll));
    assert!(changed(&|e| e.authenticators[0].serial += 100), "replaced");
    assert!(changed(&|e| e.codes.retain(|code| code.serial != note.code)), "new codes");
    let kind = |kind| move |e: &mut Enrolment| e.codes.iter_mut().for_each(|code| code.kind = kind);
    for other in [Kind::Pass, Kind::Emergency] {
        assert!(changed(&kind(other)), "{other:?}");
    }
    for other in [
        Person { user: user("ann"), ..person() },
        Person { uid: 1001, ..person() },
        Person { boot: BootId::new("next"), ..person() },
    ] {
        assert!(note.holds(&other, &SESSION, &before, SINCE).is_err(), "{other:?}");
    }
    let newer = Note { version: VERSION + 1, ..note.clone() };
    assert!(newer.holds(&person(), &SESSION, &before, SINCE).is_err());
}

#[test]
fn every_reason_says_what_is_asked_and_names_nobody() {
    for why in [NoNote::None, NoNote::Void("x"), NoSession::NoGroup.into(), StoreError::FileSizeLimit.into()]
    {
        let line = why.to_string();
        assert!(line.starts_with("`replace` asks for a code: ") && !line.contains("roy"), "{line}");
    }
}

proptest! {
    #[test]
    fn a_session_that_differs_in_anything_is_another(
        id in 0u32..4, name in "[a-c]{1,2}", inode in 0u64..3, tty in 0u32..2, pid in 0u32..3, start in 0u64..2,
    ) {
        let enrolment = Enrolment::new(user("roy"), 1000, 1);
        let sessions = [
            Session::Audit(id),
            Session::Cgroup { name, inode },
            Session::Leader { tty, pid, start },
        ];
        for (at, own) in sessions.iter().enumerate() {
            let ticket = Ticket::random().unwrap();
            let basis = Basis::new(1, &[1]);
            let mut note = Note::of_login(person(), &ticket, basis, 2, SINCE);
            note.open(&person(), &ticket, own, SINCE).unwrap();
            for (other_at, other) in sessions.iter().enumerate() {
                let why = note.holds(&person(), other, &enrolment, SINCE).unwrap_err().to_string();
                prop_assert_eq!(why.contains("another session"), at != other_at, "{}", why);
            }
        }
    }
}
