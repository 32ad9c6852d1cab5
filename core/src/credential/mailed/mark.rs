//! What the ledger keeps of mailed codes: the newest one's hash, and when the last ones were sent.
//!
//! All of it belongs to `serial`, which only grows, but for `spent`, which only grows itself: copies can be merged.

use super::code::{DIGITS, MailedCode};
use crate::credential::OtpCode;
use crate::credential::secret::NoEntropy;
use crate::system::clock::Timestamp;
use crate::user::UserName;
use sha2::{Digest, Sha256};
use std::time::Duration;

/// Codes that may be sent to one person within [`SENDS_WITHIN`].
pub const SENDS: usize = 3;

/// The time in which sends are counted.
pub const SENDS_WITHIN: Duration = Duration::from_secs(15 * 60);

/// Whose code it is, and to which of their addresses it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recipient<'a> {
    /// The person.
    pub user: &'a UserName,
    /// The generation of their record.
    pub generation: u64,
    /// The serial of the address.
    pub address: u64,
}

/// What is known of a person's mailed codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MailMark {
    /// How many were ever sent; the newest one's serial. 0: none yet.
    pub serial: u64,
    /// The serial of the address the newest one went to.
    pub address: u64,
    /// Its salt.
    pub salt: [u8; 16],
    /// Its hash.
    pub hash: [u8; 32],
    /// When it ends.
    pub expires: Timestamp,
    /// The highest serial that has opened anything.
    pub spent: u64,
    /// When the last ones were sent: the one of serial n at place n modulo [`SENDS`].
    pub sends: [Timestamp; SENDS],
}

/// What an entry is to the newest code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Newest {
    /// Right, and not used yet.
    Right,
    /// Right, but used.
    Used,
    /// Right, but past its end, or from before a clock was set back.
    Expired,
    /// Not it, while it could be typed.
    Wrong,
    /// Not it, and nothing could be: none is pending.
    NonePending,
}

impl MailMark {
    /// The mark after one more code, and that code. Older ones are void with it.
    ///
    /// # Errors
    /// [`NoEntropy`].
    pub fn issue(
        &self,
        to: &Recipient<'_>,
        lifetime: Duration,
        now: Timestamp,
    ) -> Result<(Self, MailedCode), NoEntropy> {
        let code = MailedCode::random()?;
        let mut next = Self { serial: self.serial.saturating_add(1), address: to.address, ..*self };
        getrandom::fill(&mut next.salt).map_err(|_| NoEntropy)?;
        next.hash = next.hash_of(to, code.expose().as_bytes());
        next.expires = now.plus(lifetime);
        let place = next.place();
        if let Some(sent) = next.sends.get_mut(place) {
            *sent = now;
        }
        Ok((next, code))
    }

    /// When one more may be sent, if not now. A send that lies in the future was made before a clock was set back;
    /// waiting for that moment could take years.
    #[must_use]
    pub fn wait_until(&self, now: Timestamp) -> Option<Timestamp> {
        let counts = |sent: &&Timestamp| **sent <= now && now.since(**sent) < SENDS_WITHIN;
        let recent = self.sends.iter().filter(counts);
        let full = self.serial >= SENDS as u64 && recent.clone().count() == SENDS;
        recent.min().filter(|_| full).map(|first| first.plus(SENDS_WITHIN))
    }

    /// Whether a code that went to this address can still be typed.
    #[must_use]
    pub fn is_pending(&self, address: u64, now: Timestamp) -> bool {
        self.serial > self.spent && self.address == address && self.is_in_time(now)
    }

    fn is_in_time(&self, now: Timestamp) -> bool {
        let issued = self.sends.get(self.place()).copied().unwrap_or_default();
        issued <= now && now <= self.expires
    }

    /// What a typed code is to the newest one.
    pub(crate) fn compare(&self, to: &Recipient<'_>, typed: &OtpCode, now: Timestamp) -> Newest {
        let pending = self.is_pending(to.address, now);
        if self.serial == 0 || self.address != to.address || !self.is(to, typed) {
            return if pending { Newest::Wrong } else { Newest::NonePending };
        }
        match (self.serial <= self.spent, pending) {
            (true, _) => Newest::Used,
            (false, true) => Newest::Right,
            (false, false) => Newest::Expired,
        }
    }

    fn is(&self, to: &Recipient<'_>, typed: &OtpCode) -> bool {
        let hash = self.hash_of(to, typed.digits_as_bytes());
        typed.digits() == DIGITS && constant_time_eq::constant_time_eq(&hash, &self.hash)
    }

    /// Uses up the newest code and all before it.
    pub fn spend(&mut self) {
        self.spent = self.spent.max(self.serial);
    }

    /// A salted SHA-256 is enough: root alone reads this file, and the code has ended before its hundred million
    /// are tried elsewhere and typed here. No number is longer than eight bytes, so no two inputs run together.
    fn hash_of(&self, to: &Recipient<'_>, digits: &[u8]) -> [u8; 32] {
        let mut hasher = Sha256::new();
        hasher.update(b"wardkey mailed code\0");
        hasher.update(self.salt);
        for number in [self.serial, to.generation, to.address] {
            hasher.update(number.to_le_bytes());
        }
        hasher.update(digits);
        hasher.update([0]);
        hasher.update(to.user.as_bytes());
        hasher.finalize().into()
    }

    fn place(&self) -> usize {
        usize::try_from(self.serial % SENDS as u64).unwrap_or(0)
    }

    /// As the ledger writes it.
    pub(crate) fn numbers(&self) -> [u64; 13] {
        let [s0, s1] = words(&self.salt);
        let [h0, h1, h2, h3] = words(&self.hash);
        let [a, b, c] = self.sends.map(|sent| sent.0);
        [self.serial, self.address, s0, s1, h0, h1, h2, h3, self.expires.0, self.spent, a, b, c]
    }

    /// From what the ledger wrote.
    pub(crate) fn from_numbers(numbers: [u64; 13]) -> Self {
        let [serial, address, s0, s1, h0, h1, h2, h3, expires, spent, a, b, c] = numbers;
        Self {
            serial,
            address,
            salt: bytes([s0, s1]),
            hash: bytes([h0, h1, h2, h3]),
            expires: Timestamp(expires),
            spent,
            sends: [a, b, c].map(Timestamp),
        }
    }
}

fn words<const BYTES: usize, const WORDS: usize>(bytes: &[u8; BYTES]) -> [u64; WORDS] {
    let mut words = [0; WORDS];
    for (word, chunk) in words.iter_mut().zip(bytes.as_chunks::<8>().0) {
        *word = u64::from_le_bytes(*chunk);
    }
    words
}

fn bytes<const BYTES: usize, const WORDS: usize>(words: [u64; WORDS]) -> [u8; BYTES] {
    let mut bytes = [0; BYTES];
    for (chunk, word) in bytes.as_chunks_mut::<8>().0.iter_mut().zip(words) {
        *chunk = word.to_le_bytes();
    }
    bytes
}

#[cfg(test)]
#[path = "mark_tests.rs"]
mod tests;
