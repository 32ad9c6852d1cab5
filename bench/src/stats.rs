//! Samples and what is said of many.

use nix::time::{ClockId, clock_gettime};
use serde::Serialize;
use std::io;

/// One measurement.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Sample {
    /// Time that passed.
    pub(crate) nanoseconds: u64,
    /// User and system time spent.
    pub(crate) cpu: u64,
    /// Peak of resident memory of the process; 0 where it is not a login's.
    pub(crate) peak_kib: u64,
    /// Page faults that read nothing; 0 where it is not a login's.
    pub(crate) faults: u64,
}

/// Measures something done in this process.
pub(crate) fn timed(work: impl FnOnce() -> io::Result<()>) -> io::Result<Sample> {
    let (wall, cpu) = (now(ClockId::CLOCK_MONOTONIC)?, now(ClockId::CLOCK_THREAD_CPUTIME_ID)?);
    work()?;
    let cpu = now(ClockId::CLOCK_THREAD_CPUTIME_ID)? - cpu;
    Ok(Sample { nanoseconds: now(ClockId::CLOCK_MONOTONIC)? - wall, cpu, ..Sample::default() })
}

/// Now, by the clock that all processes share.
pub(crate) fn monotonic() -> io::Result<u64> {
    now(ClockId::CLOCK_MONOTONIC)
}

fn now(clock: ClockId) -> io::Result<u64> {
    let at = clock_gettime(clock)?;
    Ok(u64::try_from(at.tv_sec()).unwrap_or(0) * 1_000_000_000 + u64::try_from(at.tv_nsec()).unwrap_or(0))
}

/// What many samples come to; microseconds.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Summary {
    pub(crate) min: f64,
    pub(crate) quarter: f64,
    pub(crate) median: f64,
    pub(crate) three_quarters: f64,
    pub(crate) p99: f64,
    /// Median of user and system time.
    pub(crate) cpu: f64,
    /// Median peak of resident memory, KiB.
    pub(crate) peak_kib: u64,
    /// Median of page faults.
    pub(crate) faults: u64,
}

impl Summary {
    pub(crate) fn of(samples: &[Sample]) -> Self {
        let wall = sorted(samples, |s| s.nanoseconds);
        Self {
            min: micro(at(&wall, 0.0)),
            quarter: micro(at(&wall, 0.25)),
            median: micro(at(&wall, 0.5)),
            three_quarters: micro(at(&wall, 0.75)),
            p99: micro(at(&wall, 0.99)),
            cpu: micro(at(&sorted(samples, |s| s.cpu), 0.5)),
            peak_kib: at(&sorted(samples, |s| s.peak_kib), 0.5),
            faults: at(&sorted(samples, |s| s.faults), 0.5),
        }
    }
}

/// A ratio of medians or what they differ by, and the least and most it was in five successive parts of the run.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Ratio {
    pub(crate) whole: f64,
    pub(crate) least: f64,
    pub(crate) most: f64,
}

impl Ratio {
    /// A number that is the same in every part.
    pub(crate) const fn known(number: f64) -> Self {
        Self { whole: number, least: number, most: number }
    }

    /// Of `combine`, which makes one number of the medians of both.
    pub(crate) fn of(ours: &[Sample], theirs: &[Sample], combine: impl Fn(f64, f64) -> f64) -> Self {
        let median = |samples: &[Sample]| micro(at(&sorted(samples, |s| s.nanoseconds), 0.5));
        let part = |samples: &[Sample]| samples.len().div_ceil(5).max(1);
        let parts: Vec<f64> = ours
            .chunks(part(ours))
            .zip(theirs.chunks(part(theirs)))
            .map(|(a, b)| combine(median(a), median(b)))
            .collect();
        Self {
            whole: combine(median(ours), median(theirs)),
            least: parts.iter().copied().fold(f64::INFINITY, f64::min),
            most: parts.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        }
    }

    /// What the medians differ by, in milliseconds.
    pub(crate) fn milliseconds_more(ours: &[Sample], theirs: &[Sample]) -> Self {
        Self::of(ours, theirs, |a, b| (a - b) / 1000.0)
    }

    pub(crate) fn simple(ours: &[Sample], theirs: &[Sample]) -> Self {
        Self::of(ours, theirs, |a, b| a / b)
    }
}

fn sorted(samples: &[Sample], field: impl Fn(&Sample) -> u64) -> Vec<u64> {
    let mut numbers: Vec<u64> = samples.iter().map(field).collect();
    numbers.sort_unstable();
    numbers
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "an index from a share between 0 and 1"
)]
fn at(sorted: &[u64], share: f64) -> u64 {
    let last = sorted.len().saturating_sub(1) as f64;
    sorted.get((last * share).round() as usize).copied().unwrap_or(0)
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^52 nanoseconds")]
fn micro(nanoseconds: u64) -> f64 {
    nanoseconds as f64 / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(numbers: impl Iterator<Item = u64>) -> Vec<Sample> {
        numbers.map(|n| Sample { nanoseconds: n * 1000, cpu: n * 500, peak_kib: n, faults: n }).collect()
    }

    #[test]
    fn a_summary_is_of_all_samples() {
        let s = Summary::of(&samples((0..=100).rev()));
        assert_eq!((s.min, s.quarter, s.median, s.three_quarters, s.p99), (0.0, 25.0, 50.0, 75.0, 99.0));
        assert_eq!((s.cpu, s.peak_kib, s.faults), (25.0, 50, 50));
    }

    #[test]
    fn a_ratio_shows_how_it_moved() {
        let (ours, theirs) = (samples([2; 10].into_iter().chain([4; 40])), samples([2; 50].into_iter()));
        let ratio = Ratio::simple(&ours, &theirs);
        assert_eq!((ratio.whole, ratio.least, ratio.most), (2.0, 1.0, 2.0));
        let more = Ratio::milliseconds_more(&ours, &theirs);
        assert_eq!((more.whole, more.least, more.most), (0.002, 0.0, 0.002));
    }
}
