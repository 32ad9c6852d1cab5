//! Why a change to a record does not happen.

use crate::credential::secret::NoEntropy;
use crate::credential::single_use::{MakeError, NotRun};
use crate::record::seal::SealError;
use crate::store::StoreError;
use crate::system::clock::Timestamp;
use crate::verify::Refusal;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a person asked for that cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Why {
    /// They have a second factor already.
    AlreadyEnrolled,
    /// They have no second factor, or no record at all.
    NotEnrolled,
    /// No authenticator waits for its first code, or its day is over.
    NothingPending,
    /// They were reset: no code but a pass would open before they are enrolled again.
    MustEnroll,
    /// The account is not the one that was enrolled: its uid differs.
    OtherUid,
    /// A given key is shorter than [RFC 4226 §4 R6] allows.
    KeyTooShort,
    /// A given key is longer than any app takes.
    KeyTooLong,
    /// They have an authenticator with this key.
    KeyTaken,
    /// A label that is empty, too long or not one line.
    BadLabel,
    /// They have several authenticators, and none was named.
    WhichAuthenticator,
    /// They have no authenticator of that label.
    NoSuchAuthenticator,
    /// They have an authenticator of that label.
    LabelTaken,
    /// They have as many authenticators as there can be.
    TooManyAuthenticators,
    /// It is their only authenticator.
    LastAuthenticator,
    /// The account's uid is the one that was enrolled.
    SameUid,
    /// Fewer of the 32 places are free than codes are wanted.
    NoRoom {
        /// How many are.
        free: usize,
    },
    /// The site sends no codes by mail, or not to someone like them.
    MailIsOff,
    /// They have no registered address.
    NoAddress,
    /// As many codes were sent as may be; the next one not before this moment.
    TooManyMails(Timestamp),
    /// The code is not right.
    Code(Refusal),
    /// A record of that name is there already.
    NameTaken,
    /// The record was reset, removed or made again while the codes for the earlier one were written down.
    Replaced,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AlreadyEnrolled => "enrolled already",
            Self::NotEnrolled => "not enrolled",
            Self::NothingPending => "no authenticator waits for its first code",
            Self::MustEnroll => "must enroll",
            Self::OtherUid => "other uid than at enrolment",
            Self::KeyTooShort => "key too short",
            Self::KeyTooLong => "key too long",
            Self::KeyTaken => "key used already",
            Self::BadLabel => "bad label",
            Self::WhichAuthenticator => "several authenticators, none named",
            Self::NoSuchAuthenticator => "no such authenticator",
            Self::LabelTaken => "label used already",
            Self::TooManyAuthenticators => "too many authenticators",
            Self::LastAuthenticator => "the only authenticator",
            Self::SameUid => "same uid as at enrolment",
            Self::NoRoom { free } => return write!(f, "room for {free} more codes only"),
            Self::MailIsOff => "codes by mail are off",
            Self::NoAddress => "no registered address",
            Self::TooManyMails(until) => return write!(f, "too many mails until {until}"),
            Self::Code(refusal) => return refusal.fmt(f),
            Self::NameTaken => "a record of that name exists",
            Self::Replaced => "reset or enrolled again meanwhile",
        })
    }
}

impl Why {
    /// As somebody may hear it who could be guessing.
    #[must_use]
    pub const fn to_a_guesser(self) -> Self {
        match self {
            Self::Code(refusal) => Self::Code(refusal.to_a_guesser()),
            other => other,
        }
    }
}

/// Why nothing was changed.
#[derive(Debug)]
pub enum Problem {
    /// It may not be.
    Refused(Why),
    /// The record cannot be read or written.
    Store(StoreError),
    /// Keys cannot be sealed or opened.
    Seal(SealError),
    /// No code could be made or hashed.
    Make(MakeError),
    /// Others kept changing the record meanwhile.
    Changing,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(why) => why.fmt(f),
            Self::Store(e) => e.fmt(f),
            Self::Seal(e) => e.fmt(f),
            Self::Make(e) => e.fmt(f),
            Self::Changing => f.write_str("the record changed meanwhile"),
        }
    }
}

impl From<Why> for Problem {
    fn from(why: Why) -> Self {
        Self::Refused(why)
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<SealError> for Problem {
    fn from(error: SealError) -> Self {
        Self::Seal(error)
    }
}

impl From<MakeError> for Problem {
    fn from(error: MakeError) -> Self {
        Self::Make(error)
    }
}

impl From<NoEntropy> for Problem {
    fn from(error: NoEntropy) -> Self {
        Self::Make(MakeError::NoEntropy(error))
    }
}

impl From<NotRun> for Problem {
    fn from(error: NotRun) -> Self {
        Self::Make(MakeError::NotRun(error))
    }
}

#[cfg(test)]
#[path = "problem_tests.rs"]
mod tests;
