//! What tests need of an enrolled person: rules, a record in a store of files, a sealing key, and a clock that they move.
//!
//! In no released build: the feature `testing` is asked for by crates that are tests, and by dev-dependencies.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a fixture that cannot be made fails the test that needs it"
)]

mod fixture;
mod in_memory;
mod refusals;
mod watch;

pub use fixture::{Directory, Fixture};
pub use in_memory::{authenticator, phone, wanted};
pub use refusals::{REFUSALS, WHEN, WHYS, every_why};
pub use watch::Watch;

use std::path::Path;
use std::time::Duration;
use std::{fs, os::unix::fs::PermissionsExt};

use crate::credential::mailed::MailMode;
use crate::credential::secret::Secret;
use crate::credential::throttle::Limits;
use crate::credential::{SingleUseCode, Typed};
use crate::policy::account::Account;
use crate::user::UserName;
use crate::verify::{Rules, Verdict};

/// When a fixture's clock begins, unless a test says otherwise; a step begins there too.
pub const START: u64 = 1_800_000_000;

/// The rules of a site that has configured nothing.
pub const RULES: Rules = Rules {
    window: 1,
    drift_limit: 4,
    limits: Limits {
        free_tries: 5,
        first_wait: Duration::from_secs(30),
        longest_wait: Duration::from_secs(3600),
        disable_after: 50,
    },
    mail: MailMode::Off,
};

/// The key of RFC 6238's test vectors, where a test must know the key.
pub const KEY: &[u8] = b"12345678901234567890";

/// That key as authenticators have it.
#[must_use]
pub fn known_key() -> Secret {
    Secret::new(KEY.to_vec())
}

/// An account whose group has its number.
#[must_use]
pub fn account(name: &str, uid: u32) -> Account {
    Account { name: UserName::new(name.as_bytes()).expect("a user name"), uid, gid: uid }
}

/// A shown code as it would be typed.
#[must_use]
pub fn typed(code: &SingleUseCode) -> Typed {
    Typed::parse(code.to_text().as_bytes())
}

/// Shown codes, as text.
#[must_use]
pub fn texts(codes: &[SingleUseCode]) -> Vec<String> {
    codes.iter().map(|code| code.to_text().to_string()).collect()
}

/// Whether a verdict is a yes.
#[must_use]
pub fn is_accepted(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Accepted(_))
}

/// Makes a directory, and those above it, that root alone may enter.
pub fn private_dir(path: &Path) {
    fs::create_dir_all(path).expect("a directory");
    fs::set_permissions(path, fs::Permissions::from_mode(0o700)).expect("its mode");
}

/// Writes a file that root alone may read.
pub fn private_file(path: &Path, content: &[u8]) {
    fs::write(path, content).expect("a file");
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).expect("its mode");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::config::Config;

    #[test]
    fn the_rules_of_tests_are_those_of_a_site_that_configured_nothing() {
        assert_eq!(Config::default().rules(), RULES);
    }
}
