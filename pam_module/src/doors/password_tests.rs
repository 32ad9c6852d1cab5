//! Whole enrolments against a scripted conversation, and what is left of those that break off.

use super::*;
use crate::answer::{AuthAnswer, PasswordAnswer};
use crate::mark::PassedBy;
use crate::shadow::Ageing;
use crate::testing::fixture::{Fixture, NOW, account};
use crate::testing::scripted::{Scripted, Seen};
use wardkey_core::credential::secret::Secret;
use wardkey_core::credential::totp::Parameters;
use wardkey_core::record::enrolment::State;
use wardkey_core::system::clock::Timestamp;

const ENROLLING: &str = "[service.login]\nenroll = true";
const CODE: &str = "Code (app or recovery): ";
const FIRST: &str = "Code from the app: ";
const KEPT: &str = "Type \"saved\" once you have kept them: ";

const LOGIN: Call = Call { phase: Phase::Check, silent: false, expired: true };

fn update(call: Call) -> Call {
    Call { phase: Phase::Update, ..call }
}

/// What the app shows, `steps` from now, once it was told the key that stands on the screen.
fn app(steps: i64) -> impl FnOnce(&Seen) -> String {
    move |seen: &Seen| {
        let (_, key) = seen.told.rsplit_once("  Key: ").expect("a key on the screen");
        code(key.split('|').next().unwrap(), steps)
    }
}

fn code(key: &str, steps: i64) -> String {
    let key = Secret::from_base32(key).unwrap();
    let p = Parameters::default();
    p.code(&key, p.step(Timestamp(NOW)).checked_add_signed(steps).unwrap()).to_string()
}

/// Someone never enrolled who has typed the password at a service that enrols.
fn after_auth(site: &Fixture, pam: &mut Scripted) {
    assert_eq!(site.auth(pam), AuthAnswer::Ignore);
}

fn enrolled(site: &Fixture) -> bool {
    !site.is_empty() && site.record().enrolment.state == State::Enrolled
}

fn shown_codes(told: &str) -> Vec<String> {
    let lines = told.split('|').filter(|line| line.len() == 21 && line.matches('-').count() == 3);
    lines.map(|line| line.trim().to_owned()).collect()
}

