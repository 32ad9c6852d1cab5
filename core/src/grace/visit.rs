//! One use of PAM, as grace sees it: what module and helper call at each door.

use super::basis::Basis;
use super::files::{Grace, Seat};
use super::here::is_this_machine;
use super::process::Process;
use super::session::Session;
use super::state::{By, NoGrace, Taken};
use crate::policy::config::Config;
use crate::user::UserName;
use std::time::Duration;

/// Who comes, by which service, and from where.
#[derive(Debug, Clone, Copy)]
pub struct Visit<'a> {
    /// The configuration in force.
    pub config: &'a Config,
    /// `PAM_SERVICE`
    pub service: &'a str,
    /// `PAM_RHOST`
    pub rhost: Option<&'a str>,
    /// What this machine is called.
    pub own_name: Option<&'a str>,
    /// The person.
    pub user: &'a UserName,
    /// The account's uid.
    pub uid: u32,
}

impl Visit<'_> {
    /// `auth`, where a code would be asked for: whether the password is enough.
    pub fn take(&self, process: &Process<'_>, basis: &Basis) -> Taken {
        let taken = self.at_unlock(process, |grace, seat, span| Ok(grace.take(seat, basis, span)));
        taken.unwrap_or_else(Taken::AskForCode)
    }

    /// `auth`, after the code of someone enrolled was accepted, not one that leads into enrolment.
    ///
    /// # Errors
    /// [`NoGrace`]: why nothing comes of it.
    pub fn code_accepted(&self, process: &Process<'_>, basis: Option<&Basis>) -> Result<(), NoGrace> {
        let basis = basis.ok_or(NoGrace::Changed)?;
        self.at_unlock(process, |grace, seat, _| Ok(grace.code_accepted(seat, basis)?))
    }

    /// `setcred`, of a use whose `auth` passed `by` a code or by grace.
    ///
    /// # Errors
    /// [`NoGrace`]: why nothing comes of it.
    pub fn succeeded(&self, process: &Process<'_>, by: By) -> Result<(), NoGrace> {
        self.at_unlock(process, |grace, seat, _| grace.succeeded(seat, by))
    }

    /// `open_session`, of a use whose `auth` passed by a code. Called by the process that opens the session: it is root's.
    ///
    /// # Errors
    /// [`NoGrace`]: why nothing comes of it.
    pub fn begin(&self, process: &Process<'_>, basis: Option<&Basis>) -> Result<(), NoGrace> {
        if !self.config.has_unlock_grace() || !self.is_local() {
            return Err(NoGrace::Off);
        }
        let basis = basis.ok_or(NoGrace::Changed)?;
        let (grace, session) = self.find(process)?;
        Ok(grace.begin(self.seat(&session), basis)?)
    }

    /// `close_session`, whatever `auth` had said.
    ///
    /// # Errors
    /// [`NoGrace`], for the log.
    pub fn end(&self, process: &Process<'_>) -> Result<(), NoGrace> {
        if !self.config.has_unlock_grace() {
            return Err(NoGrace::Off);
        }
        let session = process.session(self.uid);
        let grace = Grace::of_this_boot(self.config.run.path.path())?;
        Ok(grace.end(self.user, session.as_ref().ok())?)
    }

    fn at_unlock<T>(
        &self,
        process: &Process<'_>,
        step: impl FnOnce(&Grace, Seat<'_>, Duration) -> Result<T, NoGrace>,
    ) -> Result<T, NoGrace> {
        let span = self.config.unlock_grace(self.service).filter(|_| self.is_local()).ok_or(NoGrace::Off)?;
        let (grace, session) = self.find(process)?;
        step(&grace, self.seat(&session), span)
    }

    fn find(&self, process: &Process<'_>) -> Result<(Grace, Session), NoGrace> {
        let session = process.session(self.uid)?;
        Ok((Grace::of_this_boot(self.config.run.path.path())?, session))
    }

    fn is_local(&self) -> bool {
        is_this_machine(self.rhost, self.own_name)
    }

    const fn seat<'s>(&'s self, session: &'s Session) -> Seat<'s> {
        Seat { user: self.user, uid: self.uid, session }
    }
}

#[cfg(test)]
#[path = "visit_tests.rs"]
mod tests;
