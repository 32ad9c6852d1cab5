//! Whether a code is asked of someone.

use super::answer::Ask;
use super::authority::{Authority, OnRecord};
use super::judge::Judge;
use super::request::PamItems;
use super::who::Who;
use super::written::Happened;
use crate::audit;
use crate::policy::account::Account;
use crate::policy::{self, Circumstances, Duty, Exemption, Leave};
use crate::system::syslog::{Line, Severity};
use jiff::civil::Date;

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

impl<A: Authority> Judge<'_, A> {
    /// Decides before any prompt. Never asks less because something could not be read.
    pub(super) fn asked(&self, who: &Who, items: &PamItems, lines: &mut Vec<Line>) -> Ask {
        let Decision { ask, why } = match who {
            Who::Known(account) => self.asked_of(account, items, lines),
            Who::Unknown(_) | Who::LookupFailed(..) => Ask::Code.into(),
        };
        let (severity, result, reason) = match (ask, &why) {
            (Ask::EnrollElsewhere(why), _) => {
                (Severity::Notice, audit::AuditResult::Refused, Some(why.name()))
            }
            (_, why) => (Severity::Info, audit::AuditResult::Accepted, why.as_deref()),
        };
        if reason.is_some() {
            // It can be had without end: nobody has shown anything.
            let what = Happened { event: "login", result, method: None, reason, is_idle: true };
            lines.extend(self.record(who.shown().as_deref(), items, severity, what));
        }
        // A person's own program cannot enrol anybody, and screen lockers never call the door that would.
        if ask == Ask::Enroll && self.actor.is_some() { Ask::Code } else { ask }
    }

    fn asked_of(&self, account: &Account, items: &PamItems, lines: &mut Vec<Line>) -> Decision {
        let known = self.authority.known(&account.name);
        // Somebody who was reset comes in by a pass alone, whatever else says.
        if known == OnRecord::MustEnroll {
            return Ask::Code.into();
        }
        let circumstances = Circumstances {
            account,
            service: Some(&items.service),
            rhost: items.rhost.as_deref(),
            today: self.today(),
        };
        let duty = policy::duty(self.site.config, self.site.accounts, &circumstances, |failed| {
            lines.push(Line::new(Severity::Error, format!("{failed}: taken as concerned and not exempt")));
        });
        match (duty, known) {
            // Where a record cannot be read, a code is still asked for: the person may have been reset. The
            // check after the prompt reports it.
            (_, OnRecord::Untold(_)) => Ask::Code.into(),
            // Nor is grace granted, whose basis only a verifier knows.
            (Duty::Concerned, OnRecord::NoAnswer(_)) => Ask::Code.into(),
            (Duty::NotConcerned, _) => Decision::nothing("in none of policy.groups"),
            (Duty::Exempt(Exemption { reason, approved_by, until }), _) => {
                Decision::nothing(&format!("exempt until {until} by {approved_by}: {reason}"))
            }
            (Duty::Concerned, OnRecord::Enrolled(basis)) => {
                let is_granted = self.is_granted(account, items, &basis, lines);
                if is_granted { Decision::no_code(Ask::Grace, "unlock grace") } else { Ask::Code.into() }
            }
            (Duty::Concerned, known) => self.asked_if_unenrolled(account, &known, items),
        }
    }

    fn asked_if_unenrolled(&self, account: &Account, known: &OnRecord, items: &PamItems) -> Decision {
        match policy::leave(self.site.config, self.today()) {
            Leave::Until(days_left) => {
                let key = if days_left.is_some() { "enroll_by" } else { "unenrolled" };
                Decision::no_code(Ask::Nothing { days_left }, &format!("not enrolled, policy.{key}"))
            }
            Leave::None if !self.site.config.service(&items.service).enroll => Ask::Code.into(),
            // Someone with a pass in hand enrols by it: that is the safer way.
            Leave::None if *known == OnRecord::NotEnrolled && self.authority.has_live_pass(&account.name) => {
                self.at_this_place(Ask::Code, account, items).into()
            }
            Leave::None => self.at_this_place(Ask::Enroll, account, items).into(),
        }
    }

    /// What would lead into an enrolment, unless nobody enrols here.
    fn at_this_place(&self, ask: Ask, account: &Account, items: &PamItems) -> Ask {
        self.place_to_enroll(account, items).map_or_else(Ask::EnrollElsewhere, |()| ask)
    }

    /// The day, read only where a date is configured.
    fn today(&self) -> Date {
        let dated = !self.site.config.exempt.is_empty() || self.site.config.policy.enroll_by.is_some();
        if dated { self.site.clock.now().local().date() } else { Date::ZERO }
    }
}
