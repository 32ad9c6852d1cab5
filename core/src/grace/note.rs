//! What a login by a recovery code leaves for `replace`, and what each step makes of it. Pure: no file, no clock.

use super::basis::Basis;
use super::boot::{BootId, BootTime};
use super::session::{NoSession, Session};
use super::ticket::Ticket;
use crate::credential::single_use::Kind;
use crate::record::enrolment::Enrolment;
use crate::store::StoreError;
use crate::system::trusted_file::Untrusted;
use crate::user::UserName;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::time::Duration;

/// For so long after the code `replace` asks for the password alone.
pub const NOTE_LASTS: Duration = Duration::from_secs(600);

/// The form written; a file of another form is none.
const VERSION: u32 = 1;

/// Whose login it was, since which start of the machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Person {
    pub(super) user: UserName,
    pub(super) uid: u32,
    pub(super) boot: BootId,
}

/// How far the login has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Stage {
    /// The code was right; of the ticket with this digest no session is open yet.
    Login(String),
    /// The login as a whole succeeded: it opened this session.
    Session(String),
}

/// One recovery code that was accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Note {
    version: u32,
    person: Person,
    /// What was enrolled then.
    basis: Basis,
    /// The serial of the code.
    code: u64,
    /// When it was accepted.
    since: BootTime,
    stage: Stage,
}

/// Why a second code is asked for.
#[derive(Debug)]
pub enum NoNote {
    /// No recovery code opened a login of theirs.
    None,
    /// One did, and nothing follows from it here.
    Void(&'static str),
    /// The process is in no session that could be told from another.
    NoSession(NoSession),
    /// It cannot be read or written.
    Trouble(StoreError),
}

impl fmt::Display for NoNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`replace` asks for a code: ")?;
        match self {
            Self::None => f.write_str("no login by a recovery code"),
            Self::Void(why) => f.write_str(why),
            Self::NoSession(e) => e.fmt(f),
            Self::Trouble(e) => e.fmt(f),
        }
    }
}

impl From<NoSession> for NoNote {
    fn from(e: NoSession) -> Self {
        Self::NoSession(e)
    }
}

impl From<StoreError> for NoNote {
    fn from(e: StoreError) -> Self {
        Self::Trouble(e)
    }
}

impl From<Untrusted> for NoNote {
    fn from(e: Untrusted) -> Self {
        if e.is_missing() { Self::None } else { Self::Trouble(e.into()) }
    }
}

impl Note {
    /// A recovery code of this serial was accepted.
    pub(super) fn of_login(
        person: Person,
        ticket: &Ticket,
        basis: Basis,
        code: u64,
        since: BootTime,
    ) -> Self {
        Self { version: VERSION, person, basis, code, since, stage: Stage::Login(ticket.digest()) }
    }

    /// The login of this ticket opened a session. One ticket opens one.
    pub(super) fn open(
        &mut self,
        person: &Person,
        ticket: &Ticket,
        session: &Session,
        now: BootTime,
    ) -> Result<(), NoNote> {
        self.is_live(person, now)?;
        if self.stage != Stage::Login(ticket.digest()) {
            return Err(NoNote::Void("another login came after it"));
        }
        self.stage = Stage::Session(session.to_string());
        Ok(())
    }

    /// Whether `replace` may go without a code in this session, for what is enrolled now.
    pub(super) fn holds(
        &self,
        person: &Person,
        session: &Session,
        enrolment: &Enrolment,
        now: BootTime,
    ) -> Result<(), NoNote> {
        self.is_live(person, now)?;
        if self.stage != Stage::Session(session.to_string()) {
            return Err(NoNote::Void("the recovery code opened another session"));
        }
        let has_code = enrolment.codes_of(Kind::Recovery).any(|code| code.serial == self.code);
        if !has_code || Basis::of(enrolment).as_ref() != Some(&self.basis) {
            return Err(NoNote::Void("the second factor was changed since the login"));
        }
        Ok(())
    }

    fn is_live(&self, person: &Person, now: BootTime) -> Result<(), NoNote> {
        if self.version != VERSION || self.person != *person {
            return Err(NoNote::Void("noted for another account or boot"));
        }
        match now.since(self.since) {
            Some(age) if age < NOTE_LASTS => Ok(()),
            Some(_) => Err(NoNote::Void("the login by a recovery code was too long ago")),
            None => Err(NoNote::Void("noted at a time that is yet to come")),
        }
    }
}

#[cfg(test)]
#[path = "note_tests.rs"]
mod tests;
