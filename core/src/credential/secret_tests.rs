//! Secrets that do not print themselves, and base32 as people copy it.

use super::*;

#[test]
fn a_secret_never_prints_itself() {
    assert_eq!(format!("{:?}", Secret::new(b"hunter2".to_vec())), "***");
}

#[test]
fn base32_is_read_as_people_copy_it() {
    let key = Secret::new(b"12345678901234567890".to_vec());
    assert_eq!(*key.to_base32(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    for text in [
        "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
        "gezd gnbv gy3t qojq gezd-gnbv-gy3t-qojq",
        "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ====",
    ] {
        assert_eq!(Secret::from_base32(text), Ok(key.clone()), "{text}");
    }
    for text in ["", "   ", "GEZD1", "GEZD8", "GEZD0", "GEZ@", "GEZ[", "A", "ABC", "ABCDEF", "ABCDEFGHA", "é"]
    {
        assert_eq!(Secret::from_base32(text), Err(NotBase32), "{text}");
    }
}

#[test]
fn base32_of_every_length_and_letter_comes_back() {
    for len in 1..=64 {
        let key = Secret::random(len).unwrap();
        assert_eq!(Secret::from_base32(&key.to_base32()), Ok(key.clone()), "{len}");
        assert_eq!(Secret::from_base32(&key.to_base32_groups().to_lowercase()), Ok(key), "{len}");
    }
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    assert_eq!(*Secret::from_base32(letters).unwrap().to_base32(), letters);
    // Bits left over in the last letter mean nothing, as apps show keys.
    assert_eq!(Secret::from_base32("GF"), Secret::from_base32("GE"));
}

#[test]
fn a_key_is_read_in_groups_of_four() {
    assert_eq!(*Secret::new(b"123456".to_vec()).to_base32_groups(), "GEZD GNBV GY");
}

#[test]
fn two_random_secrets_differ() {
    assert_ne!(Secret::random(20).unwrap(), Secret::random(20).unwrap());
}
