//! The targets, one a file.

mod config;
mod credential;
pub(crate) mod enrolment;
mod imports;
mod ledger;
mod otpauth;
mod pam;
mod stack;
mod wire;

pub use pam::sweep;

/// One target.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Its name, and its corpus's.
    pub name: &'static str,
    /// What it does with an input.
    pub run: fn(&[u8]),
}

/// All of them.
pub const ALL: [Target; 9] = [
    Target { name: "config", run: config::run },
    Target { name: "credential", run: credential::run },
    Target { name: "enrolment", run: enrolment::run },
    Target { name: "imports", run: imports::run },
    Target { name: "ledger", run: ledger::run },
    Target { name: "otpauth", run: otpauth::run },
    Target { name: "pam", run: pam::run },
    Target { name: "stack", run: stack::run },
    Target { name: "wire", run: wire::run },
];
