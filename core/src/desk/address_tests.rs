//! Addresses set, confirmed, replaced and removed, and codes issued for logins.

use super::super::testing::{RULES, START, Ward, is_accepted};
use super::*;
use crate::policy::config::Config;
use crate::store::Store;
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

impl Ward {
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
    let ward = Ward::new();
    ward.enrolled();
    let issued = ward.set("recovery", "roy@clinic.example").unwrap();
    assert_eq!(issued.address, address("roy@clinic.example"));
    assert_eq!(ward.record().enrolment.email, None);
    assert_eq!(why(ward.mail(MailMode::Recovery)), Why::NoAddress);
    assert!(!is_accepted(&ward.spend_by_mail(MailMode::Recovery, &typed(&issued))), "it opens no login");
    let confirmed = ward.show(MailMode::Recovery, &typed(&issued)).unwrap();
    assert_eq!((confirmed.is_first, confirmed.recovery_codes.len(), confirmed.recovery_left), (false, 0, 5));
    let registered = ward.record().enrolment.email.unwrap();
    assert_eq!((registered.address, registered.verified), (address("roy@clinic.example"), Timestamp(START)));
    assert!(!is_accepted(&ward.spend_by_mail(MailMode::Recovery, &typed(&issued))));
    assert_eq!(why(ward.show(MailMode::Recovery, &typed(&issued))), Why::NothingPending);
    let issued = ward.mail(MailMode::Recovery).unwrap();
    assert!(is_accepted(&ward.spend_by_mail(MailMode::Recovery, &typed(&issued))));
}

#[test]
fn where_mail_is_a_factor_it_enrols() {
    let ward = Ward::new();
    let issued = ward.set("factor", "roy@clinic.example").unwrap();
    assert_eq!(ward.record().enrolment.state, State::NotEnrolled);
    let confirmed = ward.show(MailMode::Factor, &typed(&issued)).unwrap();
    assert_eq!((confirmed.is_first, confirmed.recovery_codes.len()), (true, 5));
    let enrolment = ward.record().enrolment;
    assert_eq!((enrolment.state, enrolment.enrolled), (State::Enrolled, Some(Timestamp(START))));
    let issued = ward.mail(MailMode::Factor).unwrap();
    assert!(is_accepted(&ward.spend_by_mail(MailMode::Factor, &typed(&issued))));
    assert_eq!(
        why(ward.mail(MailMode::Recovery)),
        Why::MailIsOff,
        "as a recovery code it stands in for nothing"
    );
}

#[test]
fn who_may_have_an_address() {
    let ward = Ward::new();
    assert_eq!(why(ward.set("off", "roy@clinic.example")), Why::MailIsOff);
    assert_eq!(why(ward.set("recovery", "roy@clinic.example")), Why::NotEnrolled);
    assert!(ward.store.enrolment(&ward.roy.name).unwrap().is_none(), "nothing is kept of a refusal");
    ward.enrolled();
    ward.desk().reset(&ward.roy).unwrap();
    assert_eq!(why(ward.set("factor", "roy@clinic.example")), Why::MustEnroll);
    let other = Account { uid: 2000, ..ward.roy.clone() };
    assert_eq!(why(ward.desk().set_address(&other, &email("factor"), &address("r@x"))), Why::OtherUid);
}

#[test]
fn three_codes_a_quarter_of_an_hour_whatever_happens_between() {
    let ward = Ward::new();
    ward.enrolled();
    let issued = ward.set("recovery", "roy@clinic.example").unwrap();
    ward.show(MailMode::Recovery, &typed(&issued)).unwrap();
    for _ in 0..2 {
        let issued = ward.mail(MailMode::Recovery).unwrap();
        assert!(is_accepted(&ward.spend_by_mail(MailMode::Recovery, &typed(&issued))));
    }
    let until = Why::TooManyMails(Timestamp(START + 900));
    assert_eq!(why(ward.mail(MailMode::Recovery)), until);
    assert_eq!(why(ward.set("recovery", "new@clinic.example")), until);
    assert_eq!(ward.record().enrolment.unverified_email, None, "what was not sent waits for nothing");
    ward.later(900);
    assert!(ward.mail(MailMode::Recovery).is_ok());
}

