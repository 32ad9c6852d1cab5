//! What conversations came to, counted: one that ends before it begins breaks nothing, and shows nothing.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

static COUNTS: Mutex<BTreeMap<&'static str, u64>> = Mutex::new(BTreeMap::new());

/// What conversations must come to before they show anything.
pub const OUTCOMES: [&str; 11] = [
    "opened by an authenticator",
    "opened by a recovery code",
    "opened by an emergency code",
    "opened by a pass",
    "enrolled",
    "no code, by grace",
    "refused",
    "a session opened",
    "a session refused before the enrolment",
    "refused again",
    "an earlier try forgotten",
];

/// What the module calls, each of which must have failed.
pub const CALLS: [&str; 9] = [
    "conversation",
    "pam_get_item",
    "pam_set_item",
    "pam_get_user",
    "pam_get_data",
    "pam_set_data",
    "pam_getenv",
    "pam_putenv",
    "pam_fail_delay",
];

/// Notes that it came to this.
pub(super) fn note(what: &'static str) {
    *COUNTS.lock().unwrap_or_else(PoisonError::into_inner).entry(what).or_default() += 1;
}

/// How often it came to what, in this process.
#[must_use]
pub fn reached() -> BTreeMap<&'static str, u64> {
    COUNTS.lock().unwrap_or_else(PoisonError::into_inner).clone()
}
