//! What is remembered of one session of one person, and what each step makes of it. Pure: no file, no clock.

use super::basis::Basis;
use super::boot::{BootId, BootTime};
use super::session::NoSession;
use super::{BUDGET, LONGEST};
use crate::store::StoreError;
use crate::system::trusted_file::Untrusted;
use crate::user::UserName;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::time::Duration;

/// The form written; a file of another form is none.
const VERSION: u32 = 1;

/// Who asks, from where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Owner {
    pub(super) user: UserName,
    pub(super) uid: u32,
    pub(super) session: String,
    pub(super) boot: BootId,
}

/// A session's grace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct State {
    version: u32,
    owner: Owner,
    basis: Basis,
    /// When both factors had been shown.
    since: Option<BootTime>,
    /// When a code was right in a login of which it is not known yet whether its password was.
    pending: Option<BootTime>,
    /// Unlocks that may still be begun.
    left: u8,
}

/// How a login passed that has now succeeded as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum By {
    /// With a code.
    Code,
    /// By grace.
    Grace,
}

/// What became of asking for an unlock without a code.
#[must_use]
#[derive(Debug)]
pub enum Taken {
    /// The password is enough; one of the budget is gone.
    Granted,
    /// A code is to be asked for.
    AskForCode(NoGrace),
}

/// Why a code is to be asked for.
#[derive(Debug)]
pub enum NoGrace {
    /// The service has none, or the person is at another machine.
    Off,
    /// The process is in no session that could be told from another.
    NoSession(NoSession),
    /// Both factors have not been shown in this session.
    None,
    /// It was too long ago.
    Expired,
    /// Too many unlocks were begun and not finished.
    Spent,
    /// It is another person's, account's, session's or boot's.
    NotTheirs,
    /// The credentials are others since.
    Changed,
    /// It lies ahead of the present.
    Future,
    /// The file is cut short or was changed by something else.
    Damaged,
    /// It cannot be read, or the step cannot be recorded.
    Trouble(StoreError),
    /// What is enrolled cannot be told.
    Untold(String),
}

impl NoGrace {
    /// Whether it belongs into the log: all but what happens every day.
    #[must_use]
    pub const fn is_worth_a_line(&self) -> bool {
        !matches!(self, Self::Off | Self::None | Self::Expired)
    }
}

impl fmt::Display for NoGrace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Off => "no grace: none is configured here",
            Self::None => "no grace: this session has not had both factors",
            Self::Expired => "no grace: both factors were shown too long ago",
            Self::Spent => "no grace: too many unlocks did not succeed",
            Self::NotTheirs => "no grace: recorded for another account, session or boot",
            Self::Changed => "no grace: the authenticators were changed since",
            Self::Future => "no grace: recorded at a time that is yet to come",
            Self::Damaged => "no grace: its file is damaged",
            Self::NoSession(e) => return write!(f, "no grace: {e}"),
            Self::Trouble(e) => return write!(f, "no grace: {e}"),
            Self::Untold(why) => return write!(f, "no grace: {why}"),
        })
    }
}

impl From<NoSession> for NoGrace {
    fn from(e: NoSession) -> Self {
        Self::NoSession(e)
    }
}

impl From<StoreError> for NoGrace {
    fn from(e: StoreError) -> Self {
        Self::Trouble(e)
    }
}

impl From<Untrusted> for NoGrace {
    fn from(e: Untrusted) -> Self {
        if e.is_missing() { Self::None } else { Self::Trouble(e.into()) }
    }
}

impl State {
    /// Nothing shown yet.
    pub(super) const fn new(owner: Owner, basis: Basis) -> Self {
        Self { version: VERSION, owner, basis, since: None, pending: None, left: BUDGET }
    }

    /// Whether anything can still come of it.
    pub(super) fn is_alive(&self, boot: &BootId, now: BootTime) -> bool {
        let is_recent = |moment: BootTime| now.since(moment).is_some_and(|age| age < LONGEST);
        self.version == VERSION
            && self.owner.boot == *boot
            && (self.since.is_some_and(is_recent) || self.pending.is_some_and(is_recent))
    }

    fn is_of(&self, owner: &Owner, basis: &Basis) -> Result<(), NoGrace> {
        if self.version != VERSION || self.owner != *owner {
            Err(NoGrace::NotTheirs)
        } else if self.basis != *basis {
            Err(NoGrace::Changed)
        } else {
            Ok(())
        }
    }

    /// One unlock by password is begun. Whatever ends a grace ends it for good; only its span does not, since another
    /// service may have a longer one.
    pub(super) fn take(
        &mut self,
        owner: &Owner,
        basis: &Basis,
        span: Duration,
        now: BootTime,
    ) -> Result<(), NoGrace> {
        // A code of an earlier attempt was not followed by a password.
        self.pending = None;
        let judged = self.judge(owner, basis, span.min(LONGEST), now);
        match &judged {
            Ok(()) => self.left -= 1,
            Err(NoGrace::Expired) => {}
            Err(_) => self.since = None,
        }
        judged
    }

    fn judge(&self, owner: &Owner, basis: &Basis, span: Duration, now: BootTime) -> Result<(), NoGrace> {
        self.is_of(owner, basis)?;
        let age = now.since(self.since.ok_or(NoGrace::None)?).ok_or(NoGrace::Future)?;
        if age >= span {
            Err(NoGrace::Expired)
        } else if self.left == 0 {
            Err(NoGrace::Spent)
        } else {
            Ok(())
        }
    }

    /// A code was right; what there is of another account, boot or set of authenticators ends.
    pub(super) fn code_accepted(before: Option<Self>, owner: Owner, basis: Basis, now: BootTime) -> Self {
        let kept = before.filter(|state| state.is_of(&owner, &basis).is_ok());
        let mut state = kept.unwrap_or_else(|| Self::new(owner, basis));
        state.pending = Some(now);
        state
    }

    /// A session was opened with both factors.
    pub(super) fn begun(owner: Owner, basis: Basis, now: BootTime) -> Self {
        Self { since: Some(now), ..Self::new(owner, basis) }
    }

    /// The login as a whole succeeded: the budget is whole again. Only a code makes a grace younger, and one that was not
    /// asked for, so that nothing is pending, neither that nor the budget whole.
    pub(super) fn succeeded(&mut self, owner: &Owner, by: By) -> Result<(), NoGrace> {
        if self.version != VERSION || self.owner != *owner {
            return Err(NoGrace::NotTheirs);
        }
        if by == By::Code {
            let Some(moment) = self.pending.take() else { return Ok(()) };
            self.since = Some(moment);
        }
        self.left = BUDGET;
        Ok(())
    }
}

#[cfg(test)]
#[path = "state_tests.rs"]
mod tests;
