//! Who logs in, and whether a code is asked of them.

use crate::auth::Login;
use crate::host::{Host, Priority};
use jiff::civil::Date;
use wardkey_core::account::Account;
use wardkey_core::enrolment::{Enrolment, State};
use wardkey_core::policy::{self, Circumstances, Duty, Leave};
use wardkey_core::single_use::Kind;
use wardkey_core::user::UserName;

/// Who logs in, as far as the account database knows.
pub(crate) enum Who {
    Known(Account),
    Unknown,
    LookupFailed(String),
}

/// What is asked of someone.
pub(crate) enum Ask {
    /// Nothing; with a text for them.
    Nothing(Option<String>),
    /// Nothing but to enrol in this login.
    Enroll,
    /// A code.
    Code,
}

impl Login<'_> {
    pub(crate) fn who(&self, user: Option<&UserName>) -> Who {
        let Some(user) = user else { return Who::Unknown };
        match self.machine.accounts.find(user) {
            Ok(Some(account)) => Who::Known(account),
            Ok(None) => Who::Unknown,
            Err(e) => Who::LookupFailed(e.0),
        }
    }

    pub(crate) fn asked(&self, host: &mut dyn Host, account: &Account) -> Ask {
        let enrolment = self.store.enrolment(&account.name);
        // Whoever was reset comes in by a pass alone, whatever else says.
        if enrolment.as_ref().is_ok_and(|e| e.as_ref().is_some_and(|e| e.state == State::MustEnroll)) {
            return Ask::Code;
        }
        let rhost = host.rhost();
        let circumstances = Circumstances { account, rhost: rhost.as_deref(), today: self.today() };
        let duty = policy::duty(self.config, self.machine.accounts, &circumstances, |failed| {
            host.log(Priority::Error, &format!("{}: taken as concerned and not exempt", failed.0));
        });
        match (duty, enrolment) {
            (Duty::NotConcerned | Duty::Exempt(_), _) => Ask::Nothing(None),
            // A record that cannot be read is no reason to ask less; the check after the prompt reports it.
            (Duty::Concerned, Err(_)) => Ask::Code,
            (Duty::Concerned, Ok(enrolment)) => self.asked_if_concerned(enrolment.as_ref()),
        }
    }

    fn asked_if_concerned(&self, enrolment: Option<&Enrolment>) -> Ask {
        if enrolment.is_some_and(|e| e.state != State::NotEnrolled) {
            return Ask::Code;
        }
        match policy::leave(self.config, self.today()) {
            Leave::Until(days) => Ask::Nothing(days.map(|days| self.texts.days_left(days))),
            // Someone with a pass in hand enrols by it: that is the safer way.
            Leave::None if enrolment.is_some_and(|e| e.codes_of(Kind::Pass).next().is_some()) => Ask::Code,
            Leave::None if self.service.enroll => Ask::Enroll,
            Leave::None => Ask::Code,
        }
    }

    /// The day, read only where a date is configured.
    fn today(&self) -> Date {
        let dated = !self.config.exempt.is_empty() || self.config.policy.enroll_by.is_some();
        if dated { self.machine.clock.now().local().date() } else { Date::ZERO }
    }

    /// For the argument `debug`.
    pub(crate) fn debug(&self, host: &mut dyn Host, user: Option<&UserName>, ask: &Ask) {
        if !self.arguments.debug {
            return;
        }
        let user = user.map_or_else(|| "(impossible name)".into(), ToString::to_string);
        let what = match ask {
            Ask::Nothing(_) => "no code is needed",
            Ask::Enroll => "must enrol in this login",
            Ask::Code => "a code is needed",
        };
        let entry = if self.combined { "combined" } else { "separate" };
        host.log(Priority::Debug, &format!("{user}: {what}, {entry} entry"));
    }
}
