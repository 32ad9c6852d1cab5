//! People of a host: an account with a password, and what they hold in hand.

use crate::machine::host::Host;
use crate::programs::authenticator_app::{Authenticator, now};

/// The password of every person who is not given another one.
pub const PASSWORD: &str = "correct horse battery";

/// An enrolled person: account, phone, printed codes.
#[derive(Clone, Debug)]
pub struct Person {
    /// The account's name.
    pub name: String,
    /// The phone.
    pub phone: Authenticator,
    /// The recovery codes as printed.
    pub recovery_codes: Vec<String>,
    /// The last step whose code was typed.
    pub last_step: u64,
}

impl Person {
    /// A code not typed before: of now, or of the step after the last one typed.
    ///
    /// Codes typed faster than one a period run ahead of the clock; the hosts' window allows five steps.
    pub fn fresh_code(&mut self, host: &Host) -> String {
        self.code_from(self.step(host))
    }

    /// The same by this machine's own clock.
    pub fn next_code(&mut self) -> String {
        self.code_from(now() / self.phone.period)
    }

    /// A code that nobody has typed: a printed one while there are any, else one by this machine's own clock.
    pub fn unused_code(&mut self) -> String {
        self.recovery_codes.pop().unwrap_or_else(|| self.next_code())
    }

    fn code_from(&mut self, step: u64) -> String {
        self.last_step = step.max(self.last_step + 1);
        self.phone.code(self.last_step)
    }

    /// The code typed last, once more.
    #[must_use]
    pub fn used_code(&self) -> String {
        self.phone.code(self.last_step)
    }

    /// A well-formed code that is wrong.
    #[must_use]
    pub fn wrong_code(&self, host: &Host) -> String {
        self.phone.wrong_code(self.step(host))
    }

    /// The same by this machine's own clock.
    #[must_use]
    pub fn wrong_code_now(&self) -> String {
        self.phone.wrong_code(now() / self.phone.period)
    }

    /// A well-formed recovery code that was never issued, at a place where one was.
    ///
    /// # Panics
    /// If no recovery codes were issued.
    #[must_use]
    pub fn wrong_recovery_code(&self) -> String {
        let mut wrong = self.recovery_codes.first().expect("recovery codes").clone();
        let last = if wrong.ends_with('X') { 'Y' } else { 'X' };
        wrong.pop();
        wrong.push(last);
        wrong
    }

    /// The step the host's clock is in.
    #[must_use]
    pub fn step(&self, host: &Host) -> u64 {
        host.now() / self.phone.period
    }
}
