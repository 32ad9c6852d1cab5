//! Time as wardkey counts it: whole seconds since 1970-01-01T00:00:00Z, and days as people write them.

use crate::system::owner::Owner;
use crate::system::trusted_file::{self, Access, Demand, Readers, read_all};
use jiff::civil;
use jiff::tz::{Offset, TimeZone};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Largest zone file, in bytes.
const MAX_ZONE: u64 = 64 * 1024;

/// A moment, in seconds since the Unix epoch (RFC 6238 §4.2 counts steps from there).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub struct Timestamp(pub u64);

impl Timestamp {
    /// This moment and so much more, at most the end of counting.
    #[must_use]
    pub fn plus(self, span: Duration) -> Self {
        Self(self.0.saturating_add(span.as_secs()))
    }

    /// How long after `earlier` this is; nothing when it is not after it.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_secs(self.0.saturating_sub(earlier.0))
    }

    /// The moment that the machine's own zone calls so, such as `2026-11-05T14:03:20`.
    #[must_use]
    pub fn from_local(text: &str) -> Option<Self> {
        let time: civil::DateTime = text.parse().ok()?;
        let moment = local_zone().to_timestamp(time).ok()?;
        u64::try_from(moment.as_second()).ok().map(Self)
    }

    /// Writes RFC 3339 in UTC. The calendar is jiff's; its printer, which can do much more, is code that a login does not run
    /// otherwise.
    pub(crate) fn write_to(self, text: &mut String) {
        let time = Offset::UTC.to_datetime(self.to_jiff());
        let [century, year] = [time.year() / 100, time.year() % 100];
        let [month, day] = [time.month(), time.day()].map(i16::from);
        let [hour, minute, second] = [time.hour(), time.minute(), time.second()].map(i16::from);
        let digit = |number: i16| char::from(b'0' + u8::try_from(number).unwrap_or(0));
        for (number, mark) in
            [(century, ""), (year, "-"), (month, "-"), (day, "T"), (hour, ":"), (minute, ":"), (second, "Z")]
        {
            text.push(digit(number / 10));
            text.push(digit(number % 10));
            text.push_str(mark);
        }
    }

    fn to_jiff(self) -> jiff::Timestamp {
        i64::try_from(self.0)
            .ok()
            .and_then(|s| jiff::Timestamp::from_second(s).ok())
            .unwrap_or(jiff::Timestamp::MAX)
    }

    /// The day and time of day in the machine's own zone.
    #[must_use]
    pub fn local(self) -> civil::DateTime {
        local_zone().to_datetime(self.to_jiff())
    }
}

/// RFC 3339 in UTC, as audit lines and JSON carry it.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::with_capacity(20);
        self.write_to(&mut text);
        f.write_str(&text)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let moment: jiff::Timestamp =
            text.parse().map_err(|_| serde::de::Error::custom("not an RFC 3339 time"))?;
        Ok(Self(u64::try_from(moment.as_second()).unwrap_or(0)))
    }
}

/// The zone of the machine, read from its one place; `TZ` would let a caller of `sudo` shift the day.
fn local_zone() -> TimeZone {
    std::fs::canonicalize("/etc/localtime").ok().and_then(|path| read_zone(&path)).unwrap_or(TimeZone::UTC)
}

fn read_zone(path: &Path) -> Option<TimeZone> {
    let demand = Demand {
        access: Access::Read,
        readers: Readers::Anyone,
        owner: Owner::ROOT,
        max_len: MAX_ZONE,
        may_be_linked: true,
    };
    let bytes = read_all(trusted_file::open(None, path, path, demand).ok()?, path, MAX_ZONE).ok()?;
    TimeZone::tzif("local", &bytes).ok()
}

/// Where the time comes from.
pub trait Clock {
    /// The present moment; a clock before 1970 counts as 1970.
    fn now(&self) -> Timestamp;
}

/// The machine's own clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that owns the clock")]
    fn now(&self) -> Timestamp {
        Timestamp(SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs()))
    }
}

/// A clock that stands where it was put.
impl Clock for Timestamp {
    fn now(&self) -> Timestamp {
        *self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_time_is_written_as_jiff_writes_it(any: u64, likely in 0u64..300_000_000_000) {
            for time in [Timestamp(any), Timestamp(likely)] {
                prop_assert_eq!(time.to_string(), format!("{:.0}", time.to_jiff()));
            }
        }
    }

    #[test]
    fn times_are_rfc_3339_in_utc_without_fractions() {
        assert_eq!(Timestamp(1_234_567_890).to_string(), "2009-02-13T23:31:30Z");
        assert_eq!(Timestamp(0).to_string(), "1970-01-01T00:00:00Z");
        assert!(Timestamp(u64::MAX).to_string().starts_with("9999-"));
    }
}
