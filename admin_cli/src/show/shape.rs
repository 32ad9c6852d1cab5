//! What an authenticator computes, as the contract's JSON says it.

use serde::Serialize;
use wardkey_core::credential::totp::Parameters;

/// One authenticator.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Shape<'a> {
    label: &'a str,
    kind: &'static str,
    algorithm: &'static str,
    digits: u32,
    period: u32,
}

impl<'a> Shape<'a> {
    /// The authenticator of this label.
    pub(crate) const fn of(label: &'a str, parameters: Parameters) -> Self {
        Self {
            label,
            kind: "totp",
            algorithm: parameters.algorithm.name(),
            digits: parameters.digits.get(),
            period: parameters.period.get(),
        }
    }
}
