//! Who is a seat, from its token to its removal.

use super::*;
use crate::authority::{new_seat_key, renewal_request};
use crate::clinic::{Clinic, authority_fingerprint, found};
use crate::hello::Hello;
use std::os::unix::fs::PermissionsExt;
use wardkey_core::credential::secret::Secret;
use wardkey_core::system::owner::Owner;
use x509_parser::pem::parse_x509_pem;

const NOW: Timestamp = Timestamp(1_800_000_000);
const HOUR: Duration = Duration::from_secs(3600);

struct Rig {
    _dir: tempfile::TempDir,
    registry: Registry,
    clinic: Clinic,
}

struct Member {
    key: String,
    certificate: SeatCertificate,
}

fn name(text: &str) -> SeatName {
    SeatName::new(text).unwrap()
}

fn read(pem: &str) -> SeatCertificate {
    SeatCertificate::read(&parse_x509_pem(pem.as_bytes()).unwrap().1.contents).unwrap()
}

impl Rig {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o700)).unwrap();
        let files = FleetFiles::at(dir.path().to_path_buf(), Owner::ROOT);
        assert!(!found(&files).unwrap().is_empty());
        let clinic = Clinic::read(&files).unwrap();
        Self { _dir: dir, registry: Registry(files), clinic }
    }

    fn token(&self, seat: &str) -> JoiningToken {
        let authority = authority_fingerprint(&self.registry.0).unwrap();
        let token = JoiningToken::random(name(seat), authority).unwrap();
        self.registry.keep(&token, NOW, HOUR).unwrap();
        token
    }

    fn try_join(&self, seat: &str, secret: &str, request: &str, now: Timestamp) -> Result<Made, NoJoin> {
        let join = Join { seat: name(seat), secret: Secret::new(secret.into()), request: request.to_owned() };
        self.registry.join(&self.clinic.authority, &join, now).unwrap()
    }

    fn member(&self, seat: &str) -> Member {
        let (key, request) = new_seat_key().unwrap();
        let made = self.try_join(seat, &self.token(seat).secret, &request, NOW).unwrap();
        Member { key: key.to_string(), certificate: read(&made.pem) }
    }

    fn asks(&self, member: &SeatCertificate, now: Timestamp) -> Result<SeatNumber, Turned> {
        self.registry.in_force(member, now).unwrap().map(|seat| seat.number)
    }

    fn greets(&self, member: &Member, boot: &str, host: &str) -> Result<(), Turned> {
        let seat = self.registry.in_force(&member.certificate, NOW).unwrap()?;
        let hello =
            Hello { boot: boot.into(), host: host.into(), version: "0.1.0".into(), time: Timestamp(0) };
        self.registry.greet(&seat, &hello, ("192.0.2.7", NOW)).unwrap().0
    }
}

#[test]
fn what_was_founded_is_never_replaced() {
    let rig = Rig::new();
    let before = authority_fingerprint(&rig.registry.0).unwrap();
    assert!(found(&rig.registry.0).unwrap().is_empty());
    assert_eq!(authority_fingerprint(&rig.registry.0).unwrap(), before);
}

#[test]
fn a_token_opens_once_in_time_and_for_its_seat() {
    let rig = Rig::new();
    let (_, request) = new_seat_key().unwrap();
    let token = rig.token("ward-3");
    let late = NOW.plus(HOUR + Duration::from_secs(1));
    assert_eq!(rig.try_join("ward-3", &token.secret, &request, late), Err(NoJoin::Late));
    assert_eq!(rig.try_join("ward-4", &token.secret, &request, NOW), Err(NoJoin::Unknown));
    assert_eq!(rig.try_join("ward-3", "guess", &request, NOW), Err(NoJoin::Unknown));
    assert!(rig.try_join("ward-3", &token.secret, &request, NOW.plus(HOUR)).is_ok());
    assert_eq!(rig.try_join("ward-3", &token.secret, &request, NOW), Err(NoJoin::Used));
    let token = rig.token("ward-5");
    assert_eq!(rig.registry.tokens().unwrap().len(), 1);
    assert_eq!(rig.try_join("ward-5", &token.secret, "none", NOW), Err(NoJoin::Malformed));
    assert!(
        rig.try_join("ward-5", &token.secret, &request, NOW).is_ok(),
        "what is no request uses nothing up"
    );
}

