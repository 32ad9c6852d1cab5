//! A record's file: each record is read back as it was written, and nothing else is a record.

use super::*;
use crate::record::seal::Sealed;
use crate::system::clock::Timestamp;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

fn roy() -> UserName {
    UserName::new(b"roy").unwrap()
}

fn authenticator() -> impl Strategy<Value = Authenticator> {
    let algorithm = prop_oneof![Just(Algorithm::Sha1), Just(Algorithm::Sha256), Just(Algorithm::Sha512)];
    let parameters = (algorithm, prop_oneof![Just(6u32), Just(8)], prop_oneof![Just(30u32), Just(60)]);
    let parameters = parameters.prop_map(|(algorithm, digits, period)| Parameters {
        algorithm,
        digits: digits.try_into().unwrap(),
        period: period.try_into().unwrap(),
    });
    (any::<String>(), any::<u64>(), vec(any::<u8>(), 0..170), parameters).prop_map(
        |(label, added, sealed, parameters)| Authenticator {
            slot: 0,
            serial: 0,
            label,
            added: Timestamp(added),
            sealed: Sealed(sealed),
            parameters,
        },
    )
}

fn code() -> impl Strategy<Value = StoredCode> {
    let kind = prop_oneof![Just(Kind::Recovery), Just(Kind::Pass), Just(Kind::Emergency)];
    let cost = (8u32..=1 << 18, 1u32..=16).prop_map(|(memory, passes)| Cost { memory, passes });
    let image =
        (any::<[u8; 16]>(), any::<[u8; 16]>(), cost).prop_map(|(salt, hash, cost)| Hash { salt, hash, cost });
    (kind, any::<u64>(), option::of(any::<u64>()), image).prop_map(|(kind, issued, expires, image)| {
        let (issued, expires) = (Timestamp(issued), expires.map(Timestamp));
        StoredCode { place: 0, serial: 0, kind, issued, expires, image }
    })
}

/// Any person of this name.
fn record_of(user: UserName) -> impl Strategy<Value = Enrolment> {
    let head = (any::<u32>(), any::<u64>(), 1..u64::MAX / 2, option::of(any::<u64>()), any::<bool>());
    let replaced = option::of(any::<u64>());
    let pending = option::of((any::<u64>(), any::<u8>(), any::<bool>(), authenticator()));
    let addresses = (option::of("[a-z]{1,60}@[a-z]{1,60}"), option::of("[a-z]{1,9}@[a-z]{1,9}"));
    ((head, replaced), vec(authenticator(), 0..=8), vec(code(), 0..=32), pending, addresses).prop_map(
        move |(
            ((uid, generation, serial, enrolled, is_reset), replaced),
            authenticators,
            codes,
            pending,
            addresses,
        )| {
            let mut record = Enrolment::new(user.clone(), uid, generation);
            (record.next_serial, record.enrolled) = (serial, enrolled.map(Timestamp));
            record.replaced = replaced.map(Timestamp);
            for one in authenticators {
                let (slot, serial) = (record.free_slot().unwrap(), record.take_serial());
                record.authenticators.push(Authenticator { slot, serial, ..one });
            }
            for one in codes {
                let place = u8::try_from(record.free_place().unwrap().index()).unwrap();
                let serial = record.take_serial();
                record.codes.push(StoredCode { place, serial, ..one });
            }
            record.pending = pending.map(|(expires, tries, replaces, one)| {
                let replaces = record.authenticators.first().filter(|_| replaces).map(|old| old.serial);
                let (slot, serial) = (record.free_slot().unwrap(), record.take_serial());
                let authenticator = Authenticator { slot, serial, ..one };
                Pending { expires: Timestamp(expires), replaces, tries, authenticator }
            });
            let mut address = |text: String| (text.parse().unwrap(), record.take_serial());
            let (email, unverified) = (addresses.0.map(&mut address), addresses.1.map(&mut address));
            let verified = Timestamp(generation);
            record.email = email.map(|(address, serial)| Registered { address, serial, verified });
            record.unverified_email = unverified.map(|(address, serial)| Unverified { address, serial });
            record.state = match (record.authenticators.is_empty() && record.email.is_none(), is_reset) {
                (false, _) => State::Enrolled,
                (true, true) => State::MustEnroll,
                (true, false) => State::NotEnrolled,
            };
            record
        },
    )
}

/// The file of this content, whatever it is.
fn signed(content: &[u8]) -> Vec<u8> {
    [content, &checksum(content)[..]].concat()
}

fn content(file: &[u8]) -> &[u8] {
    &file[..file.len() - CHECKSUM]
}

fn one() -> Enrolment {
    let mut record = Enrolment::new(roy(), 1000, 7);
    let serial = record.take_serial();
    record.authenticators.push(Authenticator {
        slot: 0,
        serial,
        label: "phone".into(),
        added: Timestamp(0x6553_f100),
        sealed: Sealed(vec![0xab; 60]),
        parameters: Parameters::default(),
    });
    record.state = State::Enrolled;
    record
}

