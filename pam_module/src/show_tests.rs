//! What is shown where.

use super::*;
use crate::answer::{AuthAnswer, PasswordAnswer};
use crate::doors::password::{Call, Phase};
use crate::screen::{Look, Window};
use crate::testing::fixture::{Fixture, NOW, account};
use crate::testing::scripted::{Scripted, Seen, TERMINAL};
use wardkey_core::credential::secret::Secret;
use wardkey_core::credential::totp::Parameters;
use wardkey_core::policy::config::Config;
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
    let seen = [&*seen.told, &*seen.prompt].join("|");
    let words: Vec<_> =
        seen.split([' ', '|', '\n']).filter(|word| !word.is_empty()).map(str::to_owned).collect();
    let is_group =
        |word: &String| word.len() == 4 && Secret::from_base32(word).is_ok() && *word == word.to_uppercase();
    let key = words.windows(8).find(|groups| groups.iter().all(is_group)).expect("a key").concat();
    let p = Parameters::default();
    p.code(&Secret::from_base32(&key).unwrap(), p.step(Timestamp(NOW))).to_string()
}

#[test]
fn a_terminal_shows_colours_and_is_cleared_before_and_after_the_codes() {
    let pam = enrol("en", (TERMINAL, false), ["Code from the app: ", "Type \"saved\""], "saved");
    let told = pam.told();
    assert!(
        told.contains("\x1b[30;47;107m") && told.contains("  Issuer: ") && told.contains("  Account: roy@")
    );
    assert_eq!(told.matches(CLEAR).count(), 2);
    let (before, after) = told.split_once(CLEAR).unwrap();
    assert!(before.contains("  Key: ") && !after.contains("  Key: "));
    assert!(after.contains("locked drawer") && after.contains("sticky note"));
}

/// A client whose locale has no UTF-8 would show each block as twelve characters.
#[test]
fn through_sshd_all_is_ascii_until_somebody_asks_for_a_qr_code() {
    let prompt = "Code from the app (Return shows a QR code): ";
    let pam = enrol("en", (Screen::Ssh, false), [prompt, "Type \"saved\""], "saved");
    assert!(pam.told().is_ascii() && pam.told().contains("  Key: "), "{}", pam.told());
    let pam = Scripted::new(b"roy").screen(Screen::Ssh).expect(prompt, "");
    let pam = pam.expect_and("Code from the app: ", app).expect("Type \"saved\"", "saved");
    let told = enrol_at("en", pam, false).told();
    let (before, after) = told.split_once("\u{2588}\u{2588}\u{2588}\u{2588}").expect("a QR code");
    assert!(before.contains("  Key: ") && after.contains("  Key: "), "{told}");
    assert!(!told.contains(char::is_control));
}

/// A terminal of this size.
fn window(rows: usize, columns: usize) -> Look {
    Look { window: Some(Window { rows, columns }), has_colours: true, can_clear: true }
}

/// What stands on a screen of this size at first and after Return, and all that was said.
fn seen_on(look: Look) -> (InView, InView, String) {
    let key = Secret::from_base32("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").unwrap();
    let begun = Begun { key, label: "app".to_owned(), parameters: Parameters::default() };
    let user = account("roy", 1000).name;
    let uri = Uri { issuer: "Lakeside Clinic", user: &user, host: "ward3" };
    let texts = Texts::new(&Config::default());
    let show = Show { texts: &texts, screen: Screen::Terminal(look), cuts_prompts: false };
    let mut pam = Scripted::new(b"roy");
    let first = show.begin(&mut pam, &begun, &uri);
    show.code_question(&mut pam, &begun, (first, None));
    let second = show.other(&mut pam, (&begun, &uri), first);
    show.code_question(&mut pam, &begun, (second, None));
    (first, second, pam.told())
}

#[test]
fn on_a_small_screen_qr_code_and_key_can_both_be_had() {
    // At first, and once more by Return.
    let rows = seen_on(window(60, 100)).2.matches("\x1b[30;47;107m").count() / 2;
    assert_eq!(rows, 21);
    for (look, first, second) in [
        (window(24, 80), InView::All, InView::All),
        (Look { window: None, ..window(0, 0) }, InView::All, InView::All),
        (window(rows + 2, 80), InView::All, InView::All),
        (window(rows + 1, 80), InView::Picture, InView::Key),
        (window(rows, 80), InView::Key, InView::Key),
        (window(24, 40), InView::Key, InView::Key),
        (Look { can_clear: false, has_colours: false, ..window(24, 80) }, InView::Key, InView::All),
    ] {
        let (at_first, then, told) = seen_on(look);
        assert_eq!((at_first, then), (first, second), "{look:?}");
        let enlarges = second == InView::Key && first == InView::Key;
        assert_eq!(told.contains("(The QR code needs 22 lines of 45"), enlarges, "{look:?}: {told}");
        assert!(told.matches("  Key: ").count() >= 2, "{look:?}: {told}");
    }
}

