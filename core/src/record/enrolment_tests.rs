//! What a record is read back as, and what is refused.

use super::*;
use crate::credential::hash_cost::Cost;
use crate::credential::secret::Secret;
use crate::credential::single_use::{Order, make};
use crate::record::damage::Damage;
use crate::record::seal::SealingKey;

fn roy() -> UserName {
    UserName::new(b"roy").unwrap()
}

fn record() -> Enrolment {
    let mut record = Enrolment::new(roy(), 1000, 3);
    let serial = record.take_serial();
    let sealed = SealingKey::generate()
        .unwrap()
        .seal(Home { user: &roy(), slot: 0, serial }, &Secret::random(20).unwrap())
        .unwrap();
    record.authenticators.push(Authenticator {
        slot: 0,
        serial,
        label: "phone \"2\"\n".into(),
        parameters: Parameters::default(),
        added: Timestamp(1_700_000_000),
        sealed,
    });
    record.state = State::Enrolled;
    let order = Order {
        place: record.free_place().unwrap(),
        serial: record.take_serial(),
        kind: Kind::Recovery,
        issued: Timestamp(5),
        expires: Some(Timestamp(9)),
    };
    record.codes.push(make(order).unwrap().1);
    record
}

/// What is read of the file that this record makes.
fn read_back(record: &Enrolment) -> Result<Enrolment, Damage> {
    Enrolment::from_bytes(&record.to_bytes(), &roy())
}

#[test]
fn a_record_of_someone_else_is_refused() {
    let damage = Enrolment::from_bytes(&record().to_bytes(), &UserName::new(b"ann").unwrap()).unwrap_err();
    assert_eq!(damage, Damage::Unreadable(Flaw::OtherPerson));
}

#[test]
fn of_a_file_with_two_records_each_name_has_its_own() {
    let ann = UserName::new(b"ann").unwrap();
    let renamed = Enrolment { user: ann.clone(), ..record() };
    let both = record().to_bytes_or(&renamed);
    assert_eq!(Enrolment::from_bytes(&both, &ann).unwrap().user, ann);
    assert_eq!(Enrolment::from_bytes(&both, &roy()).unwrap().user, roy());
    let eve = UserName::new(b"eve").unwrap();
    assert_eq!(Enrolment::from_bytes(&both, &eve), Err(Damage::Unreadable(Flaw::OtherPerson)));
}

fn registered(serial: u64) -> Registered {
    Registered { address: "roy@clinic.example".parse().unwrap(), serial, verified: Timestamp(7) }
}

#[test]
fn mail_may_stand_beside_an_authenticator_or_alone() {
    let mut record = record();
    record.email = Some(registered(record.clone().next_serial));
    record.next_serial += 1;
    let address = "new@clinic.example".parse().unwrap();
    record.unverified_email = Some(Unverified { address, serial: record.take_serial() });
    for alone in [false, true] {
        if alone {
            record.authenticators.clear();
        }
        assert_eq!(read_back(&record).unwrap(), record);
    }
}

#[test]
fn contradictions_are_damage() {
    let sound = record();
    type Spoil = fn(&mut Enrolment);
    let spoils: [Spoil; 13] = [
        |r| r.authenticators[0].slot = 9,
        |r| r.authenticators[0].serial = 0,
        |r| r.next_serial = 1,
        |r| r.authenticators.clear(),
        |r| r.state = State::MustEnroll,
        |r| r.codes[0].place = 32,
        |r| r.codes.push(r.codes[0].clone()),
        |r| r.authenticators.push(r.authenticators[0].clone()),
        |r| r.pending = Some(pending(r, 5, Some(77))),
        |r| r.email = Some(registered(1)),
        |r| r.email = Some(registered(99)),
        |r| (r.state, r.email) = (State::NotEnrolled, Some(registered(2))),
        |r| {
            for slot in 1..9 {
                let Pending { authenticator, .. } = pending(r, slot, None);
                r.authenticators.push(authenticator);
            }
        },
    ];
    for (i, spoil) in spoils.into_iter().enumerate() {
        let mut spoilt = sound.clone();
        spoil(&mut spoilt);
        assert!(matches!(read_back(&spoilt), Err(Damage::Unreadable(_))), "{i}");
    }
}

#[test]
fn a_hash_that_no_login_may_compute_is_damage() {
    for (memory, passes) in [(1 << 30, 2), (19456, 0), (7, 2), (19456, 17)] {
        let mut spoilt = record();
        spoilt.codes[0].image.cost = Cost { memory, passes };
        assert_eq!(read_back(&spoilt), Err(Damage::Unreadable(Flaw::Hashes)));
    }
}

/// One more authenticator in this slot.
fn pending(record: &mut Enrolment, slot: u8, replaces: Option<u64>) -> Pending {
    let serial = record.take_serial();
    let authenticator = Authenticator { slot, serial, ..record.authenticators[0].clone() };
    Pending { expires: Timestamp(100), replaces, tries: 0, authenticator }
}

#[test]
fn an_authenticator_may_be_pending_beside_or_in_place_of_another() {
    for replaces in [None, Some(1)] {
        let mut record = record();
        record.pending = Some(pending(&mut record.clone(), 8, replaces));
        record.next_serial += 1;
        assert_eq!(read_back(&record).unwrap(), record);
    }
}

#[test]
fn a_pending_authenticator_ends_with_its_day() {
    let mut record = record();
    let authenticator = record.authenticators[0].clone();
    record.pending = Some(Pending { expires: Timestamp(100), replaces: None, tries: 0, authenticator });
    assert!(record.pending_at(Timestamp(100)).is_some());
    assert!(record.pending_at(Timestamp(101)).is_none());
}
