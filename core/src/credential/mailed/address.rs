//! A mail address, in the plain form that every server takes.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Longest address (RFC 5321 §4.5.3.1.3, less its brackets).
const LONGEST: usize = 254;

/// Longest part before the @ (RFC 5321 §4.5.3.1.1).
const LONGEST_LOCAL: usize = 64;

/// Longest part between two dots of a domain (RFC 1035 §2.3.4).
const LONGEST_LABEL: usize = 63;

/// An address such as `roy@clinic.example`: ASCII, no quotes, no comment, no address in brackets. What it is made of can
/// stand in a header, in an SMTP command and in an argument as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Address(String);

/// Not such an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadAddress;

impl fmt::Display for BadAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a mail address such as name@clinic.example")
    }
}

impl std::error::Error for BadAddress {}

impl Address {
    /// The address itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `r***@clinic.example`: enough for its owner, and nothing about its length.
    #[must_use]
    pub fn masked(&self) -> String {
        let (local, domain) = self.0.split_once('@').unwrap_or_default();
        let first = local.chars().next().unwrap_or('*');
        format!("{first}***@{domain}")
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Address {
    type Err = BadAddress;

    fn from_str(text: &str) -> Result<Self, BadAddress> {
        let (local, domain) = text.split_once('@').ok_or(BadAddress)?;
        let sound = text.len() <= LONGEST && is_local(local) && domain.split('.').all(is_label);
        if sound { Ok(Self(text.to_owned())) } else { Err(BadAddress) }
    }
}

impl TryFrom<String> for Address {
    type Error = BadAddress;

    fn try_from(text: String) -> Result<Self, BadAddress> {
        text.parse()
    }
}

impl From<Address> for String {
    fn from(address: Address) -> Self {
        address.0
    }
}

/// A dot-atom (RFC 5322 §3.2.3). No hyphen first: it could be read as an option.
fn is_local(local: &str) -> bool {
    let atom = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b))
    };
    local.len() <= LONGEST_LOCAL && !local.starts_with('-') && local.split('.').all(atom)
}

fn is_label(label: &str) -> bool {
    (1..=LONGEST_LABEL).contains(&label.len())
        && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ordinary_addresses_are_taken() {
        for text in ["roy@clinic.example", "r@x", "a.b+tag@mail-2.clinic.example", "o'neil_1@localhost"] {
            assert_eq!(text.parse::<Address>().map(String::from), Ok(text.to_owned()));
        }
    }

    #[test]
    fn what_could_be_read_otherwise_is_not() {
        let long = format!("{}@clinic.example", "a".repeat(65));
        let longer = format!("roy@{}", ["a"; 130].join("."));
        for text in [
            "",
            "roy",
            "@",
            "roy@",
            "@clinic.example",
            "a@b@c",
            "roy@clinic..example",
            "roy@.example",
            "roy@example.",
            ".roy@x",
            "roy.@x",
            "r..y@x",
            "-f@x",
            "roy@-x",
            "roy@x-",
            "roy smith@x",
            "roy@x y",
            "roy@x\n",
            "roy@x\r\nBcc: all@x",
            "\"roy\"@x",
            "roy@[127.0.0.1]",
            "Roy <roy@x>",
            "roy,ann@x",
            "ré@x",
            "roy@clinique.québec",
            "roy@x_y",
            &long,
            &longer,
        ] {
            assert_eq!(text.parse::<Address>(), Err(BadAddress), "{text:?}");
        }
    }

    #[test]
    fn the_mask_tells_neither_name_nor_length() {
        for text in ["roy@clinic.example", "r@clinic.example", "ruth.longest-name@clinic.example"] {
            assert_eq!(text.parse::<Address>().unwrap().masked(), "r***@clinic.example");
        }
    }

    proptest! {
        #[test]
        fn no_address_can_end_a_line_or_a_word(text in "\\PC{0,20}@\\PC{0,20}|[ -~\\r\\n]{0,30}") {
            if let Ok(address) = text.parse::<Address>() {
                prop_assert!(address.as_str().bytes().all(|b| b.is_ascii_graphic() && !b"<>\"(),:;[]\\".contains(&b)));
            }
        }
    }
}
