//! Where a login meets unlock grace: taken when a code would be asked for, renewed by a code, kept by success.

use super::{Judge, PamItems, Who};
use crate::grace::{By, Process, Taken, Visit, Why};
use crate::policy::account::Account;
use crate::record::enrolment::Enrolment;
use crate::system::syslog::{Line, Severity};

impl Judge<'_> {
    /// Whether the password is enough for someone who is enrolled.
    pub(super) fn is_granted(
        &self,
        account: &Account,
        items: &PamItems,
        enrolment: &Enrolment,
        lines: &mut Vec<Line>,
    ) -> bool {
        let has_grace = self.config.unlock_grace(&items.service).is_some();
        let Some(origin) = self.origin.filter(|_| has_grace) else { return false };
        match self.visit(account, items, |visit| visit.take(origin, enrolment)) {
            Taken::Granted => true,
            Taken::AskForCode(why) => {
                lines.extend(worth_a_word(&why));
                false
            }
        }
    }

    /// A code was right: the whole login may still fail.
    pub(super) fn note_code(&self, account: &Account, items: &PamItems) -> Vec<Line> {
        self.with_enrolment(account, |origin, enrolment| {
            self.visit(account, items, |visit| visit.code_accepted(origin, enrolment))
        })
    }

    /// The whole login succeeded, as the application's setcred says.
    #[must_use]
    pub fn succeeded(&self, who: &Who, items: &PamItems, by: By) -> Vec<Line> {
        let (Who::Known(account), Some(origin)) = (who, self.origin) else { return Vec::new() };
        said(self.visit(account, items, |visit| visit.succeeded(origin, by)))
    }

    /// A session opens after a login with a code.
    #[must_use]
    pub fn session_opened(&self, who: &Who, items: &PamItems) -> Vec<Line> {
        let Who::Known(account) = who else { return Vec::new() };
        self.with_enrolment(account, |origin, enrolment| {
            self.visit(account, items, |visit| visit.begin(origin, enrolment))
        })
    }

    /// A session closes.
    #[must_use]
    pub fn session_closed(&self, who: &Who, items: &PamItems) -> Vec<Line> {
        let (Who::Known(account), Some(origin)) = (who, self.origin) else { return Vec::new() };
        said(self.visit(account, items, |visit| visit.end(origin)))
    }

    fn with_enrolment(
        &self,
        account: &Account,
        step: impl FnOnce(&Process<'_>, &Enrolment) -> Result<(), Why>,
    ) -> Vec<Line> {
        let Some(origin) = self.origin.filter(|_| self.config.has_unlock_grace()) else { return Vec::new() };
        match self.store.enrolment(&account.name) {
            Ok(Some(enrolment)) => said(step(origin, &enrolment)),
            Ok(None) => Vec::new(),
            Err(e) => said(Err(Why::Trouble(e))),
        }
    }

    fn visit<T>(&self, account: &Account, items: &PamItems, step: impl FnOnce(Visit<'_>) -> T) -> T {
        let own_name = crate::system::host_name::own();
        step(Visit {
            config: self.config,
            service: &items.service,
            rhost: items.rhost.as_deref(),
            own_name: own_name.as_deref(),
            user: &account.name,
            uid: account.uid,
        })
    }
}

fn said(result: Result<(), Why>) -> Vec<Line> {
    result.err().as_ref().and_then(worth_a_word).into_iter().collect()
}

/// What a sysadmin who wonders about a code should find in the log; what is as it should be says nothing.
fn worth_a_word(why: &Why) -> Option<Line> {
    let severity = match why {
        Why::Damaged | Why::Trouble(_) | Why::Future => Severity::Warning,
        _ => Severity::Info,
    };
    why.is_worth_a_line().then(|| Line::new(severity, why.to_string()))
}
