//! libpam's results, by name.

use serde::{Deserialize, Serialize};

/// A result of libpam, by the names of `pam(3)`.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names are libpam's")]
pub enum PamResult {
    Success,
    ServiceErr,
    SystemErr,
    PermDenied,
    AuthErr,
    AuthinfoUnavail,
    UserUnknown,
    Maxtries,
    NewAuthtokReqd,
    SessionErr,
    ConvErr,
    AuthtokErr,
    Ignore,
    Abort,
    ModuleUnknown,
    Other(i32),
}

/// What a stack answers in which our module stands alone and returned `PAM_IGNORE`: nobody decided.
pub const IGNORED: PamResult = PamResult::PermDenied;

impl PamResult {
    /// The result with libpam's number.
    #[must_use]
    pub const fn from_number(number: i32) -> Self {
        match number {
            0 => Self::Success,
            3 => Self::ServiceErr,
            4 => Self::SystemErr,
            6 => Self::PermDenied,
            7 => Self::AuthErr,
            9 => Self::AuthinfoUnavail,
            10 => Self::UserUnknown,
            11 => Self::Maxtries,
            12 => Self::NewAuthtokReqd,
            14 => Self::SessionErr,
            19 => Self::ConvErr,
            20 => Self::AuthtokErr,
            25 => Self::Ignore,
            26 => Self::Abort,
            28 => Self::ModuleUnknown,
            other => Self::Other(other),
        }
    }
}
