//! Password and code in one entry, and codes at the end of a password asked for earlier.

use super::*;

const COMBINED: &str = "[service.swaylock]\nentry = \"combined\"";

fn entry(site: &Fixture, typed: &str) -> (AuthAnswer, Option<String>) {
    let mut pam = Scripted::new(b"roy").service("swaylock").expect("Password, then your code", typed);
    let answer = site.auth(&mut pam);
    (answer, pam.authtok.clone().map(|t| String::from_utf8(t).unwrap()))
}

#[test]
fn what_stands_before_the_code_is_left_as_the_password() {
    for password in
        ["secret", "pass word", "secret123456", "secret12345678", "0ABC-DEFG-HJKM-NPQR", "12345678", "é✓", ""]
    {
        let site = Fixture::new(COMBINED);
        let codes = site.enrol_roy();
        let opened = (AuthAnswer::Success, Some(password.to_owned()));
        assert_eq!(entry(&site, &format!("{password}{}", code(NOW))), opened);
        assert_eq!(entry(&site, &format!("{password}{}", codes[0])), opened);
    }
}

#[test]
fn no_right_tail_is_refused_and_leaves_no_password() {
    let site = Fixture::new(COMBINED);
    site.enrol_roy();
    assert_eq!(entry(&site, "secret000000"), (AuthAnswer::AuthErr, None));
    assert_eq!(entry(&site, "secret"), (AuthAnswer::AuthErr, None));
    let failures: Vec<u64> = site.record().ledger.tallies.iter().map(|t| t.failures).collect();
    assert_eq!(failures, [0, 1, 0, 0, 0, 0]);
}

#[test]
fn forward_pass_is_the_same_thing() {
    let site = Fixture::new("");
    site.enrol_roy();
    let mut pam = Scripted::new(b"roy").expect("Password, then your code", &format!("pw{}", code(NOW)));
    assert_eq!(site.auth_with(&mut pam, &["forward_pass"], false), AuthAnswer::Success);
    assert_eq!(pam.authtok.as_deref(), Some(&b"pw"[..]));
}

#[test]
fn a_person_who_needs_no_code_passes_on_the_whole_entry() {
    let site = Fixture::new(&format!("[policy]\nunenrolled = \"ignore\"\n{COMBINED}"));
    assert_eq!(entry(&site, "secret123456"), (AuthAnswer::Ignore, Some("secret123456".into())));

    let exempt = "[[exempt]]\nuser = \"roy\"\nreason = \"r\"\napproved_by = \"a\"\nuntil = 2100-01-01\n";
    let site = Fixture::new(&format!("{exempt}{COMBINED}"));
    site.enrol_roy();
    assert_eq!(entry(&site, "secret000000"), (AuthAnswer::Ignore, Some("secret000000".into())));
    assert_eq!(entry(&site, &format!("secret{}", code(NOW))), (AuthAnswer::Success, Some("secret".into())));
    assert!(site.record().ledger.tallies.iter().all(|t| t.failures == 0), "counts for nothing");
}

#[test]
fn use_first_pass_never_asks() {
    let site = Fixture::new("");
    site.enrol_roy();
    assert_eq!(site.auth_with(&mut Scripted::new(b"roy"), &["use_first_pass"], false), AuthAnswer::AuthErr);
    let mut pam = Scripted::new(b"roy").authtok(&format!("pw{}", code(NOW)));
    assert_eq!(site.auth_with(&mut pam, &["use_first_pass"], false), AuthAnswer::Success);
    assert_eq!(pam.authtok.as_deref(), Some(&b"pw"[..]));
    let mut pam = Scripted::new(b"roy").authtok("pw000000");
    assert_eq!(site.auth_with(&mut pam, &["use_first_pass"], false), AuthAnswer::AuthErr);
}

#[test]
fn try_first_pass_takes_a_right_tail_and_asks_otherwise() {
    let site = Fixture::new("");
    site.enrol_roy();
    let mut pam = Scripted::new(b"roy").authtok(&format!("pw{}", code(NOW)));
    assert_eq!(site.auth_with(&mut pam, &["try_first_pass"], false), AuthAnswer::Success);
    assert_eq!(pam.authtok.as_deref(), Some(&b"pw"[..]));

    for password in ["secret", "secret123456", "123456"] {
        let mut pam = Scripted::new(b"roy").authtok(password).expect(PROMPT, &code(NOW + 30));
        let mut site = Fixture::new("");
        site.enrol_roy();
        site.now = NOW + 30;
        assert_eq!(site.auth_with(&mut pam, &["try_first_pass"], false), AuthAnswer::Success);
        assert_eq!(pam.authtok.as_deref(), Some(password.as_bytes()), "the password stays whole");
        assert!(site.record().ledger.tallies.iter().all(|t| t.consecutive() == 0));
    }
}