#[test]
fn a_live_code_and_codes_kept_enrol_and_the_next_login_asks_for_a_code() {
    let site = Fixture::new(ENROLLING);
    let mut pam = Scripted::new(b"roy").expect_and(FIRST, app(0)).expect(KEPT, "saved");
    after_auth(&site, &mut pam);
    assert_eq!(site.password(&mut pam, LOGIN), PasswordAnswer::Success);
    assert_eq!(site.password(&mut pam, update(LOGIN)), PasswordAnswer::Success);
    assert_eq!(pam.mark(), Some(Mark::Passed(PassedBy::Alone)));
    assert!(enrolled(&site));
    assert!(pam.told().ends_with("The next login asks for a code from the app."), "{}", pam.told());
    let codes = shown_codes(&pam.told());
    assert_eq!(codes.len(), 5, "{}", pam.told());
    let spent = code(key_of(&pam), 0);
    let login = |reply: &str| site.auth(&mut Scripted::new(b"roy").expect(CODE, reply));
    assert_eq!(login(&spent), AuthAnswer::AuthErr, "the code of the enrolment is spent");
    assert_eq!(login(&code(key_of(&pam), 1)), AuthAnswer::Success);
    assert_eq!(login(&codes[2]), AuthAnswer::Success);
    assert_eq!(login(&codes[2]), AuthAnswer::AuthErr);
    let line = r#""event":"enroll","user":"roy","service":"login""#;
    assert!(site.audit().contains(line), "{}", site.audit());
    assert!(
        site.audit().contains(r#""method":"password","result":"done","reason":null"#),
        "{}",
        site.audit()
    );
    assert!(pam.log().contains("enroll done user=roy service=login method=password"), "{}", pam.log());
}

fn key_of(pam: &Scripted) -> &str {
    let line = pam.told.iter().find_map(|(_, text)| text.strip_prefix("  Key: "));
    line.expect("a key on the screen")
}

#[test]
fn after_wrong_codes_a_right_one_will_do() {
    let site = Fixture::new(ENROLLING);
    let mut pam = Scripted::new(b"roy")
        .expect_and(FIRST, app(500))
        .expect(FIRST, "what?")
        .expect_and(FIRST, app(8))
        .expect_and(FIRST, app(900))
        .expect_and(FIRST, app(1))
        .expect(KEPT, "yes")
        .expect(KEPT, "Saved ");
    after_auth(&site, &mut pam);
    assert_eq!(site.password(&mut pam, LOGIN), PasswordAnswer::Success);
    assert!(enrolled(&site));
    let told = pam.told();
    let hints = [
        "That code is not right. Try the next one.",
        "Codes are about 4 min off:",
        "Check the clock of the phone",
    ];
    let places = hints.map(|hint| told.find(hint).unwrap_or_else(|| panic!("no {hint}: {told}")));
    assert!(places.is_sorted(), "{told}");
}

#[test]
fn five_wrong_codes_end_the_login_and_change_nothing() {
    let site = Fixture::new(ENROLLING);
    let mut pam = Scripted::new(b"roy")
        .expect(FIRST, "000000")
        .expect(FIRST, "000000")
        .expect(FIRST, "000000")
        .expect(FIRST, "000000")
        .expect(FIRST, "000000");
    after_auth(&site, &mut pam);
    assert_eq!(site.password(&mut pam, LOGIN), PasswordAnswer::AuthtokErr);
    assert_eq!(site.password(&mut pam, update(LOGIN)), PasswordAnswer::AuthtokErr);
    assert!(matches!(pam.mark(), Some(Mark::MustEnroll(_))));
    assert!(site.is_empty());
    assert!(pam.told().ends_with("Log in again. Help: your system administrator."), "{}", pam.told());
    assert!(site.audit().contains(r#""event":"enroll""#) && site.audit().contains("wrong codes"));
}

#[test]
fn codes_that_nobody_says_they_kept_open_nothing() {
    let site = Fixture::new(ENROLLING);
    let mut pam = Scripted::new(b"roy").expect_and(FIRST, app(0));
    for _ in 0..5 {
        pam = pam.expect(KEPT, "");
    }
    after_auth(&site, &mut pam);
    assert_eq!(site.password(&mut pam, LOGIN), PasswordAnswer::AuthtokErr);
    assert!(site.is_empty());
}

#[test]
fn a_hang_up_at_any_prompt_leaves_nothing() {
    let scripts: [fn(Scripted) -> Scripted; 3] = [
        |pam| pam.expect_and_hang_up(FIRST),
        |pam| pam.expect(FIRST, "000000").expect_and_hang_up(FIRST),
        |pam| pam.expect_and(FIRST, app(0)).expect_and_hang_up(KEPT),
    ];
    for script in scripts {
        let site = Fixture::new(ENROLLING);
        let mut pam = script(Scripted::new(b"roy"));
        after_auth(&site, &mut pam);
        assert_eq!(site.password(&mut pam, LOGIN), PasswordAnswer::AuthtokErr);
        assert!(site.is_empty());
        assert!(matches!(pam.mark(), Some(Mark::MustEnroll(_))), "session refuses");
    }
}

#[test]
fn a_pass_opens_again_after_a_hang_up_and_is_void_after_the_enrolment() {
    let site = Fixture::new("");
    let codes = site.enrol_roy();
    site.reset_roy();
    let pass = site.pass_for("roy", 1000);
    let mut pam = Scripted::new(b"roy").expect(CODE, &pass).expect_and_hang_up(FIRST);
    assert_eq!(site.auth(&mut pam), AuthAnswer::Success);
    assert_eq!(site.password(&mut pam, LOGIN), PasswordAnswer::AuthtokErr);
    assert_eq!(site.record().enrolment.state, State::MustEnroll);
    let mut pam = Scripted::new(b"roy").expect(CODE, &pass).expect_and(FIRST, app(0)).expect(KEPT, "saved");
    assert_eq!(site.auth(&mut pam), AuthAnswer::Success);
    assert_eq!(site.password(&mut pam, LOGIN), PasswordAnswer::Success);
    assert!(enrolled(&site));
    assert!(site.audit().contains(r#""method":"pass","result":"done""#), "{}", site.audit());
    for old in [&pass, &codes[0]] {
        assert_eq!(site.auth(&mut Scripted::new(b"roy").expect(CODE, old)), AuthAnswer::AuthErr);
    }
}

#[test]
fn a_reset_while_the_key_is_on_the_screen_refuses() {
    let site = Fixture::new("");
    let pass = site.pass_for("roy", 1000);
    let mut pam = Scripted::new(b"roy").expect(CODE, &pass);
    assert_eq!(site.auth(&mut pam), AuthAnswer::Success);
    site.enrol_roy();
    site.reset_roy();
    assert_eq!(site.password(&mut pam, LOGIN), PasswordAnswer::AuthtokErr);
    assert!(site.audit().contains("was reset meanwhile"), "{}", site.audit());
}

#[test]
fn someone_enrolled_meanwhile_is_refused() {
    let site = Fixture::new(ENROLLING);
    let mut pam = Scripted::new(b"roy");
    after_auth(&site, &mut pam);
    site.enrol_roy();
    let before = site.record();
    assert_eq!(site.password(&mut pam, LOGIN), PasswordAnswer::AuthtokErr);
    assert_eq!(site.record(), before);
}

#[test]
fn a_password_that_must_change_too_is_left_to_the_next_module() {
    for (changed, expected) in [(0, PasswordAnswer::Ignore), (19_000, PasswordAnswer::Success)] {
        let site = Fixture::new(ENROLLING);
        let mut pam = Scripted::new(b"roy").expect_and(FIRST, app(0)).expect(KEPT, "saved");
        pam.ageing = Some(Ageing { changed: Some(changed), max_days: Some(99_999) });
        after_auth(&site, &mut pam);
        assert_eq!(site.password(&mut pam, LOGIN), expected);
        assert_eq!(site.password(&mut pam, update(LOGIN)), expected);
        assert!(enrolled(&site));
    }
}

#[test]
fn an_ordinary_passwd_and_an_expired_password_alone_are_untouched() {
    let site = Fixture::new(ENROLLING);
    let right = Right::Password;
    for (mark, expired) in [
        (None, false),
        (None, true),
        (Some(Mark::Passed(PassedBy::Alone)), true),
        (Some(Mark::Refused), true),
        (Some(Mark::MustEnroll(right)), false),
    ] {
        let mut pam = Scripted::new(b"roy");
        if let Some(mark) = mark {
            pam.set_mark(mark, &Whose::Account(account("roy", 1000).name)).unwrap();
        }
        let call = Call { expired, ..LOGIN };
        assert_eq!(site.password(&mut pam, call), PasswordAnswer::Ignore, "{mark:?}");
        assert_eq!(site.password(&mut pam, update(call)), PasswordAnswer::Ignore, "{mark:?}");
    }
}

#[test]
fn a_person_who_cannot_enrol_here_is_refused_and_told_whom_to_call() {
    let site = Fixture::new(ENROLLING);
    let refused = |pam: &mut Scripted, mark| {
        let whose = marked::whose(pam, &site);
        pam.set_mark(mark, &whose).unwrap();
        assert_eq!(site.password(pam, LOGIN), PasswordAnswer::AuthtokErr);
        assert!(pam.told().contains("To have one set up: your system administrator"), "{}", pam.told());
    };
    let must = Mark::MustEnroll(Right::Password);
    let mut pam = Scripted::new(b"roy");
    pam.caller = Caller::Ordinary;
    refused(&mut pam, must);
    refused(&mut Scripted::new(b"nobody"), must);
    refused(&mut Scripted::new(b"down"), must);
    refused(&mut Scripted::new(b"roy"), Mark::MustEnrollElsewhere);
    assert!(site.is_empty());
}

#[test]
fn without_a_sealing_key_nobody_is_enrolled() {
    let site = Fixture::new(ENROLLING);
    std::fs::remove_file(site.path("seal.key")).unwrap();
    let mut pam = Scripted::new(b"roy");
    after_auth(&site, &mut pam);
    assert_eq!(site.password(&mut pam, LOGIN), PasswordAnswer::AuthtokErr);
    assert!(pam.told().contains("Cannot check codes now"), "{}", pam.told());
    assert!(site.audit().contains(r#""event":"enroll""#) && site.audit().contains(r#""result":"failed""#));
}

#[test]
fn a_second_call_without_a_first_is_refused() {
    let site = Fixture::new(ENROLLING);
    assert_eq!(site.password(&mut Scripted::new(b"roy"), update(LOGIN)), PasswordAnswer::AuthtokErr);
}

#[test]
fn a_transaction_that_keeps_no_mark_ends_in_no_success() {
    let site = Fixture::new(ENROLLING);
    let mut pam = Scripted::new(b"roy").expect_and(FIRST, app(0)).expect(KEPT, "saved");
    after_auth(&site, &mut pam);
    pam.marks = Some(0);
    assert_eq!(site.password(&mut pam, LOGIN), PasswordAnswer::AuthtokErr);
    assert_eq!(
        site.password(&mut pam, update(LOGIN)),
        PasswordAnswer::AuthtokErr,
        "the same the second time"
    );
}

#[test]
fn wrong_arguments_and_a_configuration_that_does_not_load_end_it() {
    let site = Fixture::new(ENROLLING);
    let mut pam = Scripted::new(b"roy");
    after_auth(&site, &mut pam);
    std::fs::write(site.path("w.toml"), "nonsense").unwrap();
    assert_eq!(site.password(&mut pam, LOGIN), PasswordAnswer::ServiceErr);
    assert!(
        pam.told().ends_with("Cannot check codes now. Help: your system administrator."),
        "{}",
        pam.told()
    );
    let clock = Timestamp(NOW);
    let machine = Machine { accounts: &site, clock: &clock };
    assert_eq!(password(&mut pam, &machine, &["nullok"], LOGIN), PasswordAnswer::ServiceErr);
    assert_eq!(pam.logged.iter().filter(|(of, _)| *of == Priority::Critical).count(), 2, "{}", pam.log());
    assert!(site.is_empty());
}
