//! What a person can type at the one prompt, told apart by its form.

mod filler;
pub mod hash_cost;
pub mod mailed;
pub mod secret;
pub mod single_use;
pub mod throttle;
pub mod totp;

use crate::credential::filler::Cleaned;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use zeroize::Zeroizing;

/// Longest reply looked at, in bytes: PAM's own limit (`PAM_MAX_RESP_SIZE`).
const LONGEST: usize = 512;

/// Characters of a single-use code without its hyphens.
pub const SINGLE_USE_LEN: usize = 16;

/// Length of a single-use code with its three hyphens.
const HYPHENED: usize = SINGLE_USE_LEN + 3;

/// Digits of the shortest authenticator code.
const FEWEST_DIGITS: usize = 6;

/// Crockford's base32: no I, L, O, U.
const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The digits of an authenticator code, 6 or 8 of them.
#[derive(Clone)]
pub struct OtpCode(Zeroizing<String>);

impl OtpCode {
    /// Reads 6 or 8 digits; blanks, dashes and marks that nobody sees mean nothing.
    #[must_use]
    pub fn parse(reply: &[u8]) -> Option<Self> {
        Self::exactly(Cleaned::of(reply).bytes())
    }

    fn exactly(digits: &[u8]) -> Option<Self> {
        if !matches!(digits.len(), 6 | 8) || !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let mut text = Zeroizing::new(String::with_capacity(digits.len()));
        text.extend(digits.iter().map(|b| char::from(*b)));
        Some(Self(text))
    }

    /// How many digits were typed.
    #[must_use]
    pub fn digits(&self) -> usize {
        self.0.len()
    }

    /// The digits, for hashing.
    pub(crate) fn digits_as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// Whether this is `code`, compared in constant time.
    #[must_use]
    pub fn matches(&self, code: &str) -> bool {
        constant_time_eq::constant_time_eq(self.0.as_bytes(), code.as_bytes())
    }
}

/// Two codes of one authenticator, typed one behind the other: of a step and of the next.
#[derive(Debug, Clone)]
pub struct OtpPair {
    /// The earlier one.
    pub first: OtpCode,
    /// The later one.
    pub second: OtpCode,
}

impl OtpPair {
    fn exactly(digits: &[u8]) -> Option<Self> {
        let (first, second) = digits.split_at_checked(digits.len() / 2)?;
        Some(Self { first: OtpCode::exactly(first)?, second: OtpCode::exactly(second)? })
    }
}

impl fmt::Debug for OtpCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// One of a person's 32 places for single-use codes; no secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place(u8);

impl Place {
    /// How many there are.
    pub const COUNT: usize = CROCKFORD.len();

    /// The place of this number, below 32.
    #[must_use]
    pub const fn new(number: u8) -> Option<Self> {
        if (number as usize) < Self::COUNT { Some(Self(number)) } else { None }
    }

    /// Every place.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..32).map(Self)
    }

    /// Its number, below 32.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// A single-use code in its one normal spelling: 16 characters, upper case.
#[derive(Clone)]
pub struct SingleUseCode(Zeroizing<[u8; SINGLE_USE_LEN]>);

/// As it is printed: for the one line between processes on which codes travel.
impl Serialize for SingleUseCode {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.to_text())
    }
}

impl<'de> Deserialize<'de> for SingleUseCode {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = Zeroizing::new(String::deserialize(from)?);
        Self::parse(text.as_bytes()).ok_or_else(|| D::Error::custom("not a single-use code"))
    }
}

impl SingleUseCode {
    /// Reads 16 Crockford characters in any case; blanks, dashes and marks that nobody sees mean nothing, O is 0, I and L
    /// are 1.
    #[must_use]
    pub fn parse(reply: &[u8]) -> Option<Self> {
        Self::exactly(Cleaned::of(reply).bytes())
    }

    fn exactly(characters: &[u8]) -> Option<Self> {
        let mut code = Zeroizing::new([0; SINGLE_USE_LEN]);
        let mut room = code.iter_mut();
        for byte in characters {
            *room.next()? = normal(*byte)?;
        }
        let is_full = room.next().is_none();
        // All are looked at, wherever the first letter is.
        let has_letter = code.iter().fold(false, |has, c| has | c.is_ascii_alphabetic());
        (is_full && has_letter).then_some(Self(code))
    }

    /// The code that stands at `place` and whose other 15 characters carry `random`'s lower 75 bits; none where it would
    /// read as digits, or end in as many as a code of an authenticator has.
    #[must_use]
    pub fn from_bits(place: Place, random: u128) -> Option<Self> {
        let mut code = Zeroizing::new([0; SINGLE_USE_LEN]);
        for (i, slot) in code.iter_mut().enumerate() {
            let value = if i == 0 { place.index() } else { (random >> (5 * (i - 1)) & 31) as usize };
            *slot = *CROCKFORD.get(value)?;
        }
        let ends_in_digits = code.iter().rev().take(FEWEST_DIGITS).all(u8::is_ascii_digit);
        (code.iter().any(u8::is_ascii_alphabetic) && !ends_in_digits).then_some(Self(code))
    }

    /// Which place the first character names.
    #[must_use]
    pub fn place(&self) -> Place {
        let first = self.0.first().copied().unwrap_or(b'0');
        let number = CROCKFORD.iter().position(|c| *c == first).unwrap_or(0);
        Place(u8::try_from(number).unwrap_or(0))
    }

    /// The 16 characters, for hashing.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// `XXXX-XXXX-XXXX-XXXX`, for the one time it is shown.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(HYPHENED));
        for (i, byte) in self.0.iter().enumerate() {
            if i > 0 && i % 4 == 0 {
                text.push('-');
            }
            text.push(char::from(*byte));
        }
        text
    }
}

