//! What the command and the process that calls libpam for it say to each other: a job on the command line, events and
//! replies a line each.

use pam_stack::PamResult;
use serde::{Deserialize, Serialize};

/// One login to go through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Job {
    /// The PAM service.
    pub(crate) service: String,
    /// Who logs in.
    pub(crate) user: String,
    /// As whom the program runs.
    pub(crate) identity: Identity,
    /// The terminal or display, where the program names one.
    pub(crate) tty: Option<String>,
    /// The X display, where the program names one.
    pub(crate) display: Option<String>,
    /// Who asks, where the program says so.
    pub(crate) ruser: Option<String>,
    /// Whether the program has modules say nothing but their prompts.
    pub(crate) is_silent: bool,
}

/// As whom a program calls libpam.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Identity {
    /// root, wholly.
    Root,
    /// A set-user-ID program: root, started by somebody else.
    StartedBy(RunAs),
    /// Somebody else, without root's rights.
    Wholly(RunAs),
}

/// An account, as far as a process takes it on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RunAs {
    /// Its name.
    pub(crate) name: String,
    /// Its uid.
    pub(crate) uid: u32,
    /// Its group.
    pub(crate) gid: u32,
}

/// A call of libpam.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum PamCall {
    /// `pam_start`.
    Start,
    /// `pam_authenticate`.
    Auth,
    /// `pam_acct_mgmt`.
    Account,
}

impl PamCall {
    /// Its name in audit lines.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Auth => "auth",
            Self::Account => "account",
        }
    }
}

/// A call and what libpam answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CallStep {
    /// The call.
    pub(crate) call: PamCall,
    /// The answer.
    pub(crate) result: PamResult,
}

/// What happens in the other process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum CallEvent {
    /// A prompt, which wants a reply.
    Prompt { text: String, is_hidden: bool },
    /// A text.
    Text(String),
    /// An error.
    Error(String),
    /// A call has ended with libpam's number.
    Ended(PamCall, u8),
    /// It could not become who it should be.
    NotBecome(String),
}
