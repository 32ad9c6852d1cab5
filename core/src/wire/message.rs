//! What is asked and answered.

use super::detail::IN_THE_LOG;
use crate::credential::SingleUseCode;
use crate::credential::mailed::{Address, Notice};
use crate::credential::secret::Secret;
use crate::desk::Why;
use crate::desk::action::{Action, Done};
use crate::grace::By;
use crate::login::{self, Ask, Outcome, PamItems};
use crate::user::UserName;
use crate::verify::Refusal;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::PathBuf;

/// The form of the messages; a helper of another version says so and does nothing.
pub const VERSION: u32 = 3;

/// One question. The helper takes the peer's word for nothing but what concerns the peer itself.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// [`VERSION`]
    pub version: u32,
    /// The configuration by which the caller works ([`crate::policy::config::in_force`]).
    pub config: PathBuf,
    /// Whom it is about: oneself, unless root asks.
    pub user: UserName,
    /// What PAM says of the login.
    pub items: PamItems,
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
    /// The same where no code need be: only a right one changes anything. For root alone: a person's own program could
    /// guess with it for nothing.
    CheckFree(Typed),
    /// Both in one, for a whole entry: whether a code is asked, and what its end comes to.
    Enter(Typed),
    /// To note that a login as a whole has succeeded; for unlock grace.
    Succeeded(By),
    /// To do something for them, once they have shown who they are.
    Action(Action),
    /// To mail a code for this login to the registered address.
    MailCode,
    /// To note this address and to mail the code that confirms it; root alone may.
    RegisterAddress(Address),
    /// To tell this address of a change; root alone may.
    Notify(Address, Notice),
}

/// A reply to a prompt, on its way.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Typed {
    /// [`login::Reply::Separate`]
    Separate(Secret),
    /// [`login::Reply::Combined`]
    Combined(Secret),
    /// [`login::Reply::NoCode`]
    NoCode,
}

impl Typed {
    /// As it is checked.
    #[must_use]
    pub fn as_reply(&self) -> login::Reply<'_> {
        match self {
            Self::Separate(typed) => login::Reply::Separate(typed.expose()),
            Self::Combined(typed) => login::Reply::Combined(typed.expose()),
            Self::NoCode => login::Reply::NoCode,
        }
    }
}

impl From<login::Reply<'_>> for Typed {
    fn from(reply: login::Reply<'_>) -> Self {
        match reply {
            login::Reply::Separate(typed) => Self::Separate(Secret::new(typed.to_vec())),
            login::Reply::Combined(typed) => Self::Combined(Secret::new(typed.to_vec())),
            login::Reply::NoCode => Self::NoCode,
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
    /// To [`Request::Succeeded`].
    Noted,
    /// In the middle of an action: what the person must type, as a [`Reply`].
    Wants(Wish),
    /// In the middle of an action: a text for the person.
    Says(String),
    /// The action is done.
    Done(Done),
    /// It is not, and nothing has changed but what the codes changed that were typed for it.
    Refused(Refused),
    /// To the three requests about mail. It is written down already.
    Mailed(Mailed),
    /// To [`Request::Enter`].
    Entered {
        /// Whether a code is asked.
        ask: Ask,
        /// What the end of the entry came to.
        outcome: Outcome,
        /// The generation of the record it was decided on.
        generation: Option<u64>,
    },
    /// The helper will not.
    Denied(Denial),
}

/// What came of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mailed {
    /// The mail system has it; to whom, masked.
    Sent(String),
    /// It may not be.
    Refused(Why),
    /// The mail system does not take it; why, to root.
    Failed(String),
    /// The record cannot be read or written; why, to root.
    Broken(String),
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
    /// The caller works by another configuration.
    OtherConfig {
        /// The caller's.
        asked: PathBuf,
        /// The helper's; to root alone, else empty.
        own: PathBuf,
    },
    /// The question is none.
    Malformed,
    /// The helper's own configuration does not load, or a look-up failed; why, to root.
    Broken(String),
}

impl fmt::Display for Denial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotYou => f.write_str("the question is about somebody else"),
            Self::Busy => f.write_str("this user asks too much at once"),
            Self::Version => {
                f.write_str("module or command and helper are of different versions; restart both")
            }
            Self::OtherConfig { asked, own } if own.as_os_str().is_empty() => {
                write!(f, "it works by another file than {asked:?}")
            }
            Self::OtherConfig { asked, own } => {
                write!(f, "it works by {own:?}, and the question by {asked:?}")
            }
            Self::Malformed => f.write_str("the question is not understood"),
            Self::Broken(why) => f.write_str(if why.is_empty() { IN_THE_LOG } else { why }),
        }
    }
}

/// What the person, or the program before them, is to do.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wish {
    /// What a PAM module asks.
    Line {
        /// Its prompt.
        prompt: String,
        /// Whether what is typed must not be seen.
        hidden: bool,
    },
    /// A code of theirs.
    Code,
    /// To put these recovery codes where they will be found; they come into force after the reply, which is empty.
    Keep(Vec<SingleUseCode>),
}

/// What the person typed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Reply(pub Secret);

/// Why an action is not done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refused {
    /// This site's people do not help themselves.
    NoSelfService,
    /// The login password was not right, or PAM does not let the account in.
    Password,
    /// The code was not right.
    Code(Refusal),
    /// It may not be.
    Why(Why),
    /// It cannot be done now; why, to root.
    Broken(String),
}
