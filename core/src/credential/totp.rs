//! Time-based codes (RFC 6238 over RFC 4226).

use crate::credential::OtpCode;
use crate::credential::secret::Secret;
use crate::invalid_value::InvalidValue;
use crate::system::clock::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::RangeInclusive;
use zeroize::Zeroizing;

/// Shortest key, in bytes (RFC 4226 §4 R6).
pub const KEY_MIN: usize = 16;

/// How far outside the window a code is still recognised, for the hint about clocks; seconds.
const FAR: u64 = 600;

/// The hash under the HMAC (RFC 6238 §1.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Algorithm {
    /// The one every authenticator app honours.
    #[default]
    #[serde(rename = "SHA1")]
    Sha1,
    /// Ignored without a word by several apps; meant for hardware tokens.
    #[serde(rename = "SHA256")]
    Sha256,
    /// As SHA256.
    #[serde(rename = "SHA512")]
    Sha512,
}

impl Algorithm {
    /// The name in an `otpauth` URI.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
            Self::Sha512 => "SHA512",
        }
    }

    /// Bytes of a new key: the length of the HMAC's output (RFC 6238 §5.1).
    #[must_use]
    pub const fn key_len(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha512 => 64,
        }
    }
}

macro_rules! one_of {
    ($(#[$doc:meta])* $name:ident: $a:literal | $b:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(try_from = "u32", into = "u32")]
        pub struct $name(u32);

        impl $name {
            /// The number itself.
            #[must_use]
            pub const fn get(self) -> u32 {
                self.0
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self($a)
            }
        }

        impl TryFrom<u32> for $name {
            type Error = InvalidValue;

            fn try_from(n: u32) -> Result<Self, Self::Error> {
                if n == $a || n == $b { Ok(Self(n)) } else { Err(InvalidValue::NeitherOf($a, $b)) }
            }
        }

        impl std::str::FromStr for $name {
            type Err = InvalidValue;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().ok().and_then(|n: u32| Self::try_from(n).ok()).ok_or(InvalidValue::NeitherOf($a, $b))
            }
        }

        impl From<$name> for u32 {
            fn from(n: $name) -> u32 {
                n.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

one_of! {
    /// Digits of a code (RFC 4226 §5.3): 6 or 8.
    Digits: 6 | 8
}
one_of! {
    /// Seconds a code lasts (RFC 6238 §5.2): 30 or 60.
    Period: 30 | 60
}

/// What an authenticator was told to compute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    /// The hash.
    pub algorithm: Algorithm,
    /// The digits.
    pub digits: Digits,
    /// The period.
    pub period: Period,
}

impl Parameters {
    /// The step `now` lies in (RFC 6238 §4.2, T0 = 0).
    #[must_use]
    pub fn step(&self, now: Timestamp) -> u64 {
        now.0 / u64::from(self.period.get())
    }

    /// Whether two keys are one: HMAC fills a short key up with noughts and hashes a long one (RFC 2104 §2), so that they
    /// may differ and show the same codes. Four codes of eight digits tell.
    #[must_use]
    pub fn is_one_key(&self, one: &Secret, other: &Secret) -> bool {
        let longest = Self { digits: Digits(8), ..*self };
        let same = |step| *longest.code(one, step) == *longest.code(other, step);
        (0..4).fold(true, |all, step| all & same(step))
    }

    /// The code of one step (with a counter for a step: RFC 4226 §5.3).
    #[must_use]
    pub fn code(&self, key: &Secret, step: u64) -> Zeroizing<String> {
        let algorithm = match self.algorithm {
            Algorithm::Sha1 => totp_rs::Algorithm::SHA1,
            Algorithm::Sha256 => totp_rs::Algorithm::SHA256,
            Algorithm::Sha512 => totp_rs::Algorithm::SHA512,
        };
        let digits = if self.digits.get() == 8 { 8 } else { 6 };
        // One second a step, so that the step itself is the "time" and no multiplication can overflow.
        let totp = totp_rs::Builder::new()
            .with_algorithm(algorithm)
            .with_digits(digits)
            .with_step_duration(1)
            .with_secret(key.expose().to_vec())
            .build_noncompliant();
        Zeroizing::new(totp.generate(step).to_string())
    }
}

/// Where a login's clock and memory stand for one authenticator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The verifier's time.
    pub now: Timestamp,
    /// Learned drift of the authenticator, in steps.
    pub drift: i64,
    /// Steps accepted either side of now and of now + drift (RFC 6238 §5.2).
    pub window: u64,
    /// The first step that has not been used up: one past the last accepted.
    pub next: u64,
}

/// What a code turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Match {
    /// Right and unused: its step, and how many steps it lies from now + drift.
    Fresh {
        /// The step to record as accepted.
        step: u64,
        /// Steps from the expected one, for learning drift.
        off_centre: i64,
    },
    /// Right, but this step or a later one was accepted before (RFC 6238 §5.2).
    Used,
    /// The code of a step outside the window, no more than ten minutes away.
    Far {
        /// That step.
        step: u64,
        /// Steps from now.
        offset: i64,
    },
    /// No code of any step looked at.
    Wrong,
}

/// The steps that may be accepted: those around the drift that was learned, and those around the clock, since a clock that
/// was off is put right at any moment.
#[derive(Clone)]
struct Window {
    drifted: RangeInclusive<u64>,
    plain: RangeInclusive<u64>,
}

impl Window {
    fn contains(&self, step: &u64) -> bool {
        self.drifted.contains(step) || self.plain.contains(step)
    }

    fn steps(&self) -> impl Iterator<Item = u64> {
        let first = *self.drifted.start().min(self.plain.start());
        let last = *self.drifted.end().max(self.plain.end());
        (first..=last).filter(|step| self.contains(step))
    }
}

impl Position {
    /// The steps that may be accepted, and the one expected.
    fn window(&self, parameters: &Parameters) -> (Window, u64) {
        let clock = parameters.step(self.now);
        let centre = clock.saturating_add_signed(self.drift);
        let around = |step: u64| step.saturating_sub(self.window)..=step.saturating_add(self.window);
        (Window { drifted: around(centre), plain: around(clock) }, centre)
    }
}

/// How far a step lies from the expected one, for learning drift.
const fn off_centre(step: u64, centre: u64) -> i64 {
    step.cast_signed().wrapping_sub(centre.cast_signed())
}

/// Compares `typed` with every step in the window; of several steps that share a code the highest counts.
#[must_use]
pub fn search(key: &Secret, parameters: &Parameters, typed: &OtpCode, at: Position) -> Match {
    let (window, centre) = at.window(parameters);
    let right = |s: &u64| typed.matches(&parameters.code(key, *s));
    // Every step is compared, right or wrong, so that the time taken says little about the code.
    match window.steps().filter(right).max() {
        Some(step) if step >= at.next => Match::Fresh { step, off_centre: off_centre(step, centre) },
        Some(_) => Match::Used,
        None => far(parameters.step(at.now), parameters, &window, right),
    }
}

/// Two codes typed one behind the other.
pub type Pair<'a> = (&'a OtpCode, &'a OtpCode);

/// Compares two codes with every two steps s, s+1 of which the second lies in the window and the first is not used up;
/// the highest s+1 counts, with its distance from the expected step.
#[must_use]
pub fn search_pair(
    key: &Secret,
    parameters: &Parameters,
    typed: Pair<'_>,
    at: Position,
) -> Option<(u64, i64)> {
    let (window, centre) = at.window(parameters);
    let right = |s: &u64| s.checked_sub(1).is_some_and(|first| is_pair_at(key, parameters, typed, first));
    let found = window.steps().filter(right).filter(|s| *s > at.next).max();
    found.map(|step| (step, off_centre(step, centre)))
}

/// Whether these are the codes of step `first` and of the next one; both are compared.
#[must_use]
pub fn is_pair_at(key: &Secret, parameters: &Parameters, typed: Pair<'_>, first: u64) -> bool {
    let second = typed.1.matches(&parameters.code(key, first.saturating_add(1)));
    typed.0.matches(&parameters.code(key, first)) & second
}

fn far(step: u64, parameters: &Parameters, window: &Window, right: impl Fn(&u64) -> bool) -> Match {
    let reach = FAR / u64::from(parameters.period.get());
    (step.saturating_sub(reach)..=step.saturating_add(reach))
        .filter(|s| !window.contains(s))
        .find(right)
        .map_or(Match::Wrong, |s| Match::Far { step: s, offset: off_centre(s, step) })
}

#[cfg(test)]
#[path = "totp_tests.rs"]
mod tests;
