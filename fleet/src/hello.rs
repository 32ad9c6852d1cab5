//! How a connection begins, once TLS has shown both sides who the other is.

use serde::{Deserialize, Serialize};
use std::fmt;
use wardkey_core::system::clock::Timestamp;

/// The first thing that a seat says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hello {
    /// The kernel's random name of this boot: two machines with one key have two.
    pub boot: String,
    /// What the machine calls itself, for people to read.
    pub host: String,
    /// The version of wardkey there.
    pub version: String,
    /// The seat's clock.
    pub time: Timestamp,
}

/// What the verifier says to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Welcome {
    /// The seat may ask.
    Come {
        /// The verifier's clock.
        time: Timestamp,
        /// Until when the seat's certificate is good.
        until: Timestamp,
    },
    /// It may not.
    Turned(Turned),
}

/// Why a seat is not answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Turned {
    /// It was removed, or has never been known.
    NoSeat,
    /// It has joined again since, with another certificate.
    Superseded,
    /// Its certificate is past its end.
    Expired,
    /// Two machines have its key.
    TwoMachines {
        /// What one of them calls itself.
        one: String,
        /// And the other.
        other: String,
    },
    /// It asks too much at once.
    Busy,
    /// What came was no question.
    Malformed,
    /// The verifier cannot answer; its log says why.
    Broken,
}

impl fmt::Display for Turned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoSeat => {
                f.write_str("this seat is not known there: it was removed; to join again: wardkey fleet join")
            }
            Self::Superseded => {
                f.write_str("this seat has joined again since, with another certificate: wardkey fleet join")
            }
            Self::Expired => f.write_str("this seat's certificate is past its end: wardkey fleet join"),
            Self::TwoMachines { one, other } => write!(
                f,
                "two machines have this seat's key, {one:?} and {other:?}: wardkey fleet join at each, by a name of its own"
            ),
            Self::Busy => f.write_str("this seat asks too much at once"),
            Self::Malformed => f.write_str("the verifier does not understand this seat"),
            Self::Broken => f.write_str("something is broken there, and its log says what"),
        }
    }
}
