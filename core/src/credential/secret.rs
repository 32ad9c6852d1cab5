//! Secrets as a type: wiped on drop, printed as `***`, compared in constant time.

use base64ct::{Base64, Encoding};
use data_encoding::BASE32_NOPAD;
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
        to.serialize_str(&self.to_base64())
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
                Secret::from_base64(text).ok_or_else(|| E::custom("not base64"))
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

    /// The secret as base64 with padding (RFC 4648 §4), as files and the line between processes hold it.
    #[must_use]
    pub fn to_base64(&self) -> Zeroizing<String> {
        Zeroizing::new(Base64::encode_string(&self.0))
    }

    /// Reads base64 with padding (RFC 4648 §4); nothing for any other text. Which letter it is decides over no branch and
    /// no place in memory.
    #[must_use]
    pub fn from_base64(text: &str) -> Option<Self> {
        Base64::decode_vec(text).ok().map(Self::new)
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

    /// Reads base32 in either case; blanks, hyphens and padding are ignored, as people copy them. Which letter it is
    /// decides over no branch and no place in memory.
    ///
    /// # Errors
    /// [`NotBase32`] for any other character, a wrong length or an empty text.
    pub fn from_base32(text: &str) -> Result<Self, NotBase32> {
        // Room for all of it at once: a vector that grows leaves copies of what it held behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(text.len()));
        let (mut bits, mut held) = (Zeroizing::new(0_u32), 0);
        let (mut letters, mut is_sound) = (0_usize, true);
        for letter in text.bytes().filter(|b| !is_filler(*b)) {
            let (value, is_known) = of_base32(letter);
            is_sound &= is_known;
            letters += 1;
            *bits = *bits << 5 | u32::from(value);
            held += 5;
            if held >= 8 {
                held -= 8;
                let [byte, ..] = (*bits >> held).to_le_bytes();
                bytes.push(byte);
            }
        }
        // A last group of 1, 3 or 6 letters ends within a byte that its bits do not fill.
        let is_whole = letters > 0 && !matches!(letters % 8, 1 | 3 | 6);
        if is_sound && is_whole { Ok(Self(bytes)) } else { Err(NotBase32) }
    }
}

/// A set bit for each character that means nothing in base32.
const FILLERS: u128 = 1 << b' ' | 1 << b'-' | 1 << b'\t' | 1 << b'\r' | 1 << b'\n' | 1 << b'=';

/// A list to match would be tested in two steps, and digits stand where letters do not.
const fn is_filler(byte: u8) -> bool {
    byte.is_ascii() & (FILLERS >> (byte & 127) & 1 == 1)
}

/// The five bits of a letter, and whether it is one.
fn of_base32(letter: u8) -> (u8, bool) {
    let upper = letter.to_ascii_uppercase();
    let (is_letter, is_digit) = (upper.is_ascii_uppercase(), matches!(upper, b'2'..=b'7'));
    let only_if = |value: u8, is: bool| value & 0_u8.wrapping_sub(u8::from(is));
    let value =
        only_if(upper.wrapping_sub(b'A'), is_letter) | only_if(upper.wrapping_sub(b'2' - 26), is_digit);
    (value, is_letter | is_digit)
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
#[path = "secret_tests.rs"]
mod tests;
