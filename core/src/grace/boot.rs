//! Time and identity of this boot: no clock that anybody sets, and none that stops while the machine sleeps.

use crate::system::trusted_file::{self, Readers, Untrusted};
use nix::time::{ClockId, clock_gettime};
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::time::Duration;

/// Where the kernel names this boot.
const BOOT_ID: &str = "/proc/sys/kernel/random/boot_id";

/// Longest name it gives, with room to spare.
const MAX_ID: u64 = 128;

/// Seconds since the machine was started, those it slept included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct BootTime(pub u64);

impl BootTime {
    /// How long after `earlier` this is; `None` when it lies before it.
    #[must_use]
    pub fn since(self, earlier: Self) -> Option<Duration> {
        self.0.checked_sub(earlier.0).map(Duration::from_secs)
    }
}

/// Where that time comes from.
pub trait BootClock {
    /// The present moment.
    fn now(&self) -> BootTime;
}

/// The kernel's own.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemBootClock;

impl BootClock for SystemBootClock {
    /// A clock that cannot be read stands at the end of time: every grace is over, and one begun then has no effect.
    fn now(&self) -> BootTime {
        let time = clock_gettime(ClockId::CLOCK_BOOTTIME).ok();
        BootTime(time.and_then(|t| u64::try_from(t.tv_sec()).ok()).unwrap_or(u64::MAX))
    }
}

/// Which boot of the machine this is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BootId(String);

impl BootId {
    /// The present one, as the kernel names it.
    ///
    /// # Errors
    /// [`Untrusted`], where /proc is not there.
    pub fn read() -> Result<Self, Untrusted> {
        let bytes = trusted_file::read(Path::new(BOOT_ID), Readers::Anyone, MAX_ID)?;
        Ok(Self(String::from_utf8_lossy(&bytes).trim().to_owned()))
    }

    #[cfg(test)]
    pub(super) fn new(id: &str) -> Self {
        Self(id.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_boot_has_one_name_and_a_clock_that_moves_on() {
        let id = BootId::read().unwrap();
        assert_eq!(id, BootId::read().unwrap());
        assert_eq!(id.0.len(), 36, "{id:?}");
        let (first, second) = (SystemBootClock.now(), SystemBootClock.now());
        assert!(first.0 > 0 && second >= first && second.0 < u64::MAX);
        let uptime = std::fs::read_to_string("/proc/uptime").unwrap();
        let seconds: f64 = uptime.split(' ').next().unwrap().parse().unwrap();
        assert!((seconds - second.0 as f64).abs() < 30.0, "not the time since boot: {second:?}, {uptime}");
    }

    #[test]
    fn what_lies_ahead_is_no_time_ago() {
        assert_eq!(BootTime(5).since(BootTime(6)), None);
        assert_eq!(BootTime(6).since(BootTime(5)), Some(Duration::from_secs(1)));
    }
}
