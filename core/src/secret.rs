//! Secrets as a type: wiped on drop, printed as `***`, compared in constant time.

use data_encoding::{BASE32_NOPAD, BASE64, Specification};
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use zeroize::Zeroizing;

/// Bytes that must not outlive their use nor reach a log.
#[derive(Clone, Default)]
pub struct Secret(Zeroizing<Vec<u8>>);

/// The system's random source gave nothing; nothing secret can be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoEntropy;

impl fmt::Display for NoEntropy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the system's random source does not answer")
    }
}

/// Base64 (RFC 4648 §4), for the one line between processes on which secrets travel.
impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&Zeroizing::new(BASE64.encode(&self.0)))
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        /// Decodes from where the text stands, so that no copy of it is made.
        struct Text;

        impl Visitor<'_> for Text {
            type Value = Secret;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("base64")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Secret, E> {
                BASE64.decode(text.as_bytes()).map(Secret::new).map_err(|_| E::custom("not base64"))
            }
        }

        from.deserialize_str(Text)
    }
}

/// A key typed or imported as text is not base32 (RFC 4648 §6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotBase32;

impl Secret {
    /// Takes bytes over; the caller's vector is moved, not copied.
    #[must_use]
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// `len` bytes from the kernel.
    ///
    /// # Errors
    /// [`NoEntropy`] when the kernel gives none.
    pub fn random(len: usize) -> Result<Self, NoEntropy> {
        let mut bytes = Zeroizing::new(vec![0; len]);
        getrandom::fill(&mut bytes).map_err(|_| NoEntropy)?;
        Ok(Self(bytes))
    }

    /// The bytes themselves; the name makes every use visible in a review.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// Length in bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing is held.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The secret as base32 without padding (RFC 4648 §6), as authenticator apps take it.
    #[must_use]
    pub fn to_base32(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE32_NOPAD.encode(&self.0))
    }

    /// The same in groups of four, as it is read out and typed in.
    #[must_use]
    pub fn to_base32_groups(&self) -> Zeroizing<String> {
        let text = self.to_base32();
        let mut grouped = Zeroizing::new(String::with_capacity(text.len() * 2));
        for (i, c) in text.chars().enumerate() {
            if i > 0 && i % 4 == 0 {
                grouped.push(' ');
            }
            grouped.push(c);
        }
        grouped
    }

    /// Reads base32 in either case; blanks, hyphens and padding are ignored, as people copy them.
    ///
    /// # Errors
    /// [`NotBase32`] for any other character, a wrong length or an empty text.
    pub fn from_base32(text: &str) -> Result<Self, NotBase32> {
        let mut spec = Specification::new();
        spec.symbols.push_str("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567");
        spec.translate.from.push_str("abcdefghijklmnopqrstuvwxyz");
        spec.translate.to.push_str("ABCDEFGHIJKLMNOPQRSTUVWXYZ");
        spec.ignore.push_str(" -\t\r\n=");
        spec.check_trailing_bits = false;
        let encoding = spec.encoding().map_err(|_| NotBase32)?;
        let bytes = encoding.decode(text.as_bytes()).map_err(|_| NotBase32)?;
        if bytes.is_empty() { Err(NotBase32) } else { Ok(Self::new(bytes)) }
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        constant_time_eq::constant_time_eq(&self.0, &other.0)
    }
}

impl Eq for Secret {}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_never_prints_itself() {
        assert_eq!(format!("{:?}", Secret::new(b"hunter2".to_vec())), "***");
    }

    #[test]
    fn base32_is_read_as_people_copy_it() {
        let key = Secret::new(b"12345678901234567890".to_vec());
        assert_eq!(*key.to_base32(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        for text in [
            "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
            "gezd gnbv gy3t qojq gezd-gnbv-gy3t-qojq",
            "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ====",
        ] {
            assert_eq!(Secret::from_base32(text), Ok(key.clone()), "{text}");
        }
        for text in ["", "   ", "GEZD1", "A", "é"] {
            assert_eq!(Secret::from_base32(text), Err(NotBase32), "{text}");
        }
    }

    #[test]
    fn a_key_is_read_in_groups_of_four() {
        assert_eq!(*Secret::new(b"123456".to_vec()).to_base32_groups(), "GEZD GNBV GY");
    }

    #[test]
    fn two_random_secrets_differ() {
        assert_ne!(Secret::random(20).unwrap(), Secret::random(20).unwrap());
    }
}
