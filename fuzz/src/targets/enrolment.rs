//! `enrolment.toml`: what is read is written the same, and nothing that is refused is quoted.

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use wardkey_core::credential::Place;
use wardkey_core::record::damage::Damage;
use wardkey_core::record::enrolment::{Enrolment, MAX_AUTHENTICATORS, SLOTS, State};
use wardkey_core::user::UserName;

/// Longer than any word of the format: what shares so much with the file quotes it.
const QUOTE: usize = 18;

pub(super) fn run(bytes: &[u8]) {
    let roy = UserName::new(b"roy").expect("a name");
    whole(bytes, &roy);
    // The same under a right checksum, else nothing but checksums would be found out about.
    let mut signed = format!("# wardkey {}\n", HEXLOWER.encode(&Sha256::digest(bytes))).into_bytes();
    signed.extend_from_slice(bytes);
    whole(&signed, &roy);
    if let Ok(record) = Enrolment::from_toml(&signed, &roy) {
        cut(&signed, &roy);
        let other = UserName::new(b"ann").expect("a name");
        // But for a file that says both, while a record is given to another name.
        let says_both = signed.windows(7).any(|part| part == b"renamed");
        let is_believed = Enrolment::from_toml(&signed, &other).is_ok();
        assert!(!is_believed || says_both, "another person's record was believed");
        assert!(record.user == roy);
    }
}

fn whole(bytes: &[u8], user: &UserName) {
    match Enrolment::from_toml(bytes, user) {
        Ok(record) => {
            sound(&record);
            let text = record.to_toml().expect("a record that was read can be written");
            let again = Enrolment::from_toml(text.as_bytes(), user).expect("and read again");
            assert_eq!(again, record);
            assert_eq!(again.to_toml().as_deref(), Ok(text.as_str()));
        }
        Err(damage) => quotes_nothing(bytes, &damage),
    }
}

fn sound(record: &Enrolment) {
    assert!(record.authenticators.len() <= MAX_AUTHENTICATORS && record.codes.len() <= Place::COUNT);
    assert!(
        record.authenticators.iter().all(|a| usize::from(a.slot) < SLOTS && a.serial < record.next_serial)
    );
    assert!(record.free_slot().is_some(), "no slot for another phone");
    assert_eq!(record.free_place().is_none(), record.codes.len() == Place::COUNT);
    let has_method = !record.authenticators.is_empty() || record.email.is_some();
    assert_eq!(record.state == State::Enrolled, has_method);
    assert!(record.digits().iter().all(|digits| matches!(digits, 6 | 8)));
}

/// Half a file is none.
fn cut(signed: &[u8], user: &UserName) {
    let len = signed.len();
    for end in [0, 1, len / 2, len.saturating_sub(1)] {
        assert!(Enrolment::from_toml(&signed[..end], user).is_err(), "cut at {end}");
    }
}

/// Logs are read by more people than records.
fn quotes_nothing(bytes: &[u8], damage: &Damage) {
    let said = damage.to_string();
    let quoted = said.as_bytes().windows(QUOTE).find(|part| bytes.windows(QUOTE).any(|own| own == *part));
    assert!(quoted.is_none(), "{damage:?}");
}
