//! What refuses says so in words, since logs and people read it.

use super::*;
use crate::audit::AuditResult;
use crate::testing::{REFUSALS, WHEN, WHYS, every_why};
use std::fmt::{Debug, Display};

/// A word of Rust has a capital in it; a moment's two stand beside digits.
fn is_in_words(text: &str) -> bool {
    let two_letters = |two: &[u8]| two[0].is_ascii_alphabetic() && two[1].is_ascii_uppercase();
    !text.is_empty()
        && !text.contains(['(', ')', '{', '}', '"', ':'])
        && !text.as_bytes().windows(2).any(two_letters)
}

fn assert_in_words<T: Debug + Display>(all: impl IntoIterator<Item = T>) {
    for one in all {
        let text = one.to_string();
        let words = text.replace(&WHEN.to_string(), "then");
        assert!(is_in_words(&words) && text != format!("{one:?}"), "{text}");
    }
}

#[test]
fn what_refuses_prints_words_and_no_form_of_rust() {
    assert!(!is_in_words("TooManyMails(Timestamp(1764000000))") && !is_in_words("MailIsOff"));
    assert_in_words(REFUSALS);
    assert_in_words(every_why());
    assert_in_words(WHYS.map(Problem::Refused));
    assert_in_words([Problem::Changing]);
    let results = [AuditResult::Accepted, AuditResult::Refused, AuditResult::Done, AuditResult::Failed];
    assert_in_words(results.map(AuditResult::name));
}

#[test]
fn a_refusal_that_ends_says_when_in_utc() {
    assert_eq!(Why::TooManyMails(WHEN).to_string(), "too many mails until 2025-11-24T16:00:00Z");
}
