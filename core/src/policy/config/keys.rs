//! Which key belongs under which section, for the message to a person who wrote it elsewhere. A test holds this against what is
//! really read.

use std::fmt;

/// A place in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyHome {
    /// Above the first section.
    Top,
    /// Under this section.
    Section(&'static str),
}

impl fmt::Display for KeyHome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Top => f.write_str("the top of the file"),
            Self::Section("exempt") => f.write_str("[[exempt]]"),
            Self::Section("service") => f.write_str("[service.NAME]"),
            Self::Section(name) => write!(f, "[{name}]"),
        }
    }
}

/// The keys of each place that are no sections.
const KEYS: [(KeyHome, &[&str]); 14] = [
    (KeyHome::Top, &["issuer", "support", "language"]),
    (KeyHome::Section("store"), &["kind", "path", "servers", "seat_key", "authority"]),
    (KeyHome::Section("seal"), &["key"]),
    (KeyHome::Section("totp"), &["algorithm", "digits", "period", "window", "drift_limit"]),
    (KeyHome::Section("recovery"), &["codes"]),
    (KeyHome::Section("throttle"), &["free_tries", "first_wait", "longest_wait", "disable_after"]),
    (KeyHome::Section("policy"), &["groups", "unenrolled", "enroll_by", "self_service"]),
    (KeyHome::Section("exempt"), &["group", "user", "service", "network", "reason", "approved_by", "until"]),
    (KeyHome::Section("service"), &["enroll", "entry", "unlock_grace"]),
    (
        KeyHome::Section("email"),
        &[
            "mode",
            "from",
            "transport",
            "host",
            "port",
            "tls",
            "user",
            "password_file",
            "lifetime",
            "deny_services",
        ],
    ),
    (KeyHome::Section("helper"), &["socket", "deadline"]),
    (KeyHome::Section("run"), &["path"]),
    (KeyHome::Section("log"), &["audit_file"]),
    (KeyHome::Section("verifier"), &["listen", "user"]),
];

/// Where a key belongs that is not known under `section`.
pub(super) fn homes(key: &str, section: &str) -> Vec<KeyHome> {
    let table = section.split('.').next().unwrap_or_default().trim_matches('"');
    let own = if table.is_empty() { None } else { Some(table) };
    let is_elsewhere = |home: &KeyHome| match home {
        KeyHome::Top => own.is_some(),
        KeyHome::Section(name) => own != Some(*name),
    };
    KEYS.into_iter()
        .filter(|(home, keys)| is_elsewhere(home) && keys.contains(&key))
        .map(|(home, _)| home)
        .collect()
}

/// The word that `word` is a slip of, if there is one.
#[must_use]
pub fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    // A third of the letters may be wrong: of a short word one.
    let most = (word.chars().count() / 3).clamp(1, 3);
    let near = known.map(|other| (distance(&word, &other.to_lowercase()), other));
    near.filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, other)| other)
}

/// How many letters differ, are missing or too many (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, letter) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        let mut next = vec![left];
        for (above, other) in row.iter().skip(1).zip(&b) {
            left = (diagonal + usize::from(letter != *other)).min(above + 1).min(left + 1);
            next.push(left);
            diagonal = *above;
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::config::{Advice, Config, ConfigError, Fault, Invalid};
    use std::path::Path;

    fn known_under(header: &str) -> Vec<String> {
        let text = format!("{header}\nxxxxxxxxxxxxxxxxxxxx = 1");
        let error = Config::parse(text.as_bytes(), Path::new("w.toml")).unwrap_err();
        let ConfigError::Content { invalid: Invalid::Toml(fault), .. } = error else { panic!("{error}") };
        match *fault {
            Fault::UnknownKey { advice: Advice::Known(known), .. } => known,
            other => panic!("{other}"),
        }
    }

    #[test]
    fn the_table_has_every_key_that_is_read_and_no_other() {
        let tables: Vec<String> = known_under("");
        for (home, keys) in KEYS {
            if home == KeyHome::Top {
                assert_eq!(tables[..keys.len()], *keys);
                assert_eq!(tables.len(), keys.len() + KEYS.len() - 1, "a section without its keys here");
            } else {
                let header = home.to_string().replace("NAME", "x");
                assert_eq!(known_under(&header), keys, "{header}");
            }
        }
    }

    #[test]
    fn a_slip_is_recognised_and_another_word_is_not() {
        let near = |word: &str| nearest(word, ["support", "issuer", "deny", "sshd"].into_iter());
        assert_eq!(near("suport"), Some("support"));
        assert_eq!(near("Isuer"), Some("issuer"));
        assert_eq!(near("ssh"), Some("sshd"));
        assert_eq!((near("colour"), near("x")), (None, None));
    }
}
