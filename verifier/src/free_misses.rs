//! Tries at codes where the seat says that none is asked, and a wrong one counts nowhere. The seat may be owned: it has ten an
//! hour for each person, as a person's own program has at a single machine.

use std::collections::HashMap;
use std::time::Duration;
use tokio::time::Instant;
use wardkey_core::user::UserName;

/// Wrong codes an hour.
const FEW: usize = 10;

const HOUR: Duration = Duration::from_secs(3600);

/// People of whom this is remembered. Of more nothing is compared: no seat has so many.
const PEOPLE: usize = 4096;

/// One seat's.
#[derive(Debug, Default)]
pub(crate) struct FreeMisses(HashMap<UserName, Vec<Instant>>);

impl FreeMisses {
    /// Takes a try before anything is compared; `false`: there is none left.
    pub(crate) fn take(&mut self, user: &UserName, now: Instant) -> bool {
        if !self.0.contains_key(user) && self.0.len() >= PEOPLE {
            self.0.retain(|_, times| times.iter().any(|time| now.duration_since(*time) < HOUR));
            if self.0.len() >= PEOPLE {
                return false;
            }
        }
        let times = self.0.entry(user.clone()).or_default();
        times.retain(|time| now.duration_since(*time) < HOUR);
        if times.len() >= FEW {
            return false;
        }
        times.push(now);
        true
    }

    /// Gives it back: it was no miss.
    pub(crate) fn give_back(&mut self, user: &UserName) {
        if let Some(times) = self.0.get_mut(user) {
            times.pop();
        }
    }

    /// Whether there is none left.
    pub(crate) fn are_used_up(&self, user: &UserName) -> bool {
        self.0.get(user).is_some_and(|times| times.len() >= FEW)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_an_hour_for_each_person_and_a_hit_costs_none() {
        let (roy, ann) = (UserName::new(b"roy").unwrap(), UserName::new(b"ann").unwrap());
        let (now, mut misses) = (Instant::now(), FreeMisses::default());
        assert!((0..10).all(|_| misses.take(&roy, now)));
        assert!(!misses.take(&roy, now) && misses.are_used_up(&roy) && misses.take(&ann, now));
        misses.give_back(&roy);
        assert!(misses.take(&roy, now) && !misses.take(&roy, now));
        assert!(misses.take(&roy, now + HOUR));
    }
}
