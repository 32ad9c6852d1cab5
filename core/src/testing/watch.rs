//! A clock that stands until a test moves it.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::system::clock::{Clock, Timestamp};

/// The clock; threads of a test share it.
#[derive(Debug)]
pub struct Watch(AtomicU64);

impl Watch {
    /// It shows this second.
    #[must_use]
    pub const fn at(now: u64) -> Self {
        Self(AtomicU64::new(now))
    }

    /// Lets seconds pass.
    pub fn later(&self, seconds: u64) {
        self.0.fetch_add(seconds, Ordering::Relaxed);
    }
}

impl Clock for Watch {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::Relaxed))
    }
}
