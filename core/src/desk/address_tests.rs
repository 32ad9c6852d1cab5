//! Addresses set, confirmed, replaced and removed, and codes issued for logins.

use super::*;
use crate::policy::config::Config;
use crate::store::Store;
use crate::testing::{Fixture, RULES, START, is_accepted};
use std::path::Path;

fn email(mode: &str) -> Email {
    let text = format!("[email]\nmode = \"{mode}\"\nfrom = \"wardkey@clinic.example\"");
    Config::parse(text.as_bytes(), Path::new("w.toml")).unwrap().email
}

fn rules(mode: MailMode) -> Rules {
    Rules { mail: mode, ..RULES }
}

fn address(text: &str) -> Address {
    text.parse().unwrap()
}

fn typed(issued: &Issued) -> Typed {
    Typed::parse(issued.code.expose().as_bytes())
}

fn why<T: std::fmt::Debug>(result: Result<T, Problem>) -> Why {
    match result.expect_err("refused") {
        Problem::Refused(why) => why,
        other => panic!("{other:?}"),
    }
}

impl Fixture {
    fn set(&self, mode: &str, to: &str) -> Result<Issued, Problem> {
        self.desk().set_address(&self.roy, &email(mode), &address(to))
    }

    fn show(&self, mode: MailMode, typed: &Typed) -> Result<AddressConfirmed, Problem> {
        self.desk().confirm_address(&self.roy, (&RULES, mode), 5, typed)
    }

    fn mail(&self, mode: MailMode) -> Result<Issued, Problem> {
        self.desk().mail_code(&self.roy, &rules(mode), &email("factor"))
    }

    fn spend_by_mail(&self, mode: MailMode, typed: &Typed) -> Verdict {
        self.desk().spend(&self.roy, &rules(mode), Some(&self.key), typed).unwrap()
    }
}

#[test]
fn an_address_counts_once_its_code_was_shown() {
    let fixture = Fixture::new();
    fixture.enrolled();
    let issued = fixture.set("recovery", "roy@clinic.example").unwrap();
    assert_eq!(issued.address, address("roy@clinic.example"));
    assert_eq!(fixture.record().enrolment.email, None);
    assert_eq!(why(fixture.mail(MailMode::Recovery)), Why::NoAddress);
    assert!(!is_accepted(&fixture.spend_by_mail(MailMode::Recovery, &typed(&issued))), "it opens no login");
    let confirmed = fixture.show(MailMode::Recovery, &typed(&issued)).unwrap();
    assert_eq!((confirmed.is_first, confirmed.recovery_codes.len(), confirmed.recovery_left), (false, 0, 5));
    let registered = fixture.record().enrolment.email.unwrap();
    assert_eq!((registered.address, registered.verified), (address("roy@clinic.example"), Timestamp(START)));
    assert!(!is_accepted(&fixture.spend_by_mail(MailMode::Recovery, &typed(&issued))));
    assert_eq!(why(fixture.show(MailMode::Recovery, &typed(&issued))), Why::NothingPending);
    let issued = fixture.mail(MailMode::Recovery).unwrap();
    assert!(is_accepted(&fixture.spend_by_mail(MailMode::Recovery, &typed(&issued))));
}

#[test]
fn where_mail_is_a_factor_it_enrols() {
    let fixture = Fixture::new();
    let issued = fixture.set("factor", "roy@clinic.example").unwrap();
    assert_eq!(fixture.record().enrolment.state, State::NotEnrolled);
    let confirmed = fixture.show(MailMode::Factor, &typed(&issued)).unwrap();
    assert_eq!((confirmed.is_first, confirmed.recovery_codes.len()), (true, 5));
    let enrolment = fixture.record().enrolment;
    assert_eq!((enrolment.state, enrolment.enrolled), (State::Enrolled, Some(Timestamp(START))));
    let issued = fixture.mail(MailMode::Factor).unwrap();
    assert!(is_accepted(&fixture.spend_by_mail(MailMode::Factor, &typed(&issued))));
    assert_eq!(
        why(fixture.mail(MailMode::Recovery)),
        Why::MailIsOff,
        "as a recovery code it stands in for nothing"
    );
}

#[test]
fn who_may_have_an_address() {
    let fixture = Fixture::new();
    assert_eq!(why(fixture.set("off", "roy@clinic.example")), Why::MailIsOff);
    assert_eq!(why(fixture.set("recovery", "roy@clinic.example")), Why::NotEnrolled);
    assert!(fixture.store.enrolment(&fixture.roy.name).unwrap().is_none(), "nothing is kept of a refusal");
    fixture.enrolled();
    fixture.desk().reset(&fixture.roy).unwrap();
    assert_eq!(why(fixture.set("factor", "roy@clinic.example")), Why::MustEnroll);
    let other = Account { uid: 2000, ..fixture.roy.clone() };
    assert_eq!(why(fixture.desk().set_address(&other, &email("factor"), &address("r@x"))), Why::OtherUid);
}

