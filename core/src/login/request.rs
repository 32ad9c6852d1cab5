//! What is asked about a login. This process or the helper judges it.

use super::answer::Answer;
use crate::credential::secret::Secret;
use crate::grace::By;
use crate::wire::Topic;
use serde::{Deserialize, Serialize};

/// What PAM says of a login. None of it is more than the application's word.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PamItems {
    /// `PAM_SERVICE`, empty if unset.
    pub service: String,
    /// `PAM_RHOST`
    pub rhost: Option<String>,
    /// `PAM_TTY`
    pub tty: Option<String>,
}

/// One step of a login.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// What PAM says of the login.
    pub items: PamItems,
    /// The step.
    pub step: Step,
}

impl Topic for Request {
    const NAME: &'static str = "login";
    type Answer = Answer;
}

/// What is asked.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum Step {
    /// Whether a code is asked of them.
    Ask,
    /// To check a reply.
    Check(Reply),
    /// The same where no code need be: only a right one changes anything. For root alone: a person's own program could
    /// guess with it for nothing.
    CheckFree(Reply),
    /// Both in one, for a whole entry: whether a code is asked, and what its end comes to.
    Enter(Reply),
    /// To note that a login as a whole has succeeded; for unlock grace.
    Succeeded(By),
    /// To mail a code for this login to the registered address.
    MailCode,
    /// To note that a session opens after a login with a code; for unlock grace. Asked at a seat alone: elsewhere root's own
    /// process reads what a grace stands on.
    SessionOpened,
}

/// A reply to the prompt and how it is to be read.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// A code alone.
    Separate(Secret),
    /// A password with a code at its end.
    Combined(Secret),
    /// Known to be no code, whatever its form.
    NoCode,
}
