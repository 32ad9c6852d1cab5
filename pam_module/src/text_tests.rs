//! Texts in both languages, each of one short line.

use super::*;
use std::path::Path;
use wardkey_core::login::NoPlace;

pub(super) fn texts(config: &str) -> Texts {
    Texts::new(&Config::parse(config.as_bytes(), Path::new("w.toml")).unwrap())
}

fn all(t: &Texts) -> Vec<String> {
    let wait = Duration::from_secs;
    vec![
        t.prompt(),
        t.combined_prompt(),
        t.wrong(),
        t.already_used(),
        t.single_use_used(),
        t.clock_off(-150),
        t.waiting(wait(1)),
        t.waiting(wait(30)),
        t.waiting(wait(3600)),
        t.waiting_for_two(wait(1), false),
        t.waiting_for_two(wait(1), true),
        t.waiting_for_two(wait(30), false),
        t.waiting_for_two(wait(30), true),
        t.waiting_for_two(wait(3600), false),
        t.waiting_for_two(wait(3600), true),
        t.last_waiting_for_two(wait(1), false),
        t.last_waiting_for_two(wait(30), true),
        t.one_code_only(),
        t.disabled(),
        t.must_enroll(),
        t.unavailable(),
        t.cannot_enroll_here(),
        t.enroll_elsewhere(NoPlace::Unlock),
        t.enroll_elsewhere(NoPlace::Seat),
        t.days_left(1),
        t.days_left(9),
        t.spent(Kind::Recovery, 4),
        t.spent(Kind::Pass, 1),
        t.spent(Kind::Emergency, 0),
        t.lost_your_phone(),
        t.phone_replaced(),
        t.spent_in_one_entry(Kind::Recovery, 2),
        t.spent_in_one_entry(Kind::Pass, 1),
        t.spent_in_one_entry(Kind::Emergency, 0),
        t.was_reset(),
        t.wrong_before(7),
    ]
}

#[test]
fn every_text_is_one_short_line_and_differs_between_the_languages() {
    let (en, fr) =
        (texts("support = \"IT, ext. 204\""), texts("support = \"IT, ext. 204\"\nlanguage = \"fr\""));
    for (en, fr) in all(&en).into_iter().zip(all(&fr)) {
        assert_ne!(en, fr);
        for text in [en, fr] {
            // PAM_MAX_MSG_SIZE is 512; a locker shows far less.
            assert!(text.len() <= 180 && !text.contains('\n'), "{text}");
        }
    }
}

#[test]
fn a_dead_end_names_whom_to_call() {
    let t = texts("support = \"IT, ext. 204\"");
    for text in [t.wrong(), t.waiting(Duration::from_secs(9)), t.disabled(), t.must_enroll(), t.unavailable()]
        .into_iter()
        .chain([NoPlace::Unlock, NoPlace::Untold, NoPlace::Seat].map(|why| t.enroll_elsewhere(why)))
    {
        assert!(text.contains("IT, ext. 204"), "{text}");
    }
    assert!(texts("").wrong().contains("your system administrator"));
    assert!(texts("language = \"fr\"").wrong().contains("votre administrateur système"));
}

#[test]
fn a_name_a_number_and_a_place_to_call_are_in_the_same_words() {
    for support in ["the IT desk (ext. 4711)", "555 0100", "room 12, ground floor", ""] {
        let (en, fr) = match support {
            "" => ("your system administrator", "votre administrateur système"),
            named => (named, named),
        };
        let (t, f) =
            (&format!("support = {support:?}"), &format!("support = {support:?}\nlanguage = \"fr\""));
        let (t, f) = (texts(t), texts(f));
        assert_eq!(t.wrong(), format!("That code was not accepted. Help: {en}."));
        assert_eq!(f.wrong(), format!("Ce code n'a pas été accepté. Aide : {fr}."));
        for text in all(&t).into_iter().chain(all(&f)) {
            // Never the object of "call" or "ask": a number is called, a place is not.
            let is_apart = text.contains(&format!(": {en}.")) || text.contains(&format!(": {fr}."));
            assert!(is_apart || !(text.contains(en) || text.contains(fr)), "{text}");
        }
    }
}

#[test]
fn two_codes_are_offered_in_the_promised_words() {
    assert_eq!(
        texts("").waiting_for_two(Duration::from_secs(27), false),
        "Too many wrong codes. Try again in 27 seconds, or use a recovery code, or: note this code, wait for the next, and type both, one behind the other."
    );
}

/// xsecurelock shows one line, and no more of it than a screen of 1,024 points has room for.
#[test]
fn what_to_do_while_one_waits_fits_into_one_line_of_a_locker() {
    for language in ["en", "fr"] {
        let t = texts(&format!("language = \"{language}\""));
        for left in [30, 59 * 60] {
            let line = t.last_waiting_for_two(Duration::from_secs(left), false);
            assert!(line.chars().count() <= 90, "{line}");
        }
    }
}

#[test]
fn the_prompt_is_the_one_that_was_promised() {
    assert_eq!(texts("").prompt(), "Code (app or recovery): ");
}