#[test]
fn the_form_is_the_one_that_records_already_have() {
    let hex = [
        // wardkey enrolment, version 1, roy, 1000, enrolled, generation, next serial, no times, nothing pending, no addresses
        "776172646b657920656e726f6c6d656e7400 01000000 03000000726f79 e8030000 01 0700000000000000 0200000000000000 00 00 00 00 00",
        // one authenticator: slot, serial, phone, when, sealed
        "01000000 00 0100000000000000 05000000 70686f6e65 00f1536500000000 3c000000",
        &"ab".repeat(60),
        // SHA1, 6, 30; no codes, no other record
        "01 06000000 1e000000 00000000 00",
    ];
    let content_as_hex = hex.concat().replace(' ', "");
    let file = write(&one(), None);
    assert_eq!(data_encoding::HEXLOWER.encode(content(&file)), content_as_hex);
}

#[test]
fn a_bit_changed_anywhere_or_a_byte_missing_is_refused() {
    let file = write(&one(), None);
    for bit in 0..8 * file.len() {
        let mut spoilt = file.clone();
        spoilt[bit / 8] ^= 1 << (bit % 8);
        assert!(read(&spoilt).is_err(), "bit {bit}");
    }
    for len in 0..file.len() {
        assert_eq!(read(&file[..len]), Err(Damage::Unreadable(Flaw::Checksum)), "{len} bytes");
        let cut = signed(&content(&file)[..len.min(file.len() - CHECKSUM - 1)]);
        assert!(read(&cut).is_err(), "{len} bytes under a right checksum");
    }
}

#[test]
fn a_newer_version_is_told_from_damage_and_an_unknown_one_is_damage() {
    let with = |version: u32| {
        let mut file = write(&one(), None);
        file[MAGIC.len()..MAGIC.len() + 4].copy_from_slice(&version.to_le_bytes());
        file
    };
    for newer in [2, 3, u32::MAX] {
        assert_eq!(read(&with(newer)), Err(Damage::Newer), "under a checksum of which nothing is known");
        assert_eq!(read(&signed(content(&with(newer)))), Err(Damage::Newer));
        assert_eq!(read(&with(newer)[..MAGIC.len() + 4]), Err(Damage::Newer), "of whatever length");
    }
    assert_eq!(read(&with(0)), Err(Damage::Unreadable(Flaw::Checksum)));
    assert_eq!(read(&signed(content(&with(0)))), Err(Damage::Unreadable(Flaw::Version)));
    for other in [&b""[..], b"wardkey\0\x02\0\0\0", b"version = 9\n"] {
        assert_eq!(read(&signed(other)), Err(Damage::Unreadable(Flaw::Version)));
    }
}

#[test]
fn what_stands_behind_a_record_or_is_no_value_is_damage() {
    let file = write(&one(), None);
    let sound = content(&file);
    let other = |at: usize, byte: u8| {
        let mut content = sound.to_vec();
        content[at] = byte;
        read(&signed(&content))
    };
    let damage = Err(Damage::Unreadable(Flaw::Content));
    assert_eq!(read(&signed(&[sound, &[0]].concat())), damage);
    let last = sound.len() - 1;
    let state = MAGIC.len() + 4 + 7 + 4;
    let time = state + 1 + 16;
    let parameters = last - 4 - 9;
    for (what, at, byte) in [
        ("another record, which is not there", last, 1),
        ("neither there nor missing", last, 2),
        ("a state", state, 3),
        ("a time that is not there", time, 1),
        ("a hash that nobody knows", parameters, 4),
        ("seven digits", parameters + 1, 7),
        ("a period", parameters + 5, 45),
        ("a name longer than the file", MAGIC.len() + 6, 1),
        ("a NUL in a name", MAGIC.len() + 8, 0),
        ("codes that are not there", last - 4, 1),
        ("more codes than bytes", last - 1, 0xff),
    ] {
        assert_eq!(other(at, byte), damage, "{what}");
    }
}

proptest! {
    #[test]
    fn each_record_is_read_back_and_written_alike(one in record_of(roy()), other in option::of(record_of(roy()))) {
        let file = write(&one, other.as_ref());
        let (read_one, read_other) = read(&file).unwrap();
        prop_assert_eq!(write(&read_one, read_other.as_ref()), file);
        prop_assert_eq!((&read_one, &read_other), (&one, &other));
        prop_assert_eq!(Enrolment::from_bytes(&one.to_bytes(), &roy()), Ok(one));
    }

    #[test]
    fn a_changed_or_shortened_record_is_refused(one in record_of(roy()), at in any::<prop::sample::Index>(), bit in 0u8..8) {
        let mut file = write(&one, None);
        let at = at.index(file.len());
        prop_assert!(read(&file[..at]).is_err());
        file[at] ^= 1 << bit;
        prop_assert!(read(&file).is_err());
    }

    #[test]
    fn what_is_believed_has_one_form(one in record_of(roy()), at in any::<prop::sample::Index>(), byte: u8) {
        let mut content = content(&write(&one, None)).to_vec();
        let at = at.index(content.len());
        content[at] = byte;
        let file = signed(&content);
        if let Ok((one, other)) = read(&file) {
            prop_assert_eq!(write(&one, other.as_ref()), file);
        }
    }

    #[test]
    fn any_bytes_are_read_without_a_crash(bytes in vec(any::<u8>(), 0..400)) {
        prop_assert!(read(&bytes).is_err());
        prop_assert!(read(&signed(&bytes)).is_err());
        let mut content = MAGIC.to_vec();
        content.extend_from_slice(&VERSION.to_le_bytes());
        content.extend_from_slice(&bytes);
        let _ = read(&signed(&content));
    }
}
