//! How fast one account may connect.

use std::collections::HashMap;
use std::time::{Duration, Instant};

/// Connections of one uid a second; what comes beyond is closed unheard, so that nobody else waits behind it.
const A_SECOND: u32 = 64;

/// How many connections each uid has made in this second.
pub(crate) struct RateLimit {
    second: Instant,
    made: HashMap<u32, u32>,
}

impl RateLimit {
    pub(crate) fn new(now: Instant) -> Self {
        Self { second: now, made: HashMap::new() }
    }

    /// Counts one more.
    pub(crate) fn is_too_much(&mut self, uid: u32, now: Instant) -> bool {
        if now.saturating_duration_since(self.second) >= Duration::from_secs(1) {
            *self = Self::new(now);
        }
        let made = self.made.entry(uid).or_default();
        *made = made.saturating_add(1);
        *made > A_SECOND
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_uid_has_a_pace_of_its_own_and_each_second_begins_anew() {
        let start = Instant::now();
        let mut rate_limit = RateLimit::new(start);
        let later = start + Duration::from_millis(999);
        assert!((0..A_SECOND).all(|_| !rate_limit.is_too_much(1000, later)));
        assert!(rate_limit.is_too_much(1000, later), "one more");
        assert!(!rate_limit.is_too_much(1001, later), "another account");
        assert!(!rate_limit.is_too_much(1000, start + Duration::from_secs(1)), "the next second");
    }
}
