//! Characters that must not reach a terminal or a log as they are: they could steer it, hide text or turn it around.

use std::fmt::Write as _;

/// Whether `c` is a control, format or separator character (Unicode categories Cc, Cf, Zl and Zp).
#[must_use]
pub fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{890}' | '\u{891}'
            | '\u{8e2}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{110bd}' | '\u{110cd}'
            | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0001}' | '\u{e0020}'..='\u{e007f}')
}

/// `text` with such characters as Rust escapes them: `\n`, `\u{202e}`.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_unprintable(c) { shown.extend(c.escape_default()) } else { shown.push(c) }
    }
    shown
}

/// A JSON document with such characters as JSON escapes them (RFC 8259 §7). Outside its strings it has none but
/// blanks.
#[must_use]
pub fn in_json(document: String) -> String {
    let is_bare = |c: char| !c.is_ascii() && is_unprintable(c) || c == '\u{7f}';
    // Left as it is where it can be: it may hold secrets, and a copy would not be wiped.
    if !document.contains(is_bare) {
        return document;
    }
    let mut safe = String::with_capacity(document.len() + 64);
    for c in document.chars() {
        if is_bare(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(safe, "\\u{unit:04x}");
            }
        } else {
            safe.push(c);
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_steer_hide_or_turn_text_around_is_escaped() {
        assert_eq!(
            escaped("a\u{202e}b\u{2028}c\u{200b}d\u{9b}e\n"),
            r"a\u{202e}b\u{2028}c\u{200b}d\u{9b}e\n"
        );
        assert_eq!(escaped("Zoë, e\u{301}, « ok » 山"), "Zoë, e\u{301}, « ok » 山");
    }

    #[test]
    fn json_stays_the_same_value_with_nothing_bare_in_it() {
        let text = "a\u{9b}\u{202e}\u{e0041}\u{7f}\"\u{e9}";
        let safe = in_json(serde_json::to_string(text).unwrap_or_default());
        assert!(!safe.contains(is_unprintable), "{safe}");
        assert_eq!(serde_json::from_str::<String>(&safe).ok().as_deref(), Some(text));
        assert_eq!(in_json("{\"a\":1}".to_owned()), "{\"a\":1}");
    }
}
