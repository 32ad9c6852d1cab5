//! What people read.

use super::*;
use wardkey_core::credential::mailed::{MailMark, MailedCode, Recipient};
use wardkey_core::desk::{Desk, Issued};

fn code() -> MailedCode {
    let user = UserName::new(b"roy").unwrap();
    let to = Recipient { user: &user, generation: 1, address: 1 };
    MailMark::default().issue(&to, Duration::from_secs(600), Timestamp(0)).unwrap().1
}

fn letter(message: &Message) -> String {
    let letter = message.compose(&"wardkey@clinic.example".parse().unwrap()).unwrap();
    String::from_utf8(letter.text.to_vec()).unwrap()
}

/// The text whatever the breaks of its lines.
fn flat(message: &Message) -> String {
    message.body.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn occasion<'a>(config: &'a Config, user: &'a UserName) -> Occasion<'a> {
    Occasion { config, user, host: "ward-3", now: Timestamp(1_800_000_000) }
}

#[test]
fn a_code_says_what_it_is_for_how_long_and_whom_to_call() {
    let (user, to) = (UserName::new(b"roy").unwrap(), "roy@clinic.example".parse().unwrap());
    for (language, words) in [
        ("en", ["ward-3", "10 minutes", "Clinic staff will never ask", "Report it: Clinic IT, ext. 204"]),
        (
            "fr",
            [
                "ward-3",
                "10 minutes",
                "Le personnel ne vous le demandera",
                "Signalez-le : Clinic IT, ext. 204",
            ],
        ),
    ] {
        let mut config = config("");
        config.language =
            if language == "fr" { wardkey_core::policy::config::Language::French } else { config.language };
        let code = code();
        let lifetime = Duration::from_secs(600);
        let message = Message::code(&occasion(&config, &user), &to, &code, LetterPurpose::Login, lifetime);
        for word in words {
            assert!(flat(&message).contains(word), "{word}: {:?}", message.body);
        }
        assert!(message.body.contains(code.to_text().as_str()));
        assert!(!message.subject.contains(code.to_text().as_str()), "telephones show subjects");
        let letter = letter(&message);
        assert!(letter.is_ascii() && letter.lines().all(|line| line.len() <= 78), "{letter}");
        assert!(language == "fr" || letter.contains("Content-Transfer-Encoding: 7bit"), "{letter}");
        assert!(letter.contains("Auto-Submitted: auto-generated"), "{letter}");
        assert!(letter.contains("Date: Fri, 15 Jan 2027 08:00:00 "), "{letter}");
    }
}

#[test]
fn a_code_for_an_address_opens_no_login_and_says_so() {
    let (user, to) = (UserName::new(b"roy").unwrap(), "roy@clinic.example".parse().unwrap());
    let config = config("");
    let lifetime = Duration::from_secs(90);
    let message = Message::code(&occasion(&config, &user), &to, &code(), LetterPurpose::Address, lifetime);
    let text = flat(&message);
    assert!(text.contains("it opens no login") && text.contains("within 90 seconds"), "{text}");
}

#[test]
fn every_notice_has_words_in_both_languages() {
    let (user, to) = (UserName::new(b"roy").unwrap(), "roy@clinic.example".parse().unwrap());
    let (english, mut french) = (config(""), config(""));
    french.language = wardkey_core::policy::config::Language::French;
    for notice in Notice::ALL {
        let of = |config: &Config| Message::notice(&occasion(config, &user), &to, notice).body.to_string();
        assert_ne!(of(&english), of(&french), "{notice:?}");
        assert!(of(&english).contains("roy") && of(&french).contains("roy"));
    }
}

#[test]
fn a_name_cannot_add_a_header() {
    let (user, to) = (UserName::new(b"roy\r\nBcc: all@x").unwrap(), "roy@clinic.example".parse().unwrap());
    let config = config("");
    let message = Message::notice(&occasion(&config, &user), &to, Notice::Reset);
    assert!(!letter(&message).lines().any(|line| line.starts_with("Bcc:")));
}

/// Only what the desk issues can be sent: there is no other way to a code.
#[expect(dead_code, reason = "that it compiles is what it shows")]
fn desk_and_message_fit(
    desk: &Desk<'_>,
    occasion: &Occasion<'_>,
    account: &wardkey_core::policy::account::Account,
) {
    let rules = occasion.config.rules_in("login");
    if let Ok(Issued { code, address, lifetime }) = desk.mail_code(account, &rules, &occasion.config.email) {
        let _ = Message::code(occasion, &address, &code, LetterPurpose::Login, lifetime);
    }
}