#[test]
fn a_removed_seat_is_not_answered_and_its_number_is_nobody_elses() {
    let rig = Rig::new();
    let (one, two) = (rig.member("one"), rig.member("two"));
    assert_eq!(rig.asks(&one.certificate, NOW), Ok(SeatNumber(1)));
    assert_eq!(rig.asks(&two.certificate, NOW), Ok(SeatNumber(2)));
    let open = rig.token("two");
    assert!(rig.registry.remove(&name("two"), NOW).unwrap());
    assert!(!rig.registry.remove(&name("two"), NOW).unwrap());
    assert_eq!(rig.asks(&two.certificate, NOW), Err(Turned::NoSeat));
    let (_, request) = new_seat_key().unwrap();
    assert_eq!(rig.try_join("two", &open.secret, &request, NOW), Err(NoJoin::Used), "a token went with it");
    let again = rig.member("two");
    assert_eq!(rig.asks(&again.certificate, NOW), Ok(SeatNumber(3)));
    assert_eq!(rig.asks(&two.certificate, NOW), Err(Turned::Superseded));
    assert!(rig.registry.remove(&name("two"), NOW).unwrap());
    assert_eq!(rig.asks(&rig.member("three").certificate, NOW), Ok(SeatNumber(4)));
}

#[test]
fn a_seat_that_joins_again_keeps_its_number_and_the_old_key_is_void() {
    let rig = Rig::new();
    let before = rig.member("ward-3");
    let after = rig.member("ward-3");
    assert_eq!(rig.asks(&after.certificate, NOW), Ok(SeatNumber(1)));
    assert_eq!(rig.asks(&before.certificate, NOW), Err(Turned::Superseded));
    let end = after.certificate.ends;
    assert!(rig.asks(&after.certificate, end).is_ok());
    assert_eq!(rig.asks(&after.certificate, end.plus(Duration::from_secs(1))), Err(Turned::Expired));
}

#[test]
fn a_renewal_whose_answer_is_lost_shuts_nobody_out() {
    let rig = Rig::new();
    let member = rig.member("ward-3");
    let renew = || {
        let request = renewal_request(&member.key).unwrap();
        let made = rig.registry.renew(&rig.clinic.authority, &member.certificate, &request, NOW).unwrap();
        read(&made.unwrap().pem)
    };
    let lost = renew();
    assert!(rig.asks(&member.certificate, NOW).is_ok(), "the old one holds until the new one comes");
    let came = renew();
    assert_eq!(rig.asks(&lost, NOW), Err(Turned::Superseded));
    assert!(rig.asks(&came, NOW).is_ok());
    assert_eq!(rig.asks(&member.certificate, NOW), Err(Turned::Superseded));
    let (_, foreign) = new_seat_key().unwrap();
    let other = rig.registry.renew(&rig.clinic.authority, &came, &foreign, NOW).unwrap();
    assert_eq!(other, Err(Turned::Malformed), "for its own key alone");
}

#[test]
fn a_boot_that_comes_back_means_two_machines_until_it_joins_again() {
    let rig = Rig::new();
    let member = rig.member("ward-3");
    for boot in ["a", "a", "b", "b", "c"] {
        assert_eq!(rig.greets(&member, boot, "ward3"), Ok(()));
    }
    let twins = Turned::TwoMachines { one: "copy (192.0.2.7)".into(), other: "ward3 (192.0.2.7)".into() };
    assert_eq!(rig.greets(&member, "b", "copy"), Err(twins.clone()));
    assert_eq!(rig.greets(&member, "c", "ward3"), Err(twins.clone()), "neither is answered");
    assert_eq!(rig.asks(&member.certificate, NOW), Err(twins), "nor a connection that is open");
    let again = rig.member("ward-3");
    assert_eq!(rig.greets(&again, "b", "ward3"), Ok(()));
}
