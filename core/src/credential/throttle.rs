//! Waiting after wrong codes, per person and kind of credential (NIST SP 800-63B-4 §3.2.2).

use crate::system::clock::Timestamp;
use std::time::Duration;

/// Longest wait after wrong single-use or mailed codes: their 75 bits need no more, and the person who
/// holds the last code must not be kept out by someone else's guesses.
const SHORT_WAIT: Duration = Duration::from_secs(300);

/// Wrong pairs before the first wait, that wait and the longest: of 10^12 pairs three open, so that short waits are enough,
/// and the owner must get in within a minute.
const PAIR_WAITS: (u64, Duration, Duration) = (5, Duration::from_secs(10), Duration::from_secs(60));

/// Consecutive wrong pairs at the separate prompt after which no pair opens (NIST SP 800-63B-4 §3.2.2).
const PAIRS_CLOSE_AFTER: u64 = 100;

/// Credentials that are counted apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Codes of an authenticator at the separate prompt.
    Authenticator,
    /// Password and code in one entry; anyone can make these, so they never disable.
    Combined,
    /// Recovery, pass and emergency codes.
    SingleUse,
    /// Codes sent by mail.
    Mailed,
    /// Two codes of an authenticator in one entry, at the separate prompt.
    Pair,
    /// Two codes behind a password in one entry; they never close, as combined entries never disable.
    CombinedPair,
}

impl Kind {
    /// All of them, in the ledger's order.
    pub const ALL: [Self; 6] =
        [Self::Authenticator, Self::Combined, Self::SingleUse, Self::Mailed, Self::Pair, Self::CombinedPair];

    /// The kind of two codes in the same entry as codes of this kind.
    #[must_use]
    pub const fn pair(self) -> Self {
        match self {
            Self::Combined | Self::CombinedPair => Self::CombinedPair,
            Self::Authenticator | Self::SingleUse | Self::Mailed | Self::Pair => Self::Pair,
        }
    }
}

/// What the ledger remembers of one kind; both counters only grow, so that copies can be merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Wrong codes ever counted.
    pub failures: u64,
    /// How many of them a success or an unlock has forgiven.
    pub forgiven: u64,
    /// The last wrong code.
    pub last_failure: Timestamp,
}

impl Tally {
    /// Wrong codes since the last success or unlock.
    #[must_use]
    pub const fn consecutive(&self) -> u64 {
        self.failures.saturating_sub(self.forgiven)
    }

    /// Counts one more.
    pub fn fail(&mut self, now: Timestamp) {
        self.failures = self.failures.saturating_add(1);
        self.last_failure = now;
    }

    /// Ends waiting and restarts the count.
    pub fn forgive(&mut self) {
        self.forgiven = self.failures;
    }
}

/// The site's limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Wrong codes before the first wait.
    pub free_tries: u64,
    /// The first wait; each further wrong code doubles it.
    pub first_wait: Duration,
    /// The longest wait of authenticator and combined entries.
    pub longest_wait: Duration,
    /// Consecutive wrong authenticator codes that disable, at most 100.
    pub disable_after: u64,
}

/// Whether a kind of credential may be tried now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It may.
    Free,
    /// Not before this moment.
    Waiting(Timestamp),
    /// Not before someone unlocks or resets; pairs not before another code was right either.
    Disabled,
}

impl Limits {
    /// Where one kind of a person's credentials stands.
    #[must_use]
    pub fn standing(&self, kind: Kind, tally: &Tally, now: Timestamp) -> Standing {
        let consecutive = tally.consecutive();
        let end = match kind {
            Kind::Authenticator => Some(self.disable_after),
            Kind::Pair => Some(PAIRS_CLOSE_AFTER),
            Kind::Combined | Kind::SingleUse | Kind::Mailed | Kind::CombinedPair => None,
        };
        if end.is_some_and(|end| consecutive >= end) {
            return Standing::Disabled;
        }
        let until = tally.last_failure.plus(self.wait(kind, consecutive));
        // A clock set back leaves a failure in the future; waiting for that moment could take years.
        if now < until && now >= tally.last_failure { Standing::Waiting(until) } else { Standing::Free }
    }

    fn wait(&self, kind: Kind, consecutive: u64) -> Duration {
        let (free, first, longest) = match kind {
            Kind::Authenticator | Kind::Combined => (self.free_tries, self.first_wait, self.longest_wait),
            Kind::SingleUse | Kind::Mailed => {
                (self.free_tries, self.first_wait, self.longest_wait.min(SHORT_WAIT))
            }
            Kind::Pair | Kind::CombinedPair => PAIR_WAITS,
        };
        let Some(doublings) = consecutive.checked_sub(free.max(1)) else { return Duration::ZERO };
        let factor = u32::try_from(doublings).ok().and_then(|n| 1u32.checked_shl(n)).unwrap_or(u32::MAX);
        first.saturating_mul(factor).min(longest)
    }
}

#[cfg(test)]
#[path = "throttle_tests.rs"]
mod tests;