#[test]
fn a_password_asked_for_earlier_is_read_in_a_combined_service_too() {
    let with = |site: &Fixture, word: &str, pam: Scripted| {
        let mut pam = pam.service("swaylock");
        let answer = site.auth_with(&mut pam, &[word], false);
        (answer, pam.authtok.clone().map(|t| String::from_utf8(t).unwrap()), pam.log())
    };
    let site = Fixture::new(COMBINED);
    site.enrol_roy();
    let (answer, authtok, log) = with(&site, "use_first_pass", Scripted::new(b"roy"));
    assert_eq!((answer, authtok), (AuthAnswer::AuthErr, None));
    assert!(log.contains("no earlier module has asked for a password"), "{log}");
    let asked = || Scripted::new(b"roy").authtok(&format!("pw{}", code(NOW)));
    assert_eq!(with(&site, "use_first_pass", asked()).1.as_deref(), Some("pw"));
    let (answer, ..) = with(&site, "try_first_pass", asked());
    assert_eq!(answer, AuthAnswer::AuthErr, "spent, and the prompt is not for what was there already");
    let typed = Scripted::new(b"roy").expect("Password, then your code", "pw000000");
    assert_eq!(with(&site, "try_first_pass", typed).0, AuthAnswer::AuthErr);
    // Nobody need type a code: nothing was asked for earlier, and nothing is passed on.
    let open = Fixture::new(&format!("[policy]\nunenrolled = \"ignore\"\n{COMBINED}"));
    let (answer, authtok, _) = with(&open, "use_first_pass", Scripted::new(b"roy"));
    assert_eq!((answer, authtok), (AuthAnswer::Ignore, None));
}

#[test]
fn the_word_email_as_an_earlier_password_is_a_password() {
    let mail = "[email]\nmode = \"recovery\"\nfrom = \"wardkey@clinic.example\"";
    let site = Fixture::new(&format!("[policy]\nunenrolled = \"ignore\"\n{mail}\n{COMBINED}"));
    for word in ["use_first_pass", "try_first_pass"] {
        let mut pam = Scripted::new(b"roy").service("swaylock").authtok("email");
        assert_eq!(site.auth_with(&mut pam, &[word], false), AuthAnswer::Ignore);
        assert_eq!(pam.authtok.as_deref(), Some(&b"email"[..]));
    }
    let mut pam = Scripted::new(b"roy").service("swaylock").expect("Password, then your code", "email");
    assert_eq!(site.auth(&mut pam), AuthAnswer::Ignore, "who needs no code needs none mailed");
    assert_eq!(pam.authtok.as_deref(), Some(&b"email"[..]));
}

#[test]
fn a_dated_rollout_is_told_after_a_whole_entry_unless_nothing_may_be() {
    let site = Fixture::new(&format!("[policy]\nenroll_by = 2100-01-01\n{COMBINED}"));
    for silent in [false, true] {
        let mut pam = Scripted::new(b"roy").service("swaylock").expect("Password, then your code", "secret");
        assert_eq!(site.auth_with(&mut pam, &[], silent), AuthAnswer::Ignore);
        assert_eq!(pam.told().is_empty(), silent, "{}", pam.told());
    }
}

#[test]
fn without_the_helper_an_ordinary_program_lets_nobody_in() {
    for (config, prompt) in [(COMBINED, Some("Password, then your code")), ("", None)] {
        for silent in [false, true] {
            let site = Fixture::new(config);
            let mut pam = Scripted::new(b"roy").service("swaylock");
            pam.caller = crate::transaction::Caller::Ordinary;
            if let Some(prompt) = prompt {
                pam = pam.expect(prompt, "secret123456");
            }
            assert_eq!(site.auth_with(&mut pam, &[], silent), AuthAnswer::AuthErr);
            assert_eq!((pam.authtok.clone(), pam.told().is_empty()), (None, silent));
        }
    }
}

#[test]
fn an_earlier_password_of_nobody_is_not_looked_at_for_a_code() {
    let site = Fixture::new("");
    site.enrol_roy();
    let mut pam = Scripted::new(b"nobody").authtok(&format!("pw{}", code(NOW))).expect(PROMPT, "000000");
    assert_eq!(site.auth_with(&mut pam, &["try_first_pass"], false), AuthAnswer::AuthErr);
    assert!(pam.authtok.as_deref().is_some_and(|whole| whole.len() == 8), "it stays whole");
    let mut pam = Scripted::new(b"roy").expect(PROMPT, &code(NOW));
    assert_eq!(
        site.auth_with(&mut pam, &["try_first_pass"], false),
        AuthAnswer::Success,
        "none was asked for"
    );
}
