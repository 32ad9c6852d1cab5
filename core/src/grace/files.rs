//! What is kept under `/run/wardkey/grace`: a directory a person, and in it one small file a session.

use super::basis::Basis;
use super::boot::{BootClock, BootId, SystemBootClock};
use super::session::{LEADER, Session};
use super::session_file::{Held, StateDir, may_write};
use super::state::{By, NoGrace, Owner, State, Taken};
use crate::store::{Section, StoreError};
use crate::system::trusted_file::Untrusted;
use crate::user::UserName;
use std::path::PathBuf;
use std::time::Duration;

/// Who asks, and in which session.
#[derive(Debug, Clone, Copy)]
pub struct Seat<'a> {
    /// The person.
    pub user: &'a UserName,
    /// The account's uid.
    pub uid: u32,
    /// The session, as the kernel tells it.
    pub session: &'a Session,
}

/// What is remembered of sessions until the next boot.
#[derive(Debug, Clone)]
pub struct Grace<C = SystemBootClock> {
    dir: PathBuf,
    boot: BootId,
    clock: C,
}

impl Grace {
    /// That of this boot of this machine, kept in `dir` (`run.path`), which need not exist yet.
    ///
    /// # Errors
    /// [`Untrusted`], where the kernel does not name the boot: then a code is asked for.
    pub fn of_this_boot(dir: PathBuf) -> Result<Self, Untrusted> {
        Ok(Self::new(dir, BootId::read()?, SystemBootClock))
    }
}

impl<C: BootClock> Grace<C> {
    /// That of the boot `boot`, by the clock `clock`.
    pub const fn new(dir: PathBuf, boot: BootId, clock: C) -> Self {
        Self { dir, boot, clock }
    }

    /// `auth`, before anybody is asked for a code: takes one unlock of the budget where a grace younger than `span`
    /// holds.
    pub fn take(&self, seat: Seat<'_>, basis: &Basis, span: Duration) -> Taken {
        let owner = self.owner(seat);
        let taken = self.change(seat, |state| state.take(&owner, basis, span, self.clock.now()));
        match taken {
            Ok(()) => Taken::Granted,
            Err(why) => Taken::AskForCode(why),
        }
    }

    /// `auth`, after a code of someone enrolled was accepted: remembers it until [`Self::succeeded`] says that the
    /// password was right too.
    ///
    /// # Errors
    /// [`StoreError`], for the log: no grace comes of it.
    pub fn code_accepted(&self, seat: Seat<'_>, basis: &Basis) -> Result<(), StoreError> {
        self.put(seat, |before| {
            State::code_accepted(before, self.owner(seat), basis.clone(), self.clock.now())
        })
    }

    /// `open_session` of a login whose `auth` accepted a code: the grace begins, unless the session cannot be known
    /// yet; then its first unlock asks for a code.
    ///
    /// # Errors
    /// [`StoreError`], for the log: no grace comes of it.
    pub fn begin(&self, seat: Seat<'_>, basis: &Basis) -> Result<(), StoreError> {
        if !seat.session.is_known_at_login() {
            return Ok(());
        }
        self.put(seat, |_| State::begun(self.owner(seat), basis.clone(), self.clock.now()))?;
        self.sweep_person(&seat.user.file_name())
    }

    /// `setcred` of an unlock that passed `by` grace or by a code: gives the budget back, and a code makes the grace as
    /// young as the code.
    ///
    /// # Errors
    /// [`NoGrace`], for the log.
    pub fn succeeded(&self, seat: Seat<'_>, by: By) -> Result<(), NoGrace> {
        let owner = self.owner(seat);
        self.change(seat, |state| state.succeeded(&owner, by))
    }

    /// `close_session`: the grace of this session ends, and of this person's that are known by a leader alone, since
    /// those cannot be told to belong to a login that goes on.
    ///
    /// # Errors
    /// [`StoreError`], for the log.
    pub fn end(&self, user: &UserName, session: Option<&Session>) -> Result<(), StoreError> {
        let session = session.map(Session::to_string);
        self.remove_where(&user.file_name(), |name, _| {
            name.starts_with(LEADER) || session.as_deref() == Some(name)
        })
    }

    /// Removes what has no effect any more: of other boots, over, damaged. One that becomes alive between the look and the
    /// removal asks for one code more.
    fn sweep_person(&self, person: &str) -> Result<(), StoreError> {
        let now = self.clock.now();
        self.remove_where(person, |_, state| !state.is_some_and(|s| s.is_alive(&self.boot, now)))
    }

    fn owner(&self, seat: Seat<'_>) -> Owner {
        Owner {
            user: seat.user.clone(),
            uid: seat.uid,
            session: seat.session.to_string(),
            boot: self.boot.clone(),
        }
    }

    /// Changes what there is. What cannot be recorded has not happened.
    fn change(
        &self,
        seat: Seat<'_>,
        change: impl FnOnce(&mut State) -> Result<(), NoGrace>,
    ) -> Result<(), NoGrace> {
        may_write()?;
        let person = StateDir::open(&self.dir, &seat.user.file_name())?;
        let section = Section::enter();
        let file = Held::open(&section, &person, &seat.session.to_string())?.ok_or(NoGrace::None)?;
        let before = file.read()?;
        let mut state = before.clone().ok_or(NoGrace::Damaged)?;
        let judged = change(&mut state);
        if before.as_ref() != Some(&state) {
            file.write(&state)?;
        }
        judged
    }

    /// Writes what comes of what there is; a file that is not to be believed counts as none, and is replaced.
    fn put(&self, seat: Seat<'_>, make: impl Fn(Option<State>) -> State) -> Result<(), StoreError> {
        may_write()?;
        let person = StateDir::make(&self.dir, &seat.user.file_name())?;
        let name = seat.session.to_string();
        let section = Section::enter();
        loop {
            match Held::open(&section, &person, &name) {
                Ok(Some(file)) => return file.write(&make(file.read()?)),
                Ok(None) => {}
                Err(StoreError::Untrusted(_)) => person.remove(&name)?,
                Err(e) => return Err(e),
            }
            // Where another process was faster, change what it made.
            if person.write_new(&name, &make(None))? {
                return Ok(());
            }
        }
    }

    fn remove_where(
        &self,
        person: &str,
        is_over: impl Fn(&str, Option<&State>) -> bool,
    ) -> Result<(), StoreError> {
        let person = match StateDir::open(&self.dir, person) {
            Err(e) if e.is_missing() => return Ok(()),
            other => other?,
        };
        let mut result = Ok(());
        for name in person.names()? {
            if is_over(&name, person.read(&name).as_ref()) {
                result = result.and(person.remove(&name));
            }
        }
        result
    }
}

#[cfg(test)]
#[path = "files_tests.rs"]
mod tests;
