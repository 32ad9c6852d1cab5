//! What the decision is asked and comes to: a yes with what follows from it, or a no with its reason.

use crate::credential::single_use::Kind as CodeKind;
use crate::system::clock::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What the code is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To come in, or to act for oneself.
    Login,
    /// To show that the pending authenticator works. Wrong codes do not count: the one who types them was
    /// shown the key a moment ago.
    Confirm,
    /// To show that a new address is the person's own. Wrong codes count: nobody was shown this one.
    ConfirmAddress,
}

/// The answer.
#[must_use]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    /// Yes, once the change is durable.
    Accepted(Acceptance),
    /// No.
    Refused(Refusal),
    /// Authenticator codes cannot be judged: the sealing key is missing or foreign.
    Unsealable,
}

/// By what someone was accepted, and what they should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acceptance {
    /// The credential.
    pub method: Method,
    /// Bytes of it at the end of a combined entry; 0 otherwise.
    pub tail: usize,
    /// Recovery codes left after this.
    pub recovery_left: usize,
    /// Emergency codes left after this.
    #[serde(default)]
    pub emergency_left: usize,
    /// Wrong codes of any kind, tried in a row, that this success forgives: somebody else's, perhaps.
    pub wrong_before: u64,
    /// Whether this login must lead into enrolment.
    pub must_enroll: bool,
    /// Whether an authenticator took another's place since the last success: somebody else's, perhaps.
    #[serde(default)]
    pub is_replaced: bool,
    /// The serial of the single-use code, for the process that judged it alone.
    #[serde(skip)]
    pub code: Option<u64>,
}

/// A credential that was accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Method {
    /// The authenticator of this label.
    Authenticator(String),
    /// A single-use code of this kind.
    SingleUse(CodeKind),
    /// A code sent by mail.
    Mailed {
        /// Whether the site lets mail be a factor of its own.
        as_factor: bool,
    },
}

impl Verdict {
    /// The same, by the single-use code of this serial.
    pub(super) fn by_code(self, serial: u64) -> Self {
        match self {
            Self::Accepted(acceptance) => Self::Accepted(Acceptance { code: Some(serial), ..acceptance }),
            other @ (Self::Refused(_) | Self::Unsealable) => other,
        }
    }
}

impl Method {
    /// The word in audit lines.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Authenticator(_) => "authenticator",
            Self::SingleUse(kind) => kind.name(),
            Self::Mailed { as_factor: false } => "mailed recovery code",
            Self::Mailed { as_factor: true } => "mailed code",
        }
    }
}

/// Why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    /// No code by its form; does not count.
    Malformed,
    /// A wrong code; counts.
    Wrong,
    /// A wrong code that was one too many; counts. What codes meet from now on.
    LastWrong(Hold),
    /// A code of another time, `seconds` from now; counts. `sure` after a second one as far off.
    WrongTime {
        /// How far the authenticator's clock is ahead of this machine's.
        seconds: i64,
        /// Whether the person may be told: a guesser must not.
        sure: bool,
        /// What codes meet from now on, where it was one too many.
        then: Option<Hold>,
    },
    /// Right, but spent; does not count.
    AlreadyUsed,
    /// A right code past its end; does not count.
    Expired,
    /// Not before this moment; does not count.
    Waiting {
        /// The moment.
        until: Timestamp,
        /// Whether two codes in one entry may open meanwhile.
        two_codes: bool,
    },
    /// Two codes in one entry are not compared after so many wrong ones; one code is. Does not count.
    OneCodeOnly,
    /// Too many wrong codes; not before an unlock or a reset.
    Disabled,
    /// No second factor to compare with.
    NotEnrolled,
    /// Was reset: only a pass opens.
    MustEnroll,
    /// The account is not the one that was enrolled.
    OtherUid,
}

/// Why codes of one kind are not compared for now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Hold {
    /// Not before this moment.
    Waiting {
        /// The moment.
        until: Timestamp,
        /// Whether two codes in one entry may open meanwhile.
        two_codes: bool,
    },
    /// Not before an unlock or a reset.
    Disabled,
}

impl From<Hold> for Refusal {
    fn from(hold: Hold) -> Self {
        match hold {
            Hold::Waiting { until, two_codes } => Self::Waiting { until, two_codes },
            Hold::Disabled => Self::Disabled,
        }
    }
}

impl Refusal {
    /// A wrong code, and what codes meet from now on.
    #[must_use]
    pub const fn wrong(then: Option<Hold>) -> Self {
        match then {
            Some(hold) => Self::LastWrong(hold),
            None => Self::Wrong,
        }
    }

    /// As somebody may hear it who could be guessing: how far a code is from now only once that is sure.
    #[must_use]
    pub const fn to_a_guesser(self) -> Self {
        match self {
            Self::WrongTime { sure: false, then, .. } => Self::wrong(then),
            other => other,
        }
    }

    /// The same where wrong codes do not count: nothing begins with one.
    #[must_use]
    pub(super) const fn uncounted(self) -> Self {
        match self {
            Self::LastWrong(_) => Self::Wrong,
            Self::WrongTime { seconds, sure, .. } => Self::WrongTime { seconds, sure, then: None },
            other => other,
        }
    }

    /// The word in audit lines and JSON.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Malformed => "malformed",
            Self::Wrong | Self::LastWrong(_) => "wrong code",
            Self::WrongTime { .. } => "code of another time",
            Self::AlreadyUsed => "already used",
            Self::Expired => "expired",
            Self::Waiting { .. } => "waiting",
            Self::OneCodeOnly => "two codes not taken",
            Self::Disabled => "disabled",
            Self::NotEnrolled => "not enrolled",
            Self::MustEnroll => "must enroll",
            Self::OtherUid => "other uid than at enrolment",
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
