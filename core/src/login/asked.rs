//! Whether a code is asked of someone.

use super::{Happened, Judge, NoPlace, PamItems, Who};
use crate::credential::single_use::{Kind, StoredCode};
use crate::policy::account::Account;
use crate::policy::{self, Circumstances, Duty, Exemption, Leave};
use crate::record::Record;
use crate::record::enrolment::{Enrolment, State};
use crate::system::audit;
use crate::system::syslog::{Line, Severity};
use crate::user::UserName;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What is asked of someone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ask {
    /// Nothing.
    Nothing {
        /// In a dated rollout: the days left, today included.
        days_left: Option<i64>,
    },
    /// Nothing: unlock grace holds, and one of its budget is taken.
    Grace,
    /// Nothing but to enrol in this login.
    Enroll,
    /// Nothing: they would have to enrol, and here nobody does. It is written down.
    EnrollElsewhere(NoPlace),
    /// A code.
    Code,
}

/// What is asked, and why nothing is: each decision by which somebody comes in without a code has its line.
struct Decision {
    ask: Ask,
    why: Option<String>,
}

impl From<Ask> for Decision {
    fn from(ask: Ask) -> Self {
        Self { ask, why: None }
    }
}

impl Decision {
    fn no_code(ask: Ask, why: &str) -> Self {
        Self { ask, why: Some(format!("no code: {why}")) }
    }

    fn nothing(why: &str) -> Self {
        Self::no_code(Ask::Nothing { days_left: None }, why)
    }
}

/// What is asked, and what syslog should hear of it.
#[derive(Debug)]
pub struct Asked {
    /// What is asked.
    pub ask: Ask,
    /// For syslog.
    pub lines: Vec<Line>,
}

impl Judge<'_> {
    /// Decides before any prompt. Never asks less because something could not be read.
    #[must_use]
    pub fn asked(&self, who: &Who, items: &PamItems) -> Asked {
        let mut lines = Vec::new();
        let Decision { ask, why } = match who {
            Who::Known(account) => self.asked_of(account, items, &mut lines),
            Who::Unknown(_) | Who::LookupFailed(..) => Ask::Code.into(),
        };
        let (severity, result, reason) = match (ask, &why) {
            (Ask::EnrollElsewhere(why), _) => (Severity::Notice, audit::Outcome::Refused, Some(why.name())),
            (_, why) => (Severity::Info, audit::Outcome::Accepted, why.as_deref()),
        };
        if reason.is_some() {
            // It can be had without end: nobody has shown anything.
            let what = Happened { event: "login", result, method: None, reason, is_idle: true };
            lines.extend(self.record(who.shown().as_deref(), items, severity, what));
        }
        Asked { ask, lines }
    }

    fn asked_of(&self, account: &Account, items: &PamItems, lines: &mut Vec<Line>) -> Decision {
        let enrolment = self.store.enrolment(&account.name);
        // Whoever was reset comes in by a pass alone, whatever else says.
        if enrolment.as_ref().is_ok_and(|e| e.as_ref().is_some_and(|e| e.state == State::MustEnroll)) {
            return Ask::Code.into();
        }
        let circumstances = Circumstances {
            account,
            service: Some(&items.service),
            rhost: items.rhost.as_deref(),
            today: self.today(),
        };
        let duty = policy::duty(self.config, self.accounts, &circumstances, |failed| {
            lines.push(Line::new(Severity::Error, format!("{failed}: taken as concerned and not exempt")));
        });
        match (duty, enrolment) {
            // A record that cannot be read is no reason to ask less: it may be of someone who was reset. The
            // check after the prompt reports it.
            (_, Err(_)) => Ask::Code.into(),
            (Duty::NotConcerned, Ok(_)) => Decision::nothing("in none of policy.groups"),
            (Duty::Exempt(Exemption { reason, approved_by, until }), Ok(_)) => {
                Decision::nothing(&format!("exempt until {until} by {approved_by}: {reason}"))
            }
            (Duty::Concerned, Ok(Some(enrolment))) if enrolment.state == State::Enrolled => {
                let is_granted = self.is_granted(account, items, &enrolment, lines);
                if is_granted { Decision::no_code(Ask::Grace, "unlock grace") } else { Ask::Code.into() }
            }
            (Duty::Concerned, Ok(enrolment)) => self.asked_if_unenrolled(account, enrolment.as_ref(), items),
        }
    }

    fn asked_if_unenrolled(
        &self,
        account: &Account,
        enrolment: Option<&Enrolment>,
        items: &PamItems,
    ) -> Decision {
        match policy::leave(self.config, self.today()) {
            Leave::Until(days_left) => {
                let key = if days_left.is_some() { "enroll_by" } else { "unenrolled" };
                Decision::no_code(Ask::Nothing { days_left }, &format!("not enrolled, policy.{key}"))
            }
            Leave::None if !self.config.service(&items.service).enroll => Ask::Code.into(),
            // Someone with a pass in hand enrols by it: that is the safer way.
            Leave::None if enrolment.is_some_and(|e| self.has_live_pass(&e.user)) => {
                self.at_this_place(Ask::Code, account, items).into()
            }
            Leave::None => self.at_this_place(Ask::Enroll, account, items).into(),
        }
    }

    /// What would lead into an enrolment, unless nobody enrols here.
    fn at_this_place(&self, ask: Ask, account: &Account, items: &PamItems) -> Ask {
        self.place_to_enroll(account, items).map_or_else(Ask::EnrollElsewhere, |()| ask)
    }

    fn has_live_pass(&self, user: &UserName) -> bool {
        let now = self.clock.now();
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
        if dated { self.clock.now().local().date() } else { Date::ZERO }
    }
}
