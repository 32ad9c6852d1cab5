//! What is shown where.

use super::*;
use crate::answer::{AuthAnswer, PasswordAnswer};
use crate::doors::password::{Call, Phase};
use crate::testing::fixture::{Fixture, NOW};
use crate::testing::scripted::{Scripted, Seen};
use wardkey_core::credential::secret::Secret;
use wardkey_core::credential::totp::Parameters;
use wardkey_core::system::clock::Timestamp;

const LOGIN: Call = Call { phase: Phase::Check, silent: false, expired: true };

/// Enrols roy at a site of this language; the prompts contain these parts.
fn enrol(language: &str, (screen, silent): (Screen, bool), parts: [&'static str; 2], word: &str) -> Scripted {
    let pam = Scripted::new(b"roy").screen(screen).expect_and(parts[0], app).expect(parts[1], word);
    enrol_at(language, pam, silent)
}

fn enrol_at(language: &str, mut pam: Scripted, silent: bool) -> Scripted {
    let services = "[service.login]\nenroll = true\n[service.gdm-password]\nenroll = true";
    let site = Fixture::new(&format!("language = \"{language}\"\n{services}"));
    assert_eq!(site.auth_with(&mut pam, &[], silent), AuthAnswer::Ignore);
    assert_eq!(site.password(&mut pam, Call { silent, ..LOGIN }), PasswordAnswer::Success);
    pam
}

/// The code of the first key that stands anywhere on the screen, in eight groups of four.
fn app(seen: &Seen) -> String {
    let words: Vec<_> =
        [&*seen.told, &*seen.prompt].join("|").split([' ', '|', '\n']).map(str::to_owned).collect();
    let is_group =
        |word: &String| word.len() == 4 && Secret::from_base32(word).is_ok() && *word == word.to_uppercase();
    let key = words.windows(8).find(|groups| groups.iter().all(is_group)).expect("a key").concat();
    let p = Parameters::default();
    p.code(&Secret::from_base32(&key).unwrap(), p.step(Timestamp(NOW))).to_string()
}

#[test]
fn a_terminal_shows_colours_and_is_cleared_before_and_after_the_codes() {
    let pam = enrol("en", (Screen::Terminal, false), ["Code from the app: ", "Type \"saved\""], "saved");
    let told = pam.told();
    assert!(
        told.contains("\x1b[30;47;107m") && told.contains("  Issuer: ") && told.contains("  Account: roy@")
    );
    assert_eq!(told.matches(CLEAR).count(), 2);
    let (before, after) = told.split_once(CLEAR).unwrap();
    assert!(before.contains("  Key: ") && !after.contains("  Key: "));
    assert!(after.contains("locked drawer") && after.contains("sticky note"));
}

#[test]
fn through_sshd_there_is_a_code_to_scan_and_no_control_character() {
    let pam = enrol("en", (Screen::Ssh, false), ["Code from the app: ", "Type \"saved\""], "saved");
    assert!(pam.told().contains("\u{2588}\u{2588}\u{2588}\u{2588}"));
    assert!(!pam.told().contains(char::is_control));
}

#[test]
fn no_message_is_longer_than_pam_takes() {
    for screen in [Screen::Terminal, Screen::Ssh] {
        let pam = enrol("fr", (screen, false), ["Code de l'application : ", "Tapez « noté »"], "noté");
        assert!(pam.told.iter().all(|(_, text)| text.len() < 512 && !text.contains('\n')));
    }
}

#[test]
fn where_only_prompts_are_seen_key_and_codes_stand_in_them() {
    let english = [
        "(For a QR code instead, log in by SSH or at a text console.)\nCode from the app: ",
        "Recovery codes, shown only now:\n",
    ];
    let french = ["(Pour un code QR, connectez-vous par SSH", "Codes de secours, affichés une fois :\n"];
    for (language, parts, word) in [("en", english, "saved"), ("fr", french, "note")] {
        let pam = enrol(language, (Screen::Prompt, false), parts, word);
        assert_eq!(pam.told.len(), 1, "the last word: {}", pam.told());
        let pam = enrol(language, (Screen::Terminal, true), parts, word);
        assert!(pam.told.is_empty(), "a silent application: {}", pam.told());
    }
}

#[test]
fn where_a_prompt_is_cut_it_stands_in_a_message_too() {
    let pam = Scripted::new(b"roy").service("gdm-password").screen(Screen::Prompt);
    let pam =
        enrol_at("en", pam.expect_and("Code from the app: ", app).expect("Type \"saved\"", "saved"), false);
    let told = pam.told();
    assert!(told.contains("Add this key") && told.contains("Recovery codes, shown only now:"), "{told}");
}

#[test]
fn no_line_of_a_prompt_is_too_long_for_a_greeter() {
    let key = Secret::new(vec![7; 64]).to_base32_groups();
    let codes = ["ABCD-EFGH-JKMN-PQRS"; 20];
    for lines in [in_lines(key.split(' '), GROUPS_A_LINE), in_lines(codes.into_iter(), CODES_A_LINE)] {
        assert!(lines.lines().count() > 3 && lines.lines().all(|line| line.len() < 60), "{}", *lines);
    }
}
