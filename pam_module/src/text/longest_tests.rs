//! Every message with the longest values that can stand in it: a message of PAM has 511 bytes.

use super::tests::texts;
use super::{Texts, enrolment, lost_phone, mail, refusals};
use wardkey_core::credential::totp::{Digits, Period};

/// The longest `support` and `issuer` of a configuration, in bytes.
const LINE: usize = 200;

/// What a message can be given.
pub(super) trait Longest {
    fn longest(name: &str) -> Self;
}

/// The longest value of an argument with this name.
pub(super) fn argument<T: Longest>(name: &str) -> T {
    T::longest(name)
}

impl Longest for &str {
    fn longest(name: &str) -> Self {
        let (piece, times) = match name {
            "issuer" => ("m", LINE),
            // A user name and a host name, percent-encoded nowhere.
            "account" => ("m", 255 + 1 + 64),
            "key" => ("ABCD ", 26),
            "codes" => ("ABCD-EFGH-JKMN-PQRS ", 20),
            "masked" => ("m", 254),
            "left" => ("99 secondes", 1),
            // How many codes are left, and whom to ask for more.
            "rest" => ("m", 60 + LINE),
            "algorithm" => ("SHA512", 1),
            other => panic!("say here how long `{other}` can be"),
        };
        piece.repeat(times).leak()
    }
}

macro_rules! values {
    ($($type:ty: $value:expr;)*) => {
        $(impl Longest for $type {
            fn longest(_: &str) -> Self {
                $value
            }
        })*
    };
}

values! {
    u64: 99_999;
    i64: 36_500;
    usize: 99;
    Digits: Digits::default();
    Period: Period::default();
}

fn in_both_languages() -> [Texts; 2] {
    let support = "é".repeat(LINE / 2);
    ["en", "fr"].map(|language| texts(&format!("support = \"{support}\"\nlanguage = \"{language}\"")))
}

fn fits(text: &str) {
    assert!(text.len() < 512, "{} bytes: {text}", text.len());
}

#[test]
fn every_message_fits_with_the_longest_support() {
    for t in in_both_languages() {
        for messages in
            [super::longest, enrolment::longest, lost_phone::longest, mail::longest, refusals::longest]
        {
            messages(&t).iter().for_each(|text| fits(text));
        }
        assert!(t.many_codes_left(99).len() < 60 && t.one_code_left().len() < 60 + LINE);
    }
}

#[test]
fn every_refusal_fits_with_the_prompt_that_follows_it() {
    for t in in_both_languages() {
        for prompt in [t.prompt(), t.prompt_with_mail(), t.combined_prompt()] {
            refusals::longest(&t).iter().for_each(|text| fits(&format!("{text} {prompt}")));
        }
        for prompt in [t.second_prompt(), t.combined_prompt()] {
            for said in
                [t.mailed_to(argument("masked")), t.not_mailed(), t.mail_failed(), t.no_mail_for("9 s")]
            {
                fits(&format!("{said} {prompt}"));
            }
        }
    }
}

#[test]
fn an_enrolment_that_failed_after_a_reset_says_once_where_help_is() {
    for t in in_both_languages() {
        for ending in [t.not_enrolled(), t.unavailable(), t.enrolled()] {
            let both = t.with_help_once(&ending, &t.was_reset());
            fits(&both);
            assert_eq!(both.matches("ééé").count(), t.help().matches("ééé").count(), "{both}");
        }
    }
}