#[test]
fn nothing_is_sent_while_mailed_codes_wait() {
    let ward = Ward::new();
    ward.enrolled();
    let issued = ward.set("recovery", "roy@clinic.example").unwrap();
    ward.show(MailMode::Recovery, &typed(&issued)).unwrap();
    let issued = ward.mail(MailMode::Recovery).unwrap();
    let wrong = if issued.code.expose() == "00000000" { "00000001" } else { "00000000" };
    for _ in 0..5 {
        assert!(!is_accepted(&ward.spend_by_mail(MailMode::Recovery, &Typed::parse(wrong.as_bytes()))));
    }
    let waiting = Why::Code(Refusal::Waiting { until: Timestamp(START + 30), two_codes: false });
    assert_eq!(why(ward.mail(MailMode::Recovery)), waiting);
}

#[test]
fn a_new_address_takes_the_old_ones_place_with_its_code() {
    let ward = Ward::new();
    ward.enrolled();
    let first = ward.set("recovery", "old@clinic.example").unwrap();
    ward.show(MailMode::Recovery, &typed(&first)).unwrap();
    let second = ward.set("recovery", "new@clinic.example").unwrap();
    assert_eq!(ward.desk().notice_address(&ward.roy.name).unwrap(), Some(address("old@clinic.example")));
    let login = ward.mail(MailMode::Recovery).unwrap();
    assert_eq!(login.address, address("old@clinic.example"), "until then codes go to the old one");
    assert_eq!(
        why(ward.show(MailMode::Recovery, &typed(&second))),
        Why::Code(Refusal::Expired),
        "only the newest"
    );
    ward.later(900);
    let second = ward.set("recovery", "new@clinic.example").unwrap();
    let confirmed = ward.show(MailMode::Recovery, &typed(&second)).unwrap();
    assert_eq!(confirmed.former, Some(address("old@clinic.example")));
    assert_eq!(ward.desk().notice_address(&ward.roy.name).unwrap(), Some(address("new@clinic.example")));
    assert_eq!(ward.record().enrolment.state, State::Enrolled);
}

#[test]
fn a_reset_voids_the_address_and_its_code() {
    let ward = Ward::new();
    let issued = ward.set("factor", "roy@clinic.example").unwrap();
    ward.show(MailMode::Factor, &typed(&issued)).unwrap();
    let login = ward.mail(MailMode::Factor).unwrap();
    ward.desk().reset(&ward.roy).unwrap();
    assert_eq!(ward.record().enrolment.email, None);
    assert!(!is_accepted(&ward.spend_by_mail(MailMode::Factor, &typed(&login))));
    assert_eq!(why(ward.mail(MailMode::Factor)), Why::MustEnroll);
}

#[test]
fn what_is_no_code_by_its_form_confirms_no_address_and_spends_nothing() {
    let ward = Ward::new();
    ward.enrolled();
    let issued = ward.set("recovery", "roy@clinic.example").unwrap();
    for text in ["", "0ABC-DEFG-HJKM-NPQR"] {
        let refused = ward.show(MailMode::Recovery, &Typed::parse(text.as_bytes()));
        assert_eq!(why(refused), Why::Code(Refusal::Malformed));
    }
    assert!(ward.show(MailMode::Recovery, &typed(&issued)).is_ok());
}

#[test]
fn no_code_is_mailed_where_it_would_open_nothing() {
    let ward = Ward::new();
    let issued = ward.set("factor", "roy@clinic.example").unwrap();
    ward.show(MailMode::Factor, &typed(&issued)).unwrap();
    assert_eq!(why(ward.mail(MailMode::Off)), Why::MailIsOff);
    assert_eq!(why(ward.mail(MailMode::Recovery)), Why::MailIsOff, "alone it would be the factor");
    assert!(ward.mail(MailMode::Factor).is_ok());
}
