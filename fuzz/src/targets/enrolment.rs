//! `enrolment`: what is read is written alike, to the byte, and nobody is believed to be another.

use wardkey_core::credential::Place;
use wardkey_core::record::checksum;
use wardkey_core::record::enrolment::{Enrolment, MAX_AUTHENTICATORS, SLOTS, State};
use wardkey_core::user::UserName;

/// What such a file begins with, its version included.
pub(crate) const HEAD: &[u8; 22] = b"wardkey enrolment\0\x01\0\0\0";

pub(super) fn run(bytes: &[u8]) {
    let [roy, ann] = ["roy", "ann"].map(|name| UserName::new(name.as_bytes()).expect("a name"));
    whole(bytes, &roy);
    // The same under a right checksum, else nothing but checksums would be found out about.
    let mut file = [&HEAD[..], bytes].concat();
    file.extend_from_slice(&checksum(&file));
    if let Some(record) = whole(&file, &roy) {
        cut(&file, &roy);
        // But for a file that says both, while a record is given to another name.
        let says_both = record.to_bytes().len() < file.len();
        let is_believed = Enrolment::from_bytes(&file, &ann).is_ok();
        assert!(!is_believed || says_both, "another person's record was believed");
    }
}

fn whole(file: &[u8], user: &UserName) -> Option<Enrolment> {
    let record = Enrolment::from_bytes(file, user).ok()?;
    assert!(record.user == *user);
    sound(&record);
    let alone = record.to_bytes();
    assert_eq!(Enrolment::from_bytes(&alone, user).as_ref(), Ok(&record));
    assert!(alone == file || alone.len() < file.len(), "two forms of one record");
    Some(record)
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
fn cut(file: &[u8], user: &UserName) {
    let len = file.len();
    for end in [0, 1, len / 2, len.saturating_sub(1)] {
        assert!(Enrolment::from_bytes(&file[..end], user).is_err(), "cut at {end}");
    }
}
