//! A login session in which lockers run.

use crate::machine::host::{CODE, Host};
use crate::machine::session::{Session, as_person};
use crate::people::person::{PASSWORD, Person};
use crate::programs::pam::{Door, PamResult, Script, Transcript};

/// A login session, and whose the lockers in it are.
pub struct Seat<'w> {
    host: &'w Host,
    session: Session<'w>,
    /// What starts the locker; empty: it is root's.
    locker: String,
}

impl<'w> Seat<'w> {
    /// A new session of the account `uid`, as `pam_loginuid` makes one.
    ///
    /// # Panics
    /// If it cannot be made.
    #[must_use]
    pub fn new(host: &'w Host, uid: u32) -> Self {
        Self { host, session: Session::new(host, uid), locker: String::new() }
    }

    /// Its lockers run as this person, and ask the helper.
    #[must_use]
    pub fn with_own_locker(mut self, name: &str) -> Self {
        self.locker = as_person(name);
        self
    }

    /// Follows a script in this session, as root does who opens it.
    ///
    /// # Panics
    /// As [`Host::pam`].
    pub fn pam(&mut self, script: &Script) -> Transcript {
        self.session.pam("", script)
    }

    /// Follows a script as the locker does.
    ///
    /// # Panics
    /// As [`Host::pam`].
    pub fn unlock(&mut self, script: &Script) -> Transcript {
        self.session.pam(&self.locker, script)
    }

    /// Follows a script by this in front of the command.
    ///
    /// # Panics
    /// As [`Host::pam`].
    pub fn started_by(&mut self, starter: &str, script: &Script) -> Transcript {
        self.session.pam(starter, script)
    }

    /// A login with both factors.
    ///
    /// # Panics
    /// If that is not so.
    pub fn logs_in(&mut self, person: &mut Person) {
        let code = person.fresh_code(self.host);
        let script = Script::new("login", &person.name).types("assword", PASSWORD).types(CODE, code);
        let doors = [Door::Auth, Door::Account, Door::SetCred, Door::OpenSession];
        assert_eq!(self.pam(&script.doors(&doors)).results(), [PamResult::Success; 4]);
    }

    /// The password alone reopens.
    ///
    /// # Panics
    /// If that is not so.
    pub fn reopens(&mut self, name: &str) {
        let script = Script::new("locker", name).types("assword", PASSWORD);
        assert_eq!(
            self.unlock(&script.doors(&[Door::Auth, Door::SetCred])).results(),
            [PamResult::Success; 2]
        );
    }

    /// A code is asked for, and with none nobody gets in.
    ///
    /// # Panics
    /// If that is not so.
    pub fn is_asked(&mut self, name: &str) {
        let script = Script::new("locker", name).types("assword", PASSWORD).types(CODE, "");
        assert_eq!(self.unlock(&script).result(), PamResult::AuthErr);
    }

    /// Reopens with both factors.
    ///
    /// # Panics
    /// If that is not so.
    pub fn shows_both(&mut self, person: &mut Person) {
        let code = person.fresh_code(self.host);
        let script = Script::new("locker", &person.name).types("assword", PASSWORD).types(CODE, code);
        assert_eq!(
            self.unlock(&script.doors(&[Door::Auth, Door::SetCred])).results(),
            [PamResult::Success; 2]
        );
    }
}
