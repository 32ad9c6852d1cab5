//! A deadline's own clock.

use std::time::{Duration, Instant};

/// The present moment; it decides nothing but how long is waited.
#[expect(clippy::disallowed_methods, reason = "a deadline's own clock; it decides nothing else")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// What is left until then; `None`: nothing.
pub(super) fn left(end: Instant) -> Option<Duration> {
    Some(end.saturating_duration_since(now())).filter(|left| !left.is_zero())
}
