//! The sections of a configuration, each with its defaults.
//!
//! What a new key touches:
//! - its section, here or in `email.rs`: the field, and its default in `Default`;
//! - `every_key.toml`, or `every_seat_key.toml` (another value), and `config/wardkey.toml` (the default, which a test compares);
//! - `admin_cli/src/show/in_force.rs`, which prints it: a test names a key of `every_key.toml` that is missing there;
//! - `packaging/man/wardkey.toml.5.md`;
//! - only for a new kind of value: `choices.rs` or `value.rs`, and `invalid_value.rs` with its French in
//!   `admin_cli/src/text/invalid_values.rs`.

use super::choices::{EntryForm, StoreKind, Unenrolled, word};
use super::server::Server;
use super::value::{Absolute, Bounded, Day, KeyPlace, Span};
use crate::credential::totp::{Algorithm, Digits, Parameters, Period};
use serde::Deserialize;
use std::path::PathBuf;

/// `[store]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Store {
    /// The kind.
    #[serde(deserialize_with = "word")]
    pub kind: StoreKind,
    /// Its directory.
    pub path: Absolute,
    /// Where verifiers answer a seat, in the order in which they are asked.
    pub servers: Vec<Server>,
    /// The seat's own key; of a seat alone.
    pub seat_key: Option<Absolute>,
    /// The certificate of the clinic's authority; of a seat alone.
    pub authority: Option<Absolute>,
}

impl Default for Store {
    fn default() -> Self {
        let path = Absolute::new("/var/lib/wardkey");
        Self { kind: StoreKind::Files, path, servers: Vec::new(), seat_key: None, authority: None }
    }
}

impl Store {
    /// Whether this machine is a seat, and keeps nobody's record.
    #[must_use]
    pub fn is_seat(&self) -> bool {
        self.kind == StoreKind::Verifier
    }

    /// The seat's own key.
    #[must_use]
    pub fn seat_key(&self) -> PathBuf {
        self.seat_key.as_ref().map_or_else(|| PathBuf::from("/etc/wardkey/seat.key"), Absolute::path)
    }

    /// The certificate of the clinic's authority, which alone says who a verifier is.
    #[must_use]
    pub fn authority(&self) -> PathBuf {
        self.authority.as_ref().map_or_else(|| PathBuf::from("/etc/wardkey/authority.crt"), Absolute::path)
    }

    /// Where the seat's certificate lies, which the helper's link renews: the directory and the file.
    #[must_use]
    pub fn certificate(&self) -> (PathBuf, &'static str) {
        (self.path.path().join("seat"), "seat.crt")
    }
}

/// `[seal]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Seal {
    /// Where the sealing key is.
    pub key: KeyPlace,
}

impl Default for Seal {
    fn default() -> Self {
        Self { key: KeyPlace::File("/etc/wardkey/seal.key".into()) }
    }
}

/// `[totp]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Totp {
    /// Hash of new authenticators.
    pub algorithm: Algorithm,
    /// Digits of new authenticators.
    pub digits: Digits,
    /// Period of new authenticators, in seconds.
    pub period: Period,
    /// Steps accepted either side of now and the learned drift.
    pub window: Bounded<0, 5>,
    /// Largest learned drift, in steps.
    pub drift_limit: Bounded<0, 10>,
}

impl Default for Totp {
    fn default() -> Self {
        Self {
            algorithm: Algorithm::Sha1,
            digits: Digits::default(),
            period: Period::default(),
            window: Bounded::new(1),
            drift_limit: Bounded::new(4),
        }
    }
}

impl Totp {
    /// What a new authenticator is told to compute.
    #[must_use]
    pub const fn parameters(&self) -> Parameters {
        Parameters { algorithm: self.algorithm, digits: self.digits, period: self.period }
    }
}

/// `[recovery]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Recovery {
    /// Codes in a set.
    pub codes: Bounded<5, 20>,
}

impl Default for Recovery {
    fn default() -> Self {
        Self { codes: Bounded::new(5) }
    }
}

/// `[throttle]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Throttle {
    /// Wrong codes before the first wait.
    pub free_tries: Bounded<0, 100>,
    /// The first wait.
    pub first_wait: Span,
    /// The longest wait.
    pub longest_wait: Span,
    /// Consecutive wrong authenticator codes that disable (NIST SP 800-63B-4 §3.2.2: at most 100).
    pub disable_after: Bounded<1, 100>,
}

impl Default for Throttle {
    fn default() -> Self {
        Self {
            free_tries: Bounded::new(5),
            first_wait: Span::seconds(30),
            longest_wait: Span::seconds(3600),
            disable_after: Bounded::new(50),
        }
    }
}

/// `[policy]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// Whom wardkey concerns: members of these groups; empty: everyone.
    pub groups: Vec<String>,
    /// What happens to those without a second factor.
    #[serde(deserialize_with = "word")]
    pub unenrolled: Unenrolled,
    /// Through this day they need none yet.
    pub enroll_by: Option<Day>,
    /// Whether people may help themselves.
    pub self_service: bool,
}

impl Default for Policy {
    fn default() -> Self {
        Self { groups: Vec::new(), unenrolled: Unenrolled::Deny, enroll_by: None, self_service: true }
    }
}

/// `[service.NAME]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Service {
    /// Whether an unenrolled person enrols in this login.
    pub enroll: bool,
    /// How password and code are typed.
    #[serde(deserialize_with = "word")]
    pub entry: EntryForm,
    /// For how long a session that had both factors may be reopened without a code.
    pub unlock_grace: Option<Span<86400>>,
}

impl Default for Service {
    fn default() -> Self {
        Self { enroll: false, entry: EntryForm::Separate, unlock_grace: None }
    }
}

/// `[helper]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Helper {
    /// Where it listens.
    pub socket: Absolute,
    /// Time for a whole answer.
    pub deadline: Span,
}

impl Default for Helper {
    fn default() -> Self {
        Self { socket: Absolute::new("/run/wardkey/helper.sock"), deadline: Span::seconds(10) }
    }
}

/// `[run]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Run {
    /// Where grace is remembered until the next boot.
    pub path: Absolute,
}

impl Default for Run {
    fn default() -> Self {
        Self { path: Absolute::new("/run/wardkey/grace") }
    }
}

/// `[log]`
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    /// The audit file.
    pub audit_file: Absolute,
}

impl Default for Log {
    fn default() -> Self {
        Self { audit_file: Absolute::new("/var/log/wardkey/audit.jsonl") }
    }
}
