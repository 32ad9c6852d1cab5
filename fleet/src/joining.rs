//! How a machine becomes a seat: one question under a protocol of its own, by somebody without a certificate.

use crate::seat_name::SeatName;
use serde::{Deserialize, Serialize};
use std::fmt;
use wardkey_core::credential::secret::Secret;

/// The one thing that is understood there.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Join {
    /// Which seat it would be.
    pub seat: SeatName,
    /// The token's secret.
    pub secret: Secret,
    /// The request for a certificate (PKCS #10, RFC 2986) as PEM. Nothing of it is used but its key.
    pub request: String,
}

/// What is said to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Joined {
    /// It is a seat.
    Come {
        /// Its certificate, as PEM.
        certificate: String,
        /// The authority's, as PEM: the token has its fingerprint.
        authority: String,
    },
    /// It is not.
    Turned(NoJoin),
}

/// Why not. Only somebody who has the secret learns more than the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoJoin {
    /// There is no such token for this seat.
    Unknown,
    /// It was used before.
    Used,
    /// Its time is over.
    Late,
    /// What came was no request.
    Malformed,
    /// The verifier cannot answer; its log says why.
    Broken,
}

impl NoJoin {
    /// Why, as the log has it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unknown => "no such token for this seat",
            Self::Used => "the token was used before",
            Self::Late => "the token is past its end",
            Self::Malformed => "no request for a certificate",
            Self::Broken => "something is broken",
        }
    }
}

impl fmt::Display for NoJoin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown | Self::Used | Self::Late => {
                write!(f, "{}: at the verifier: wardkey fleet token", self.name())
            }
            Self::Malformed => f.write_str("the verifier does not understand this machine"),
            Self::Broken => f.write_str("something is broken there, and its log says what"),
        }
    }
}