#[test]
fn return_alone_is_no_try_at_a_code() {
    let mut pam = Scripted::new(b"roy").screen(Screen::Terminal(window(24, 80)));
    for _ in 0..8 {
        pam = pam.expect("Code from the app: ", "");
    }
    let pam = pam.expect_and("Code from the app: ", app).expect("saved", "saved");
    assert!(enrol_at("en", pam, false).told().contains("second factor is on"));
}

#[test]
fn what_a_terminal_does_not_have_it_is_not_sent() {
    for (has_colours, can_clear) in [(false, true), (false, false)] {
        let look = Look { has_colours, can_clear, ..window(60, 100) };
        let prompt = if can_clear { "Code from the app: " } else { "(Return shows a QR code): " };
        let pam = Scripted::new(b"roy").screen(Screen::Terminal(look)).expect_and(prompt, app);
        let told = enrol_at("en", pam.expect("saved", "saved"), false).told();
        assert!(!told.contains("\x1b[0m") && !told.contains("\x1b[30"), "{told}");
        assert_eq!(told.contains(CLEAR), can_clear, "{told}");
    }
}

#[test]
fn lines_are_as_narrow_as_the_screen() {
    for columns in [30, 40, 60] {
        let pam = Scripted::new(b"roy").screen(Screen::Terminal(window(24, columns)));
        let pam = pam.expect("app", "000000").expect_and("app", app).expect("saved", "saved");
        for (_, text) in &enrol_at("en", pam, false).told {
            assert!(text.starts_with('\x1b') || text.chars().count() <= columns, "{columns}: {text}");
        }
    }
}

#[test]
fn after_a_wrong_code_the_key_stands_there_again() {
    let screens = [TERMINAL, Screen::Ssh];
    for screen in screens {
        let pam = Scripted::new(b"roy").screen(screen).expect("Code from the app", "000000");
        let pam = pam.expect_and("Code from the app", app).expect("saved", "saved");
        let told = enrol_at("en", pam, false).told();
        let (_, after) = told.split_once("That code is not right. Try the next one.|").expect("a hint");
        assert!(after.starts_with("  Key: "), "{told}");
    }
}

#[test]
fn no_message_is_longer_than_pam_takes() {
    for screen in [TERMINAL, Screen::Ssh] {
        let pam = enrol("fr", (screen, false), ["Code de l'application", "Tapez « noté »"], "noté");
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
        let pam = enrol(language, (TERMINAL, true), parts, word);
        assert!(pam.told.is_empty(), "a silent application: {}", pam.told());
    }
}

#[test]
fn where_a_prompt_is_cut_it_stands_in_a_message_too() {
    let pam = Scripted::new(b"roy").service("gdm-password").screen(Screen::Prompt);
    let pam =
        enrol_at("en", pam.expect_and("Code from the app: ", app).expect("Type \"saved\"", "saved"), false);
    assert_eq!(pam.prompts, ["Code from the app: ", "Type \"saved\" once you have kept them: "]);
    let told = pam.told();
    assert!(told.contains("Add this key") && told.contains("Recovery codes, shown only now:"), "{told}");
    assert!(!told.contains("Code from the app: ") && !told.contains("Type \"saved\""), "{told}");
}

/// GNOME's message breaks a longer line at a hyphen, and people copy the halves down.
#[test]
fn a_greeter_shows_two_recovery_codes_a_line() {
    let codes = ["ABCD-EFGH-JKMN-PQRS"; 5];
    let lines = in_lines(codes.into_iter(), CODES_A_LINE);
    assert_eq!(lines.lines().map(str::len).collect::<Vec<_>>(), [39, 39, 19]);
}

#[test]
fn no_line_of_a_prompt_is_too_long_for_a_greeter() {
    let key = Secret::new(vec![7; 64]).to_base32_groups();
    let codes = ["ABCD-EFGH-JKMN-PQRS"; 20];
    for lines in [in_lines(key.split(' '), GROUPS_A_LINE), in_lines(codes.into_iter(), CODES_A_LINE)] {
        assert!(lines.lines().count() > 3 && lines.lines().all(|line| line.len() < 40), "{}", *lines);
    }
}
