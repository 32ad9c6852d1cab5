//! The name of a seat: one label of a DNS name, and what stands for it in a certificate.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Longest label, in bytes (RFC 1035 §2.3.4).
const LONGEST: usize = 63;

/// What follows it in a certificate: a name that no DNS can have (RFC 6761 §6.4).
const DOMAIN: &str = ".seat.wardkey.invalid";

/// A seat's name: small letters, digits and inner hyphens.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SeatName(String);

/// Why it cannot be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadSeatName;

impl fmt::Display for BadSeatName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "a seat's name has 1 to {LONGEST} small letters, digits and hyphens, with no hyphen at either end"
        )
    }
}

impl std::error::Error for BadSeatName {}

impl SeatName {
    /// Checks a name.
    ///
    /// # Errors
    /// [`BadSeatName`].
    pub fn new(name: &str) -> Result<Self, BadSeatName> {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        let is_label = !name.is_empty()
            && name.len() <= LONGEST
            && name.bytes().all(plain)
            && !name.starts_with('-')
            && !name.ends_with('-');
        if is_label { Ok(Self(name.to_owned())) } else { Err(BadSeatName) }
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As the seat's certificate has it.
    #[must_use]
    pub fn in_certificate(&self) -> String {
        [&self.0, DOMAIN].concat()
    }

    /// Reads what a certificate has.
    #[must_use]
    pub fn from_certificate(name: &str) -> Option<Self> {
        Self::new(name.strip_suffix(DOMAIN)?).ok()
    }
}

impl fmt::Display for SeatName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for SeatName {
    type Error = BadSeatName;

    fn try_from(name: String) -> Result<Self, BadSeatName> {
        Self::new(&name)
    }
}

impl From<SeatName> for String {
    fn from(name: SeatName) -> Self {
        name.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_a_name_and_nothing_else_is() {
        for name in ["ward-3", "7", "icu", &"a".repeat(63)] {
            let seat = SeatName::new(name).unwrap();
            assert_eq!(SeatName::from_certificate(&seat.in_certificate()), Some(seat));
        }
        for name in ["", "-a", "a-", "Ward", "a.b", "a\nb", "a_b", "é", &"a".repeat(64)] {
            assert_eq!(SeatName::new(name), Err(BadSeatName), "{name:?}");
        }
        for name in
            ["ward-3", "ward-3.seat.wardkey.invalid.", "verifier.wardkey.invalid", ".seat.wardkey.invalid"]
        {
            assert_eq!(SeatName::from_certificate(name), None, "{name}");
        }
    }
}
