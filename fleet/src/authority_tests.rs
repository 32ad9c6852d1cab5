//! What the authority signs, and what it does not.

use super::*;
use crate::certificate::SeatCertificate;
use rcgen::string::Ia5String;
use x509_parser::pem::parse_x509_pem;

const NOW: Timestamp = Timestamp(1_800_000_000);

fn authority() -> (Founded, Authority) {
    let founded = Authority::found().unwrap();
    let authority = Authority::of_key(&founded.authority_key).unwrap();
    (founded, authority)
}

fn der(pem: &str) -> Vec<u8> {
    parse_x509_pem(pem.as_bytes()).unwrap().1.contents
}

#[test]
fn a_seats_certificate_is_for_its_name_its_key_and_ninety_days() {
    let (_, authority) = authority();
    let ward = SeatName::new("ward-3").unwrap();
    let (key, request) = new_seat_key().unwrap();
    let made = authority.seat(&ward, &request, None, NOW).unwrap();
    let read = SeatCertificate::read(&der(&made.pem)).unwrap();
    assert_eq!((&read.name, read.fingerprint, read.ends), (&ward, made.fingerprint, made.ends));
    assert_eq!((read.begins, made.ends.since(NOW)), (NOW, SEAT_LIFE));
    assert_eq!(read.key, KeyPair::from_pem(&key).unwrap().subject_public_key_info());
    let again = authority.seat(&ward, &renewal_request(&key).unwrap(), Some(&read.key), NOW).unwrap();
    assert_ne!(again.fingerprint, made.fingerprint, "each has a number of its own");
    let (_, foreign) = new_seat_key().unwrap();
    assert_eq!(authority.seat(&ward, &foreign, Some(&read.key), NOW), Err(NoCertificate::OtherKey));
}

#[test]
fn nothing_of_a_request_is_signed_but_its_key() {
    let (_, authority) = authority();
    let ward = SeatName::new("ward-3").unwrap();
    let key = KeyPair::generate().unwrap();
    let mut asked = CertificateParams::new(Vec::new()).unwrap();
    asked.subject_alt_names = vec![SanType::DnsName(Ia5String::try_from(VERIFIER).unwrap())];
    asked.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    asked.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let request = asked.serialize_request(&key).unwrap().pem().unwrap();
    let made = authority.seat(&ward, &request, None, NOW).unwrap();
    let der = der(&made.pem);
    assert_eq!(SeatCertificate::read(&der).unwrap().name, ward);
    let (_, read) =
        <x509_parser::prelude::X509Certificate as x509_parser::prelude::FromDer<_>>::from_der(&der).unwrap();
    assert!(!read.is_ca());
    let usage = read.extended_key_usage().unwrap().unwrap().value;
    assert!(usage.client_auth && !usage.server_auth);
}

#[test]
fn what_is_no_request_makes_no_certificate() {
    let (founded, authority) = authority();
    let ward = SeatName::new("ward-3").unwrap();
    let (_, request) = new_seat_key().unwrap();
    // Signed by another key than it names.
    let broken = request.replacen('M', "N", 3);
    for text in ["", "x", &founded.authority, &broken, &format!("{request}{}", " ".repeat(LONGEST_REQUEST))] {
        assert_eq!(authority.seat(&ward, text, None, NOW), Err(NoCertificate::NoRequest), "{text}");
    }
    assert!(Authority::of_key("no key").is_err());
}

#[test]
fn only_a_seats_certificate_is_read_as_one() {
    let (founded, _) = authority();
    for pem in [&founded.authority, &founded.verifier] {
        assert_eq!(SeatCertificate::read(&der(pem)), None);
    }
    assert_eq!(SeatCertificate::read(b""), None);
    assert_eq!(SeatCertificate::read(&[0x30; 100]), None);
}
