//! What a login by a recovery code leaves for its session, and what is said there.

use super::*;
use crate::answer::AuthAnswer;
use crate::doors::auth::authenticate;
use crate::testing::fixture::{Fixture, NOW, code};
use crate::testing::scripted::Scripted;
use wardkey_core::grace::Ticket;
use wardkey_core::system::clock::Timestamp;

const PROMPT: &str = "Code (app or recovery): ";
const HINT: &str = "Lost your phone? Run wardkey replace.";

fn opens(site: &Fixture, pam: &mut Scripted, silent: bool) {
    let config = format!("config={}", site.path("w.toml").display());
    let clock = Timestamp(NOW);
    open_session(pam, &Machine { accounts: site, clock: &clock }, &[config.as_str()], silent);
}

/// What is said in the session, after this was typed at this service.
fn said(site: &Fixture, service: &str, typed: &str) -> String {
    let mut pam = Scripted::new(b"roy").service(service).expect(PROMPT, typed);
    assert_eq!(site.auth(&mut pam), AuthAnswer::Success);
    pam.told.clear();
    opens(site, &mut pam, false);
    assert!(pam.ticket.is_none());
    pam.told()
}

#[test]
fn a_session_by_a_recovery_code_says_what_to_run_and_no_other_does() {
    let site = Fixture::new("");
    let codes = site.enrol_roy();
    assert_eq!(said(&site, "login", &codes[0]), HINT);
    assert_eq!(said(&site, "sshd", &codes[1]), HINT);
    assert_eq!(said(&site, "su", &codes[2]), "");
    assert_eq!(said(&site, "login", &code(NOW)), "");
    let site = Fixture::new("[policy]\nself_service = false");
    let codes = site.enrol_roy();
    assert_eq!(said(&site, "login", &codes[0]), "");
    let site = Fixture::new("language = \"fr\"");
    let codes = site.enrol_roy();
    let mut pam = Scripted::new(b"roy").expect("Code (appli", &codes[0]);
    assert_eq!(site.auth(&mut pam), AuthAnswer::Success);
    opens(&site, &mut pam, false);
    assert!(pam.told().ends_with("Téléphone perdu ? Lancez wardkey replace."), "{}", pam.told());
}

#[test]
fn a_program_of_ones_own_and_silence_say_nothing() {
    let site = Fixture::new("");
    let codes = site.enrol_roy();
    for (caller, silent, typed) in [(Caller::SetUid, false, &codes[0]), (Caller::Root, true, &codes[1])] {
        let mut pam = Scripted::new(b"roy").expect(PROMPT, typed);
        pam.caller = caller;
        assert_eq!(site.auth(&mut pam), AuthAnswer::Success);
        assert_eq!(pam.ticket.is_some(), caller == Caller::Root);
        pam.told.clear();
        opens(&site, &mut pam, silent);
        assert_eq!((pam.told(), pam.ticket.is_none()), (String::new(), true));
    }
}

/// login(1) asks again in one transaction: after a wrong password, or for another name.
#[test]
fn the_next_try_in_a_transaction_takes_the_ticket_away() {
    let site = Fixture::new("");
    let codes = site.enrol_roy();
    let mut pam = Scripted::new(b"roy").expect(PROMPT, &codes[0]).expect(PROMPT, &code(NOW));
    assert_eq!(site.auth(&mut pam), AuthAnswer::Success);
    assert!(pam.ticket.is_some());
    assert_eq!(site.auth(&mut pam), AuthAnswer::Success);
    assert!(pam.ticket.is_none());
    pam.ticket = Ticket::random().ok();
    let clock = Timestamp(NOW);
    let machine = Machine { accounts: &site, clock: &clock };
    assert_eq!(authenticate(&mut pam, &machine, &["start"], false), AuthAnswer::Ignore);
    assert!(pam.ticket.is_none());
}
