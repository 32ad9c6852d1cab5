//! Where notes of logins by a recovery code are kept: a file for each person, beside the graces. The newest login alone
//! has one.

use super::basis::Basis;
use super::boot::{BootClock, BootId, SystemBootClock};
use super::files::Seat;
use super::note::{NoNote, Note, Person};
use super::session::{NoSession, Session};
use super::session_file::{Held, StateDir, may_write};
use super::ticket::Ticket;
use crate::record::enrolment::Enrolment;
use crate::store::{Section, StoreError};
use crate::user::UserName;
use std::path::{Path, PathBuf};

/// The directory of these files. Of nobody's graces: a person's directory never begins with a dot.
const DIR: &str = ".recovery";

/// What is noted until the next boot.
#[derive(Debug, Clone)]
pub struct Notes<C = SystemBootClock> {
    dir: PathBuf,
    boot: BootId,
    clock: C,
}

impl Notes {
    /// Those since this machine was started, kept in `dir` (`run.path`), which need not exist yet.
    ///
    /// # Errors
    /// [`NoNote`], where the kernel does not name the boot.
    pub fn of_this_boot(dir: PathBuf) -> Result<Self, NoNote> {
        Ok(Self { dir, boot: BootId::read()?, clock: SystemBootClock })
    }
}

/// Any code of theirs was accepted: what an earlier one left ends.
///
/// # Errors
/// [`StoreError`], for the log: the note ends with its time.
pub fn forget_note(dir: &Path, user: &UserName) -> Result<(), StoreError> {
    match StateDir::open(dir, DIR) {
        Err(e) if e.is_missing() => Ok(()),
        other => other?.remove(&user.file_name()),
    }
}

impl<C: BootClock> Notes<C> {
    /// A recovery code of the serial `code` was accepted in the login of this ticket. Nothing follows from it before
    /// that login opens a session.
    ///
    /// # Errors
    /// [`NoNote`], for the log.
    pub fn write(
        &self,
        (user, uid): (&UserName, u32),
        ticket: &Ticket,
        basis: &Basis,
        code: u64,
    ) -> Result<(), NoNote> {
        may_write()?;
        let dir = StateDir::make(&self.dir, DIR)?;
        let name = user.file_name();
        dir.remove(&name)?;
        let note = Note::of_login(self.person(user, uid), ticket, basis.clone(), code, self.clock.now());
        // Where another login was faster, that one has the note, and this ticket opens nothing.
        dir.write_new(&name, &note)?;
        Ok(())
    }

    /// The login of this ticket has opened a session.
    ///
    /// # Errors
    /// [`NoNote`], for the log.
    pub fn open(&self, seat: Seat<'_>, ticket: &Ticket) -> Result<(), NoNote> {
        may_write()?;
        let dir = StateDir::open(&self.dir, DIR)?;
        let section = Section::enter();
        let file = Held::open(&section, &dir, &seat.user.file_name())?.ok_or(NoNote::None)?;
        let mut note: Note = file.read()?.ok_or(DAMAGED)?;
        note.open(&self.person(seat.user, seat.uid), ticket, seat.session, self.clock.now())?;
        Ok(file.write(&note)?)
    }

    /// Whether `replace` may go without a code in this session. Reading takes nothing: what is begun may break off.
    ///
    /// # Errors
    /// [`NoNote`]: a code is asked for.
    pub fn hold(
        &self,
        (user, uid): (&UserName, u32),
        enrolment: &Enrolment,
        session: impl FnOnce() -> Result<Session, NoSession>,
    ) -> Result<(), NoNote> {
        let dir = StateDir::open(&self.dir, DIR)?;
        let section = Section::enter();
        let file = Held::open(&section, &dir, &user.file_name())?.ok_or(NoNote::None)?;
        let note: Note = file.read()?.ok_or(DAMAGED)?;
        note.holds(&self.person(user, uid), &session()?, enrolment, self.clock.now())
    }

    fn person(&self, user: &UserName, uid: u32) -> Person {
        Person { user: user.clone(), uid, boot: self.boot.clone() }
    }
}

const DAMAGED: NoNote = NoNote::Void("the note of the login is damaged");

#[cfg(test)]
#[path = "notes_tests.rs"]
mod tests;
