//! Lines that somebody can have for nothing are few: ten a minute, and each further one counted in the next.

use std::sync::{Mutex, PoisonError};
use wardkey_core::system::clock::Timestamp;

/// Lines a minute.
const FEW: u64 = 10;

/// A minute, in seconds.
const MINUTE: u64 = 60;

/// For one seat, or for all strangers.
#[derive(Debug, Default)]
pub(crate) struct Quiet(Mutex<Counted>);

#[derive(Debug, Default)]
struct Counted {
    since: Timestamp,
    written: u64,
    left_out: u64,
}

impl Quiet {
    /// For how many the line of one more stands; `None`: it is only counted.
    pub(crate) fn one_more(&self, now: Timestamp) -> Option<u64> {
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if now.since(counted.since).as_secs() >= MINUTE || now < counted.since {
            counted.since = now;
            counted.written = 0;
        }
        if counted.written == FEW {
            counted.left_out += 1;
            return None;
        }
        counted.written += 1;
        Some(std::mem::take(&mut counted.left_out) + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_lines_a_minute_and_the_next_stands_for_the_rest() {
        let quiet = Quiet::default();
        let at = |second| quiet.one_more(Timestamp(second));
        assert!((0..10).all(|_| at(100) == Some(1)));
        assert!((0..5).all(|_| at(159).is_none()));
        assert_eq!(at(160), Some(6));
        assert_eq!(at(160), Some(1));
        assert_eq!(at(10), Some(1), "a clock that is put back makes nothing silent");
    }
}
