//! Who logs in, and whether a code is asked of them.

use crate::host::{Host, Priority};
use crate::login::Login;
use jiff::civil::Date;
use wardkey_core::account::{Account, Accounts};
use wardkey_core::enrolment::{Enrolment, State};
use wardkey_core::policy::{self, Circumstances, Duty, Exemption, Leave};
use wardkey_core::single_use::{Kind, StoredCode};
use wardkey_core::store::Store;
use wardkey_core::user::UserName;
use wardkey_core::verify::Record;

/// Who logs in, as far as the account database knows.
pub(crate) enum Who {
    /// Someone with an account.
    Known(Account),
    /// Nobody; with the name, if it can be one.
    Unknown(Option<UserName>),
    /// The database did not answer.
    LookupFailed(UserName, String),
}

impl Who {
    pub(crate) fn find(accounts: &dyn Accounts, name: &[u8]) -> Self {
        let Ok(user) = UserName::new(name) else { return Self::Unknown(None) };
        match accounts.find(&user) {
            Ok(Some(account)) => Self::Known(account),
            Ok(None) => Self::Unknown(Some(user)),
            Err(e) => Self::LookupFailed(user, e.to_string()),
        }
    }

    /// The name as logs show it.
    pub(crate) fn shown(&self) -> Option<String> {
        match self {
            Self::Known(account) => Some(account.name.to_string()),
            Self::Unknown(user) => user.as_ref().map(ToString::to_string),
            Self::LookupFailed(user, _) => Some(user.to_string()),
        }
    }
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
    pub(crate) fn asked(&self, host: &mut dyn Host) -> Ask {
        match &self.who {
            Who::Known(account) => self.asked_of(host, account),
            Who::Unknown(_) | Who::LookupFailed(..) => Ask::Code,
        }
    }

    fn asked_of(&self, host: &mut dyn Host, account: &Account) -> Ask {
        let enrolment = self.store.enrolment(&account.name);
        // Whoever was reset comes in by a pass alone, whatever else says.
        if enrolment.as_ref().is_ok_and(|e| e.as_ref().is_some_and(|e| e.state == State::MustEnroll)) {
            return Ask::Code;
        }
        let rhost = host.rhost();
        let circumstances = Circumstances { account, rhost: rhost.as_deref(), today: self.today() };
        let duty = policy::duty(self.config, self.machine.accounts, &circumstances, |failed| {
            host.log(Priority::Error, &format!("{failed}: taken as concerned and not exempt"));
        });
        match (duty, enrolment) {
            // A record that cannot be read is no reason to ask less: it may be of someone who was reset. The
            // check after the prompt reports it. (Whoever is not root can read none.)
            (_, Err(_)) if host.is_root() => Ask::Code,
            (Duty::NotConcerned, _) => Ask::Nothing(None),
            (Duty::Exempt(Exemption { reason, approved_by, until }), _) => {
                host.log(
                    Priority::Info,
                    &format!("no code: exempt until {until} by {approved_by:?}, {reason:?}"),
                );
                Ask::Nothing(None)
            }
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
            Leave::None if enrolment.is_some_and(|e| self.has_live_pass(&e.user)) => Ask::Code,
            Leave::None if self.service.enroll => Ask::Enroll,
            Leave::None => Ask::Code,
        }
    }

    fn has_live_pass(&self, user: &UserName) -> bool {
        let now = self.machine.clock.now();
        let record = self.store.record(user).ok().flatten();
        record.is_some_and(|Record { enrolment, ledger }| {
            let opens = |c: &StoredCode| {
                c.expires.is_none_or(|end| now <= end) && !ledger.is_spent(c.place, c.serial)
            };
            enrolment.codes_of(Kind::Pass).any(opens)
        })
    }

    /// The day, read only where a date is configured.
    fn today(&self) -> Date {
        let dated = !self.config.exempt.is_empty() || self.config.policy.enroll_by.is_some();
        if dated { self.machine.clock.now().local().date() } else { Date::ZERO }
    }

    /// For the argument `debug`.
    pub(crate) fn debug(&self, host: &mut dyn Host, ask: &Ask) {
        if !self.arguments.debug {
            return;
        }
        let user = self.who.shown().unwrap_or_default();
        let what = match ask {
            Ask::Nothing(_) => "no code is needed",
            Ask::Enroll => "must enrol in this login",
            Ask::Code => "a code is needed",
        };
        let entry = if self.combined { "combined" } else { "separate" };
        host.log(Priority::Debug, &format!("{user:?}: {what}, {entry} entry"));
    }
}
