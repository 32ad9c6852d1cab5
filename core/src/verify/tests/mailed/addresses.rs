//! Codes that show that a new address is the person's own.

use super::*;
use crate::credential::mailed::Unverified;

#[test]
fn a_code_to_one_address_says_nothing_of_another() {
    let mut mailed = Mailed::new(FACTOR);
    let serial = mailed.roy.record.enrolment.take_serial();
    let address = "new@clinic.example".parse().unwrap();
    mailed.roy.record.enrolment.unverified_email = Some(Unverified { address, serial });
    let confirming = mailed.send_to(serial, NOW);
    assert_eq!(mailed.types(&confirming, NOW), WRONG, "an unverified address opens nothing");
    let entry = mailed.roy.entry(&confirming);
    assert!(is_accepted(&mailed.enter(&entry, Purpose::ConfirmAddress, NOW)));
    assert_eq!(mailed.enter(&entry, Purpose::ConfirmAddress, NOW), Verdict::Refused(Refusal::AlreadyUsed));
    let login = mailed.send(NOW);
    let entry = mailed.roy.entry(&login);
    assert!(!is_accepted(&mailed.enter(&entry, Purpose::ConfirmAddress, NOW)));
    assert!(is_accepted(&mailed.types(&login, NOW)));
}

#[test]
fn wrong_codes_count_while_an_address_is_confirmed() {
    let mut mailed = Mailed::alone(FACTOR);
    let serial = mailed.roy.record.enrolment.take_serial();
    let address = "new@clinic.example".parse().unwrap();
    mailed.roy.record.enrolment.unverified_email = Some(Unverified { address, serial });
    let code = mailed.send_to(serial, NOW);
    let (right, wrong) = (mailed.roy.entry(&code), mailed.roy.entry(other(&code)));
    five_are_wrong(NOW + 30, false, || mailed.enter(&wrong, Purpose::ConfirmAddress, NOW));
    let waiting = Verdict::Refused(waiting(Timestamp(NOW + 30)));
    assert_eq!(mailed.enter(&right, Purpose::ConfirmAddress, NOW), waiting);
    assert!(is_accepted(&mailed.enter(&right, Purpose::ConfirmAddress, NOW + 30)));
    assert_eq!(mailed.failures(), [0, 0, 0, 5], "a new address forgives nothing");
    let malformed = mailed.roy.entry("0ABC-DEFG-HJKM-NPQR");
    assert_eq!(mailed.enter(&malformed, Purpose::ConfirmAddress, NOW), Verdict::Refused(Refusal::Malformed));
}

#[test]
fn a_person_who_was_reset_confirms_no_address() {
    let mut mailed = Mailed::new(FACTOR);
    let serial = mailed.roy.record.enrolment.take_serial();
    let address = "new@clinic.example".parse().unwrap();
    mailed.roy.record.enrolment.unverified_email = Some(Unverified { address, serial });
    let code = mailed.send_to(serial, NOW);
    mailed.roy.record.enrolment.state = State::MustEnroll;
    let entry = mailed.roy.entry(&code);
    let judged = mailed.judge_for(&entry, Purpose::ConfirmAddress, NOW);
    assert_eq!(judged, (Verdict::Refused(Refusal::MustEnroll), Change::NONE));
}