#[test]
fn three_codes_a_quarter_of_an_hour_whatever_happens_between() {
    let fixture = Fixture::new();
    fixture.enrolled();
    let issued = fixture.set("recovery", "roy@clinic.example").unwrap();
    fixture.show(MailMode::Recovery, &typed(&issued)).unwrap();
    for _ in 0..2 {
        let issued = fixture.mail(MailMode::Recovery).unwrap();
        assert!(is_accepted(&fixture.spend_by_mail(MailMode::Recovery, &typed(&issued))));
    }
    let until = Why::TooManyMails(Timestamp(START + 900));
    assert_eq!(why(fixture.mail(MailMode::Recovery)), until);
    assert_eq!(why(fixture.set("recovery", "new@clinic.example")), until);
    assert_eq!(fixture.record().enrolment.unverified_email, None, "what was not sent waits for nothing");
    fixture.later(900);
    assert!(fixture.mail(MailMode::Recovery).is_ok());
}

#[test]
fn nothing_is_sent_while_mailed_codes_wait() {
    let fixture = Fixture::new();
    fixture.enrolled();
    let issued = fixture.set("recovery", "roy@clinic.example").unwrap();
    fixture.show(MailMode::Recovery, &typed(&issued)).unwrap();
    let issued = fixture.mail(MailMode::Recovery).unwrap();
    let wrong = if issued.code.expose() == "00000000" { "00000001" } else { "00000000" };
    for _ in 0..5 {
        assert!(!is_accepted(&fixture.spend_by_mail(MailMode::Recovery, &Typed::parse(wrong.as_bytes()))));
    }
    let waiting = Why::Code(Refusal::Waiting { until: Timestamp(START + 30), two_codes: false });
    assert_eq!(why(fixture.mail(MailMode::Recovery)), waiting);
}

#[test]
fn a_new_address_takes_the_old_ones_place_with_its_code() {
    let fixture = Fixture::new();
    fixture.enrolled();
    let first = fixture.set("recovery", "old@clinic.example").unwrap();
    fixture.show(MailMode::Recovery, &typed(&first)).unwrap();
    let second = fixture.set("recovery", "new@clinic.example").unwrap();
    assert_eq!(
        fixture.desk().notice_address(&fixture.roy.name).unwrap(),
        Some(address("old@clinic.example"))
    );
    let login = fixture.mail(MailMode::Recovery).unwrap();
    assert_eq!(login.address, address("old@clinic.example"), "until then codes go to the old one");
    assert_eq!(
        why(fixture.show(MailMode::Recovery, &typed(&second))),
        Why::Code(Refusal::Expired),
        "only the newest"
    );
    fixture.later(900);
    let second = fixture.set("recovery", "new@clinic.example").unwrap();
    let confirmed = fixture.show(MailMode::Recovery, &typed(&second)).unwrap();
    assert_eq!(confirmed.former, Some(address("old@clinic.example")));
    assert_eq!(
        fixture.desk().notice_address(&fixture.roy.name).unwrap(),
        Some(address("new@clinic.example"))
    );
    assert_eq!(fixture.record().enrolment.state, State::Enrolled);
}

#[test]
fn a_reset_voids_the_address_and_its_code() {
    let fixture = Fixture::new();
    let issued = fixture.set("factor", "roy@clinic.example").unwrap();
    fixture.show(MailMode::Factor, &typed(&issued)).unwrap();
    let login = fixture.mail(MailMode::Factor).unwrap();
    fixture.desk().reset(&fixture.roy).unwrap();
    assert_eq!(fixture.record().enrolment.email, None);
    assert!(!is_accepted(&fixture.spend_by_mail(MailMode::Factor, &typed(&login))));
    assert_eq!(why(fixture.mail(MailMode::Factor)), Why::MustEnroll);
}

#[test]
fn what_is_no_code_by_its_form_confirms_no_address_and_spends_nothing() {
    let fixture = Fixture::new();
    fixture.enrolled();
    let issued = fixture.set("recovery", "roy@clinic.example").unwrap();
    for text in ["", "0ABC-DEFG-HJKM-NPQR"] {
        let refused = fixture.show(MailMode::Recovery, &Typed::parse(text.as_bytes()));
        assert_eq!(why(refused), Why::Code(Refusal::Malformed));
    }
    assert!(fixture.show(MailMode::Recovery, &typed(&issued)).is_ok());
}

#[test]
fn no_code_is_mailed_where_it_would_open_nothing() {
    let fixture = Fixture::new();
    let issued = fixture.set("factor", "roy@clinic.example").unwrap();
    fixture.show(MailMode::Factor, &typed(&issued)).unwrap();
    assert_eq!(why(fixture.mail(MailMode::Off)), Why::MailIsOff);
    assert_eq!(why(fixture.mail(MailMode::Recovery)), Why::MailIsOff, "alone it would be the factor");
    assert!(fixture.mail(MailMode::Factor).is_ok());
}
