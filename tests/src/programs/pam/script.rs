//! What `pamclient` is told to do.

use serde::{Deserialize, Serialize};

/// A function of libpam to call.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub enum Door {
    /// `pam_authenticate`
    Auth,
    /// `pam_acct_mgmt`
    Account,
    /// `pam_setcred(PAM_ESTABLISH_CRED)`
    SetCred,
    /// `pam_open_session`
    OpenSession,
    /// `pam_close_session`
    CloseSession,
    /// `pam_chauthtok`, as passwd calls it
    Password,
    /// `pam_chauthtok(PAM_CHANGE_EXPIRED_AUTHTOK)`, as a login does when the account door asks for it
    ExpiredPassword,
}

/// What the person does at a prompt.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub enum Reply {
    /// Types this.
    Types(Vec<u8>),
    /// Types the next line of standard input, which the reader of the output writes.
    Reads,
    /// Goes away: the conversation fails.
    Leaves,
    /// The application claims success without an answer.
    Nothing,
}

/// One expected prompt and what is done at it.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Answer {
    /// A part of the prompt's text; another prompt is an error.
    pub expect: String,
    /// What the person does.
    pub reply: Reply,
}

/// One use of a PAM handle.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Script {
    /// The PAM service.
    pub service: String,
    /// The user's name, in any bytes but NUL.
    pub user: Vec<u8>,
    /// A directory of service files of one's own, for `pam_start_confdir`.
    pub confdir: Option<String>,
    /// `PAM_RHOST`
    pub rhost: Option<String>,
    /// `PAM_TTY`
    pub tty: Option<String>,
    /// Calls every door with `PAM_SILENT`.
    pub silent: bool,
    /// Stops at the first prompt, says so, and goes on when standard input ends.
    pub barrier: bool,
    /// The doors to call, in order, whatever they return.
    pub doors: Vec<Door>,
    /// The prompts expected over all doors, in order.
    pub answers: Vec<Answer>,
}

impl Script {
    /// Opens the auth door of `service` for `user`, who expects no prompt yet.
    #[must_use]
    pub fn new(service: &str, user: impl AsRef<[u8]>) -> Self {
        Self {
            service: service.into(),
            user: user.as_ref().to_owned(),
            confdir: None,
            rhost: None,
            tty: None,
            silent: false,
            barrier: false,
            doors: vec![Door::Auth],
            answers: Vec::new(),
        }
    }

    /// At the next prompt, which holds `expect`, the person types `typed`.
    #[must_use]
    pub fn types(self, expect: &str, typed: impl AsRef<[u8]>) -> Self {
        self.replies(expect, Reply::Types(typed.as_ref().to_owned()))
    }

    /// At the next prompt, which holds `expect`, the person does `reply`.
    #[must_use]
    pub fn replies(mut self, expect: &str, reply: Reply) -> Self {
        self.answers.push(Answer { expect: expect.into(), reply });
        self
    }

    /// Calls these doors instead of auth alone.
    #[must_use]
    pub fn doors(mut self, doors: &[Door]) -> Self {
        self.doors = doors.to_vec();
        self
    }

    /// Comes from `rhost`.
    #[must_use]
    pub fn from(mut self, rhost: &str) -> Self {
        self.rhost = Some(rhost.into());
        self
    }

    /// Sits at `tty`.
    #[must_use]
    pub fn at(mut self, tty: &str) -> Self {
        self.tty = Some(tty.into());
        self
    }

    /// Calls every door with `PAM_SILENT`.
    #[must_use]
    pub fn silent(mut self) -> Self {
        self.silent = true;
        self
    }

    /// Waits at the first prompt until the test lets go.
    #[must_use]
    pub fn at_barrier(mut self) -> Self {
        self.barrier = true;
        self
    }
}
