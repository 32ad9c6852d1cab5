//! What is believed of a question: a seat's words reach the audit file, and have bounds.

use wardkey_core::login::PamItems;

/// Longest service and terminal, in bytes.
const LONGEST_NAME: usize = 64;

/// Longest host, in bytes (RFC 1035 §2.3.4).
const LONGEST_HOST: usize = 255;

/// Whether these items have the bounds that a helper demands.
pub(crate) fn is_bounded(items: &PamItems) -> bool {
    let is_long = |text: &Option<String>, most| text.as_ref().is_some_and(|text| text.len() > most);
    items.service.len() <= LONGEST_NAME
        && !is_long(&items.tty, LONGEST_NAME)
        && !is_long(&items.rhost, LONGEST_HOST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_have_bounds() {
        let text = |n: usize| "a".repeat(n);
        let told = PamItems { service: text(64), rhost: Some(text(255)), tty: Some(text(64)) };
        assert!(is_bounded(&told) && is_bounded(&PamItems::default()));
        for long in [
            PamItems { service: text(65), ..told.clone() },
            PamItems { rhost: Some(text(256)), ..told.clone() },
            PamItems { tty: Some(text(65)), ..told.clone() },
        ] {
            assert!(!is_bounded(&long));
        }
    }
}