impl fmt::Debug for SingleUseCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// A set bit for each character of [`CROCKFORD`].
const IN_CROCKFORD: u128 = {
    let (mut set, mut rest) = (0, CROCKFORD.as_slice());
    while let [first, others @ ..] = rest {
        set |= 1 << *first;
        rest = others;
    }
    set
};

/// The one spelling of a character. What is typed is a secret: no branch and no place in memory goes by which valid
/// character it is.
fn normal(byte: u8) -> Option<u8> {
    let upper = byte.to_ascii_uppercase();
    let instead = |of: u8, this: u8| (upper ^ this) & 0u8.wrapping_sub(u8::from(upper == of));
    let upper = upper ^ instead(b'O', b'0') ^ instead(b'I', b'1') ^ instead(b'L', b'1');
    let is_known = upper.is_ascii() && IN_CROCKFORD >> (upper & 127) & 1 == 1;
    is_known.then_some(upper)
}

/// One reply to the prompt, by its form alone.
#[derive(Debug, Clone)]
pub enum Typed {
    /// No code by its form: counts for nothing.
    Malformed,
    /// 6 or 8 digits.
    Otp(OtpCode),
    /// Twice 6 or twice 8 digits.
    Pair(OtpPair),
    /// 16 Crockford characters.
    SingleUse(SingleUseCode),
}

impl Typed {
    /// Reads a reply to the separate prompt.
    #[must_use]
    pub fn parse(reply: &[u8]) -> Self {
        if reply.len() > LONGEST {
            return Self::Malformed;
        }
        let kept = Cleaned::of(reply);
        let typed = kept.bytes();
        let otp = OtpCode::exactly(typed).map(Self::Otp);
        let digits = otp.or_else(|| OtpPair::exactly(typed).map(Self::Pair));
        digits.or_else(|| SingleUseCode::exactly(typed).map(Self::SingleUse)).unwrap_or(Self::Malformed)
    }
}

/// Whether a reply, or the end of a combined entry, has the form of a single-use code.
#[must_use]
pub fn is_single_use(reply: &[u8]) -> bool {
    let is_one = |typed: &Typed| matches!(typed, Typed::SingleUse(_));
    is_one(&Typed::parse(reply)) || tails(reply, &[6, 8]).iter().any(|tail| is_one(&tail.typed))
}

/// A code that may stand at the end of a combined entry.
#[derive(Debug, Clone)]
pub struct Tail {
    /// How many bytes of the entry it takes up.
    pub len: usize,
    /// The code, never [`Typed::Malformed`].
    pub typed: Typed,
    /// Whether a wrong one is a wrong code. Sixteen letters and digits that stand there otherwise than a single-use code is
    /// printed are the end of many a password.
    pub counts: bool,
}

/// Every code that `entry` may end in: two codes or one, of so many digits as the person's authenticators have; a single-use
/// code as it is printed, or otherwise where the entry ends in no such digits. A password ending so is a candidate too; only
/// a right one is taken.
#[must_use]
pub fn tails(entry: &[u8], digits: &[usize]) -> Vec<Tail> {
    if entry.len() > LONGEST {
        return Vec::new();
    }
    let kept = Cleaned::of(entry);
    let mut tails = tails_of_digits(&kept, digits);
    let single = printed_tail(entry).or_else(|| tails.is_empty().then(|| bare_tail(&kept))?);
    tails.extend(single);
    tails
}

/// Digits side by side are the code. Only where none are, filler between or behind them is looked over: a password that ends
/// in a date says nothing new of the code behind it.
fn tails_of_digits(kept: &Cleaned, digits: &[usize]) -> Vec<Tail> {
    let tail = |n, typed| Some(Tail { len: kept.span(n)?, typed, counts: true });
    let pairs = digits.iter().filter_map(|n| {
        let typed = Typed::Pair(OtpPair::exactly(kept.last(2 * n)?)?);
        Some((tail(2 * n, typed)?, kept.is_unbroken(*n, *n) && kept.span(*n) == Some(*n)))
    });
    let otps = digits.iter().filter_map(|n| {
        let typed = Typed::Otp(OtpCode::exactly(kept.last(*n)?)?);
        Some((tail(*n, typed)?, kept.span(*n) == Some(*n)))
    });
    let mut found: Vec<(Tail, bool)> = pairs.chain(otps).collect();
    if found.iter().any(|(_, is_plain)| *is_plain) {
        found.retain(|(_, is_plain)| *is_plain);
    }
    found.into_iter().map(|(tail, _)| tail).collect()
}

/// A single-use code with its three hyphens.
fn printed_tail(entry: &[u8]) -> Option<Tail> {
    let text = entry.get(entry.len().checked_sub(HYPHENED)?..)?;
    let is_printed = text.iter().enumerate().all(|(i, b)| (*b == b'-') == (i % 5 == 4));
    let code = SingleUseCode::parse(text).filter(|_| is_printed)?;
    Some(Tail { len: HYPHENED, typed: Typed::SingleUse(code), counts: true })
}

/// A single-use code written in any other way.
fn bare_tail(kept: &Cleaned) -> Option<Tail> {
    let code = SingleUseCode::exactly(kept.last(SINGLE_USE_LEN)?)?;
    Some(Tail { len: kept.span(SINGLE_USE_LEN)?, typed: Typed::SingleUse(code), counts: false })
}

#[cfg(test)]
#[path = "credential_tests.rs"]
mod tests;
