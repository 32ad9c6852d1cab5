//! The name of the person who logs in, and the one file name it may have.

use crate::printable::escaped;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Longest name of a directory entry on Linux, in bytes.
const NAME_MAX: usize = 255;

/// A login name: any bytes but NUL, since directories hand out `CLINIC\roy` and worse.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserName(Vec<u8>);

/// Why a name cannot be anyone's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadUserName {
    /// Nothing was given.
    Empty,
    /// Its directory name would be longer than 255 bytes.
    TooLong,
    /// A NUL byte, or a directory name that no user name is written as.
    Unreadable,
}

impl fmt::Display for BadUserName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "the user name is empty",
            Self::TooLong => "the user name is longer than 255 bytes",
            Self::Unreadable => "the user name cannot be read",
        })
    }
}

impl UserName {
    /// Checks a name as PAM or the command line gave it.
    ///
    /// # Errors
    /// [`BadUserName`]: empty, holding NUL, or over 255 bytes once written as a directory name.
    pub fn new(bytes: &[u8]) -> Result<Self, BadUserName> {
        if bytes.is_empty() {
            return Err(BadUserName::Empty);
        }
        if bytes.contains(&0) {
            return Err(BadUserName::Unreadable);
        }
        let name = Self(bytes.to_vec());
        if name.file_name().len() > NAME_MAX { Err(BadUserName::TooLong) } else { Ok(name) }
    }

    /// The bytes as the account database knows them.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The directory under `users/`: bytes outside `A-Za-z0-9._@-` and a first `.` or `-` as `%XX`.
    #[must_use]
    pub fn file_name(&self) -> String {
        let mut name = String::with_capacity(self.0.len());
        for (i, &byte) in self.0.iter().enumerate() {
            let plain = byte.is_ascii_alphanumeric()
                || matches!(byte, b'_' | b'@')
                || (i > 0 && matches!(byte, b'.' | b'-'));
            if plain {
                name.push(char::from(byte));
            } else {
                name.push_str(&format!("%{byte:02X}"));
            }
        }
        name
    }

    /// The name whose directory this is; only the one spelling [`Self::file_name`] writes is taken.
    ///
    /// # Errors
    /// [`BadUserName::Unreadable`] for any other spelling.
    pub fn from_file_name(name: &str) -> Result<Self, BadUserName> {
        let user = Self::new(&percent_decode(name).ok_or(BadUserName::Unreadable)?)?;
        if user.file_name() == name { Ok(user) } else { Err(BadUserName::Unreadable) }
    }
}

fn percent_decode(name: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(name.len());
    let mut rest = name.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    Some(bytes)
}

/// For people and logs: bytes that could forge a line or a terminal command are escaped.
impl fmt::Display for UserName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for chunk in self.0.utf8_chunks() {
            f.write_str(&escaped(chunk.valid()))?;
            for byte in chunk.invalid() {
                write!(f, "\\x{byte:02x}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for UserName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UserName({self})")
    }
}

impl Serialize for UserName {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.file_name())
    }
}

impl<'de> Deserialize<'de> for UserName {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        Self::from_file_name(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn directory_names_follow_the_contract() {
        for (name, file) in [
            (&b"roy"[..], "roy"),
            (b"roy@clinic.example", "roy@clinic.example"),
            (b"CLINIC\\roy", "CLINIC%5Croy"),
            (b"../x", "%2E.%2Fx"),
            (b"..", "%2E."),
            (b".", "%2E"),
            (b"-x", "%2Dx"),
            (b"a b", "a%20b"),
            (b"50%", "50%25"),
            (b"\xff", "%FF"),
        ] {
            assert_eq!(UserName::new(name).unwrap().file_name(), file);
        }
        assert_eq!(UserName::new(b""), Err(BadUserName::Empty));
        assert_eq!(
            UserName::new(b"roy\0"),
            Err(BadUserName::Unreadable),
            "a directory would be asked for roy"
        );
        assert_eq!(UserName::new(&[b'a'; 256]), Err(BadUserName::TooLong));
        assert_eq!(UserName::new(&[b' '; 86]), Err(BadUserName::TooLong));
        assert!(UserName::new(&[b'a'; 255]).is_ok());
    }

    #[test]
    fn only_one_spelling_of_a_directory_is_a_user() {
        for file in ["", "%", "%2", "%2g", "a/b", "..", "%61", "%5c", ".x", "lost+found"] {
            assert!(UserName::from_file_name(file).is_err(), "{file}");
        }
    }

    #[test]
    fn a_name_cannot_turn_a_line_around_or_hide_in_it() {
        let shown = UserName::new("x\u{202e}y\u{200b}\u{9b}2J".as_bytes()).unwrap().to_string();
        assert_eq!(shown, "x\\u{202e}y\\u{200b}\\u{9b}2J");
    }

    #[test]
    fn a_name_cannot_forge_a_line() {
        let shown = UserName::new(b"x\nroot \x1b[2J\xff").unwrap().to_string();
        assert_eq!(shown, "x\\nroot \\u{1b}[2J\\xff");
    }

    proptest! {
        #[test]
        fn every_name_has_its_own_harmless_directory(bytes in proptest::collection::vec(1u8.., 1..80)) {
            let user = UserName::new(&bytes).unwrap();
            let file = user.file_name();
            prop_assert!(!file.contains('/') && !file.starts_with(['.', '-']));
            prop_assert_eq!(UserName::from_file_name(&file), Ok(user));
        }
    }
}
