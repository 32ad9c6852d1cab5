//! Texts of an enrolment, each of one short line but the key and the codes.

use super::super::tests::texts;
use super::*;

fn all(t: &Texts) -> Vec<String> {
    vec![
        t.enrol_heading(),
        t.enrol_by_key(),
        t.enrol_by_qr(),
        t.issuer_line("Lakeside Clinic"),
        t.account_line("roy@ward3"),
        t.key_line("GEZD GNBV"),
        t.parameters_line(&Parameters::default()),
        t.first_code_prompt(),
        t.first_code_or_key_prompt(),
        t.first_code_or_picture_prompt(),
        t.larger_window(25, 49),
        t.first_code_wrong(),
        t.check_clocks(),
        t.codes_heading(5),
        t.codes_good_places(),
        t.codes_bad_places(),
        t.kept_prompt(),
        t.enrolled(),
        t.on_once_kept(),
        t.not_enrolled(),
    ]
}

#[test]
fn every_text_is_one_short_line_and_differs_between_the_languages() {
    let (en, fr) = (texts("support = \"IT\""), texts("support = \"IT\"\nlanguage = \"fr\""));
    for (en, fr) in all(&en).into_iter().zip(all(&fr)) {
        assert_ne!(en, fr);
        for text in [en, fr] {
            assert!(text.len() <= 160 && !text.contains('\n'), "{text}");
        }
    }
}

#[test]
fn the_longest_key_and_the_most_codes_fit_into_one_prompt() {
    let (key, codes) = ("ABCD ".repeat(26), "ABCD-EFGH-JKMN-PQRS ".repeat(20));
    for language in ["en", "fr"] {
        let t = texts(&format!("language = \"{language}\""));
        let hint = t.clock_off(-540).len() + 1;
        assert!(hint + t.key_in_prompt(&key).len() + 1 + t.first_code_prompt().len() < 512);
        assert!(t.key_in_prompt("").lines().all(|line| line.chars().count() < 80));
        assert!(t.codes_in_prompt(codes.trim()).len() + 1 + t.kept_prompt().len() < 512);
    }
}

#[test]
fn codes_are_kept_in_either_language() {
    for reply in ["saved", " Saved ", "noté", "NOTÉ", "note"] {
        assert!(texts("").is_kept(reply.as_bytes()), "{reply}");
    }
    for reply in ["", "yes", "123456", "not saved"] {
        assert!(!texts("").is_kept(reply.as_bytes()), "{reply}");
    }
}
