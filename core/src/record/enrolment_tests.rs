//! What a record is read back as, and what is refused.

use super::*;
use crate::credential::secret::Secret;
use crate::credential::single_use::{Order, make};
use crate::record::seal::SealingKey;
use proptest::prelude::*;

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

#[test]
fn a_record_is_read_back_as_written() {
    let text = record().to_toml().unwrap();
    let read = Enrolment::from_toml(text.as_bytes(), &roy()).unwrap();
    assert_eq!(read.to_toml().unwrap(), text);
}

#[test]
fn a_record_of_someone_else_is_refused() {
    let text = record().to_toml().unwrap();
    let damage = Enrolment::from_toml(text.as_bytes(), &UserName::new(b"ann").unwrap()).unwrap_err();
    assert_eq!(damage, Damage::Unreadable(Flaw::OtherPerson));
}

#[test]
fn a_newer_record_is_told_from_a_damaged_one() {
    let text = record().to_toml().unwrap();
    for newer in
        [text.replace("version = 1", "version = 2"), text.replace("version = 1", "version = 2\nextra = 1")]
    {
        assert_eq!(Enrolment::from_toml(newer.as_bytes(), &roy()), Err(Damage::Newer));
    }
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
        let text = record.to_toml().unwrap();
        assert_eq!(Enrolment::from_toml(text.as_bytes(), &roy()).unwrap(), record);
    }
    // An address of another form is no address.
    let body = record.to_toml().unwrap().split_once('\n').unwrap().1.replace("roy@clinic", "Roy roy@clinic");
    let spoilt = format!("{}\n{body}", checksum_line(&body));
    assert!(matches!(Enrolment::from_toml(spoilt.as_bytes(), &roy()), Err(Damage::Unreadable(_))));
}

#[test]
fn what_is_no_record_is_not_quoted() {
    let sound = record().to_toml().unwrap().split_once('\n').unwrap().1.to_owned();
    for (from, to, said) in [
        ("uid = 1000", "uid = \"GEZDGNBVGY3TQOJQ\"", "is damaged: invalid type: string"),
        ("\"enrolled\"", "\"GEZDGNBVGY3TQOJQ\"", "is damaged: unknown variant"),
        ("uid = 1000", "GEZDGNBVGY3TQOJQ = 5", "is damaged: unknown field"),
        ("uid = 1000", "", "is damaged: missing field `uid`"),
    ] {
        assert!(sound.contains(from), "{from}");
        let body = sound.replacen(from, to, 1);
        let file = format!("{}\n{body}", checksum_line(&body));
        assert_eq!(Enrolment::from_toml(file.as_bytes(), &roy()).unwrap_err().to_string(), said, "{to}");
    }
}

#[test]
fn a_value_that_cannot_be_is_damage_in_plain_words() {
    let text = record().to_toml().unwrap();
    let (_, body) = text.split_once('\n').unwrap();
    for (right, wrong, words) in
        [("digits = 6", "digits = 7", "must be 6 or 8"), ("period = 30", "period = 45", "must be 30 or 60")]
    {
        assert!(body.contains(right), "{body}");
        let body = body.replacen(right, wrong, 1);
        let damage = Enrolment::from_toml(format!("{}\n{body}", checksum_line(&body)).as_bytes(), &roy());
        let shown = damage.unwrap_err().to_string();
        assert!(shown.contains(words) && !shown.contains(char::is_control), "{shown:?}");
    }
}

#[test]
fn contradictions_are_damage() {
    let sound = record();
    type Spoil = fn(&mut Enrolment);
    let spoils: [Spoil; 14] = [
        |r| r.version = 0,
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
        let text = spoilt.to_toml().unwrap();
        assert!(matches!(Enrolment::from_toml(text.as_bytes(), &roy()), Err(Damage::Unreadable(_))), "{i}");
    }
}

#[test]
fn a_hash_that_no_login_may_compute_is_damage() {
    let text = record().to_toml().unwrap();
    for (sound, unsound) in [("memory = 19456", "memory = 1073741824"), ("passes = 2", "passes = 0")] {
        let body = text.split_once('\n').unwrap().1.replace(sound, unsound);
        assert!(body.contains(unsound), "{body}");
        let spoilt = format!("{}\n{body}", checksum_line(&body));
        assert_eq!(Enrolment::from_toml(spoilt.as_bytes(), &roy()), Err(Damage::Unreadable(Flaw::Hashes)));
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
        let text = record.to_toml().unwrap();
        assert_eq!(Enrolment::from_toml(text.as_bytes(), &roy()).unwrap(), record);
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

/// Made once: a code takes an Argon2id run.
static TEXT: std::sync::LazyLock<String> = std::sync::LazyLock::new(|| record().to_toml().unwrap());

proptest! {
    #[test]
    fn any_bytes_are_read_without_a_crash(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = Enrolment::from_toml(&bytes, &roy());
        let body = String::from_utf8_lossy(&bytes);
        let _ = Enrolment::from_toml(format!("{}\n{body}", checksum_line(&body)).as_bytes(), &roy());
    }

    #[test]
    fn a_truncated_or_changed_record_is_never_believed(cut in 0.0f64..1.0, bit in 0u32..8) {
        let mut text = TEXT.clone().into_bytes();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a small length")]
        let at = (text.len() as f64 * cut) as usize;
        prop_assert!(Enrolment::from_toml(&text[..at], &roy()).is_err());
        text[at] ^= 1 << bit;
        prop_assert!(Enrolment::from_toml(&text, &roy()).is_err());
    }
}
