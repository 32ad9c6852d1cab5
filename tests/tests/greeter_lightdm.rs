//! lightdm with its GTK greeter: who comes in, who does not, and what they read on a screen that does not wrap lines.

use wardkey_tests::machine::host::{CODE, Host, SUPPORT};
use wardkey_tests::people::person::PASSWORD;
use wardkey_tests::programs::authenticator_app::Authenticator;
use wardkey_tests::programs::example;
use wardkey_tests::programs::greeter::Lightdm;

const FIRST_CODE: &str = "Code from the app";
const ENROLLING: &str = "[service.lightdm]\nenroll = true\n";
const BASE32: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// lightdm up to alice's password.
fn lightdm(host: &Host) -> Lightdm<'_> {
    example::install(host, "lightdm");
    let mut lightdm = Lightdm::start(host);
    lightdm.answers("alice");
    lightdm.asks("alice");
    lightdm
}

/// The phone that was given the key on the screen, which is in eight groups of four; `None` if it cannot be read.
fn phone(lightdm: &Lightdm<'_>) -> Option<Authenticator> {
    // These are not in base32: the reader takes one letter for another.
    let meant = |letter: char| match letter {
        '0' => 'O',
        '1' | '!' | '|' => 'I',
        '8' => 'B',
        '9' => 'G',
        ']' | '}' => 'J',
        other => other.to_ascii_uppercase(),
    };
    let words: String = lightdm.reads_on().chars().map(meant).collect();
    let is_group = |word: &&str| word.len() == 4 && word.chars().all(|letter| BASE32.contains(letter));
    let words: Vec<_> = words.split(' ').collect();
    let secret = words.windows(8).find(|key| key.iter().all(is_group))?.concat();
    Some(Authenticator { secret, algorithm: "SHA1".into(), digits: 6, period: 30 })
}

/// From the prompt with the key to a session. A key that is read wrongly off the screen makes a wrong code, and the login
/// begins again, by `again`, with another key.
fn enrols(host: &Host, lightdm: &mut Lightdm<'_>, again: impl Fn(&mut Lightdm<'_>)) {
    for _ in 0..4 {
        again(lightdm);
        lightdm.asks(FIRST_CODE);
        let phone = phone(lightdm);
        let code = phone.as_ref().map_or_else(|| "?".into(), |phone| phone.code(host.now() / 30));
        lightdm.answers(&code);
        let seen = lightdm.asks("alice");
        if let Some(phone) = phone.filter(|_| !seen.contains(FIRST_CODE)) {
            return keeps_the_codes(host, lightdm, (&seen, &phone));
        }
        for _ in 0..3 {
            lightdm.answers("?");
            lightdm.asks("That code is not right.");
        }
        lightdm.answers("?");
        lightdm.refuses("nothing has changed");
    }
    panic!("nobody can read this: {}", lightdm.reads_on());
}

fn keeps_the_codes(host: &Host, lightdm: &mut Lightdm<'_>, (seen, phone): (&str, &Authenticator)) {
    assert!(!seen.contains("Add this key"), "key and codes on one photograph");
    let codes = seen.split_once("only now:").and_then(|(_, rest)| rest.split_once("Type")).expect("codes").0;
    let letters = codes.chars().filter(char::is_ascii_alphanumeric).count();
    assert!((75..=85).contains(&letters), "five codes of sixteen: {codes}");
    lightdm.answers("saved");
    assert_eq!(lightdm.opens(), "alice");
    assert_eq!(host.state("alice"), "enrolled");
    assert_eq!(host.status("alice")["recovery_codes"]["left"], 5);
    assert!(host.types("alice", &phone.code(host.now() / 30 + 1)).accepted());
}

// Row: S1-17
#[test]
fn lightdm_opens_to_right_password_and_code_only() {
    let host = Host::new();
    let mut alice = host.person("alice");
    let used = alice.fresh_code(&host);
    assert!(host.types("alice", &used).accepted());

    let mut lightdm = lightdm(&host);
    lightdm.answers("not the password");
    lightdm.refuses("password is incorrect");
    for (refused, remedy) in [(alice.wrong_code(&host), SUPPORT), (used, "Wait for the next one")] {
        lightdm.answers(PASSWORD);
        lightdm.asks(CODE);
        lightdm.answers(&refused);
        lightdm.refuses(remedy);
    }
    lightdm.answers(PASSWORD);
    lightdm.asks(CODE);
    lightdm.answers(&alice.fresh_code(&host));
    assert_eq!(lightdm.opens(), "alice");
}

// Row: S1-10
#[test]
fn the_first_login_at_lightdm_enrols_by_the_key_on_the_screen() {
    let host = Host::with_config(ENROLLING);
    host.add_account("alice");
    let mut lightdm = lightdm(&host);
    enrols(&host, &mut lightdm, |lightdm| lightdm.answers(PASSWORD));
}

// Row: S1-20
#[test]
fn after_a_reset_a_pass_enrols_at_lightdm() {
    let host = Host::new();
    host.person("alice");
    host.json(&["reset", "alice", "--verified-by", "passport"], "");
    let pass = host.pass("alice");
    let mut lightdm = lightdm(&host);
    enrols(&host, &mut lightdm, |lightdm| {
        lightdm.answers(PASSWORD);
        lightdm.asks(CODE);
        lightdm.answers(&pass);
    });
}

#[test]
fn a_broken_enrolment_at_lightdm_opens_nothing_and_says_so() {
    let host = Host::with_config(ENROLLING);
    host.add_account("alice");
    let mut lightdm = lightdm(&host);
    lightdm.answers(PASSWORD);
    for hint in ["", "Try the next one.", "Try the next one.", "Check the clock", "Check the clock"] {
        let seen = lightdm.asks(FIRST_CODE);
        assert!(
            seen.contains(hint) && seen.contains("(For a QR code instead, log in by SSH"),
            "{hint:?}: {seen}"
        );
        lightdm.answers("what?");
    }
    lightdm.refuses("nothing has changed");
    assert_eq!(host.state("alice"), "not-enrolled");
}
