//! What is asked and answered.

use crate::login::{Ask, Outcome, Reply, Scene};
use crate::secret::Secret;
use crate::user::UserName;
use serde::{Deserialize, Serialize};

/// The form of the messages; a helper of another version says so and does nothing.
pub const VERSION: u32 = 1;

/// One question. The helper takes the peer's word for nothing but what concerns the peer itself.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// [`VERSION`]
    pub version: u32,
    /// Whom it is about: oneself, unless root asks.
    pub user: UserName,
    /// What PAM says of the login.
    pub scene: Scene,
    /// What is asked.
    pub request: Request,
}

/// What is asked.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum Request {
    /// Whether a code is asked of them.
    Ask,
    /// To check a reply as a login does.
    Check(Typed),
    /// The same where no code need be: only a right one changes anything.
    CheckFree(Typed),
}

/// A reply to a prompt, on its way.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Typed {
    /// [`Reply::Separate`]
    Separate(Secret),
    /// [`Reply::Combined`]
    Combined(Secret),
    /// [`Reply::NoCode`]
    NoCode,
}

impl Typed {
    /// As it is checked.
    #[must_use]
    pub fn as_reply(&self) -> Reply<'_> {
        match self {
            Self::Separate(typed) => Reply::Separate(typed.expose()),
            Self::Combined(typed) => Reply::Combined(typed.expose()),
            Self::NoCode => Reply::NoCode,
        }
    }
}

impl From<Reply<'_>> for Typed {
    fn from(reply: Reply<'_>) -> Self {
        match reply {
            Reply::Separate(typed) => Self::Separate(Secret::new(typed.to_vec())),
            Reply::Combined(typed) => Self::Combined(Secret::new(typed.to_vec())),
            Reply::NoCode => Self::NoCode,
        }
    }
}

/// What is answered.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// To [`Request::Ask`].
    Asked(Ask),
    /// To the two checks. It is written down already.
    Checked {
        /// What it came to.
        outcome: Outcome,
        /// The generation of the record it was decided on.
        generation: Option<u64>,
    },
    /// The helper will not.
    Denied(Denial),
}

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Denial {
    /// It is about someone else.
    NotYou,
    /// Too many questions of this user at once.
    Busy,
    /// The question is of another version.
    Version,
    /// The question is none.
    Malformed,
    /// The helper's own configuration does not load, or a look-up failed; why.
    Broken(String),
}
