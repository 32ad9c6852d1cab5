//! What a check costs for a person without a record.

use super::*;
use crate::login::judge::tests::{Door, combined, heard, nobody, separate};
use crate::login::{Ask, Asker, Judge, Reply, Step, Who};
use crate::policy::account::Account;
use crate::store::{Amendment, Renaming, Store};
use crate::verify::{Judged, Verdict};
use std::cell::Cell;
use std::os::unix::fs::PermissionsExt;

/// A store that counts what is written and waited for.
struct Counts<'a>(&'a dyn Store, Cell<usize>);

impl Store for Counts<'_> {
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
        self.0.attempt(user, &mut |record| {
            let judged = judge(record);
            self.1.set(self.1.get() + usize::from(judged.is_written()));
            judged
        })
    }
    fn stand_in(&self, writes: bool) -> Result<(), StoreError> {
        self.1.set(self.1.get() + usize::from(writes));
        self.0.stand_in(writes)
    }
    fn amend(
        &self,
        _: &UserName,
        _: &mut dyn FnMut(Option<Enrolment>, &Ledger) -> Amendment,
    ) -> Result<(), StoreError> {
        unreachable!("a login amends nothing")
    }
    fn rename(&self, _: &Enrolment, _: &Enrolment) -> Result<Renaming, StoreError> {
        unreachable!("nobody gets another name here")
    }
    fn purge(&self, _: &UserName) -> Result<(), StoreError> {
        unreachable!("a login removes nothing")
    }
    fn users(&self) -> Result<Vec<UserName>, StoreError> {
        self.0.users()
    }
}

fn ann() -> Who {
    Who::Known(Account { name: UserName::new(b"ann").unwrap(), uid: 1001, gid: 1001 })
}

/// What one reply cost, and what came of it.
fn costs(door: &Door, who: &Who, reply: Reply) -> (usize, Outcome) {
    let store = Counts(&door.fixture.store, Cell::new(0));
    let judge = Judge::of(Site { store: &store, ..door.site() });
    let outcome = heard(judge, who, Step::Check(reply)).outcome;
    (store.1.get(), outcome)
}

/// The tally of combined entries is one of its own.
const fn is_combined(reply: &Reply) -> bool {
    matches!(reply, Reply::Combined(_))
}

/// Replies, and the writes that each costs.
fn replies() -> [(Reply, usize); 9] {
    [
        (separate("000000"), 1),
        (separate("00000000"), 1),
        (separate("0ABC-DEFG-HJKM-NPQR"), 1),
        (combined("pw000000"), 1),
        (combined("pw0ABC-DEFG-HJKM-NPQR"), 1),
        (separate("password"), 0),
        (separate(""), 0),
        (combined("password"), 0),
        (Reply::NoCode, 0),
    ]
}

/// The same for everybody, whatever their state: enrolled, waiting, disabled, reset, of another uid, without a record,
/// unknown, and of a name that nobody can have.
#[test]
fn a_wrong_code_costs_one_write_for_every_kind_of_person() {
    type History = fn(&mut Door);
    let histories: [(&str, History); 5] = [
        ("enrolled", |_| {}),
        ("waiting", |door| (0..6).for_each(|_| drop(costs(door, &door.roy(), separate("000000"))))),
        ("disabled", |door| {
            for _ in 0..50 {
                drop(costs(door, &door.roy(), separate("000000")));
                door.clock.0 += 3600;
            }
        }),
        ("reset", |door| door.fixture.desk().reset(&door.fixture.roy).map(drop).unwrap()),
        ("another uid", |door| door.fixture.roy.uid = 1002),
    ];
    for (what, lived) in histories {
        for (reply, expected) in replies() {
            let mut door = Door::new("");
            door.fixture.enrolled();
            lived(&mut door);
            // Who waits is refused by one write whatever was typed.
            let own =
                if what == "waiting" { expected.max(usize::from(!is_combined(&reply))) } else { expected };
            assert_eq!(costs(&door, &door.roy(), reply.clone()).0, own, "{what}");
            for who in [ann(), nobody(), Who::Unknown(None)] {
                assert_eq!(costs(&door, &who, reply.clone()).0, expected, "{who:?}");
            }
        }
    }
}

#[test]
fn a_used_code_costs_what_a_wrong_one_does() {
    let mut door = Door::new("");
    door.fixture.enrolled();
    door.clock.0 += 60;
    let code = door.code();
    let typed = || costs(&door, &door.roy(), separate(&code));
    assert!(matches!(typed(), (1, Outcome::Accepted(_))));
    assert_eq!(typed(), (1, Outcome::Refused(Refusal::AlreadyUsed)));
    assert_eq!(door.failures(), 0, "and it does not count");
}

#[test]
fn without_the_sealing_key_nobody_is_told_apart_by_the_cost() {
    let door = Door::new("");
    door.fixture.enrolled();
    std::fs::remove_file(door.config.seal_key()).unwrap();
    for who in [door.roy(), ann(), nobody(), Who::Unknown(None)] {
        let (cost, outcome) = costs(&door, &who, separate("000000"));
        assert!(cost == 1 && matches!(outcome, Outcome::Unavailable(_)), "{who:?}: {cost} {outcome:?}");
    }
}

/// As with a ledger that cannot be written: whatever was typed, and before anything is decided.
#[test]
fn where_the_spare_file_cannot_be_written_codes_cannot_be_checked() {
    let door = Door::new("");
    door.fixture.enrolled();
    for (name, who) in [("spare", ann()), ("spare", nobody()), ("users/roy/ledger", door.roy())] {
        let file = door.fixture.dir.path().join(name);
        door.fixture.store.make_spare().unwrap();
        std::fs::set_permissions(&file, PermissionsExt::from_mode(0o644)).unwrap();
        for (reply, _) in replies() {
            let outcome = costs(&door, &who, reply).1;
            assert!(matches!(outcome, Outcome::Unavailable(_)), "{who:?}: {outcome:?}");
        }
        std::fs::set_permissions(&file, PermissionsExt::from_mode(0o600)).unwrap();
    }
}

/// It is enrolled, and every reader of this file knows its key: its codes open to nobody.
#[test]
fn the_stand_in_opens_nothing() {
    let door = Door::new("");
    let record = stand_in(&door.fixture.key, Parameters::default()).unwrap();
    let app = &record.enrolment.authenticators[0];
    let key = door.fixture.key.open(app.home(&record.enrolment.user), &app.sealed).unwrap();
    let code = app.parameters.code(&key, app.parameters.step(crate::system::clock::Timestamp(door.clock.0)));
    for who in [ann(), nobody(), Who::Unknown(None)] {
        let outcome = costs(&door, &who, separate(&code)).1;
        assert_eq!(outcome, Outcome::Refused(Refusal::NotEnrolled), "{who:?}");
    }
}

#[test]
fn where_no_code_is_asked_nothing_is_written_for_them() {
    let door = Door::new("[policy]\nunenrolled = \"ignore\"");
    let store = Counts(&door.fixture.store, Cell::new(0));
    for asker in [Asker::Root, Asker::Person(1001), Asker::Untold] {
        let judge = Judge { asker, ..Judge::of(Site { store: &store, ..door.site() }) };
        let entered = heard(judge, &ann(), Step::Enter(combined("pw000000")));
        assert_eq!(entered.ask, Some(Ask::Nothing { days_left: None }));
    }
    assert_eq!(store.1.get(), 0);
}
