//! Where a login meets unlock grace: taken when a code would be asked for, renewed by a code, kept by success.

use super::authority::{Authority, OnRecord};
use super::judge::Judge;
use super::request::PamItems;
use super::who::Who;
use crate::grace::{Basis, By, NoGrace, Process, Taken, Visit};
use crate::policy::account::Account;
use crate::system::syslog::{Line, Severity};

impl<A: Authority> Judge<'_, A> {
    /// Whether the password is enough for someone who is enrolled.
    pub(super) fn is_granted(
        &self,
        account: &Account,
        items: &PamItems,
        basis: &Basis,
        lines: &mut Vec<Line>,
    ) -> bool {
        let has_grace = self.site.config.unlock_grace(&items.service).is_some();
        let Some(origin) = self.origin.filter(|_| has_grace) else { return false };
        match self.visit(account, items, |visit| visit.take(origin, basis)) {
            Taken::Granted => true,
            Taken::AskForCode(why) => {
                lines.extend(worth_a_word(&why));
                false
            }
        }
    }

    /// A code was right: the whole login may still fail.
    pub(super) fn note_code(&self, account: &Account, items: &PamItems) -> Vec<Line> {
        self.with_basis(account, |origin, basis| {
            self.later(items, self.visit(account, items, |visit| visit.code_accepted(origin, basis)))
        })
    }

    /// The whole login succeeded, as the application's setcred says.
    #[must_use]
    pub fn succeeded(&self, who: &Who, items: &PamItems, by: By) -> Vec<Line> {
        let (Who::Known(account), Some(origin)) = (who, self.origin) else { return Vec::new() };
        said(self.later(items, self.visit(account, items, |visit| visit.succeeded(origin, by))))
    }

    /// A session opens after a login with a code.
    #[must_use]
    pub fn session_opened(&self, who: &Who, items: &PamItems) -> Vec<Line> {
        let Who::Known(account) = who else { return Vec::new() };
        self.with_basis(account, |origin, basis| {
            self.later(items, self.visit(account, items, |visit| visit.begin(origin, basis)))
        })
    }

    /// A session closes.
    #[must_use]
    pub fn session_closed(&self, who: &Who, items: &PamItems) -> Vec<Line> {
        let (Who::Known(account), Some(origin)) = (who, self.origin) else { return Vec::new() };
        said(self.visit(account, items, |visit| visit.end(origin)))
    }

    /// What comes after the person was asked: where grace could have been taken, it was said then that there is no session.
    fn later(&self, items: &PamItems, step: Result<(), NoGrace>) -> Result<(), NoGrace> {
        let was_said = self.site.config.unlock_grace(&items.service).is_some();
        step.or_else(|why| if was_said && matches!(why, NoGrace::NoSession(_)) { Ok(()) } else { Err(why) })
    }

    fn with_basis(
        &self,
        account: &Account,
        step: impl FnOnce(&Process<'_>, Option<&Basis>) -> Result<(), NoGrace>,
    ) -> Vec<Line> {
        let Some(origin) = self.origin.filter(|_| self.site.config.has_unlock_grace()) else {
            return Vec::new();
        };
        match self.authority.known(&account.name) {
            OnRecord::Enrolled(basis) => said(step(origin, Some(&basis))),
            OnRecord::NotEnrolled | OnRecord::MustEnroll => said(step(origin, None)),
            OnRecord::Nobody => Vec::new(),
            OnRecord::Untold(why) | OnRecord::NoAnswer(why) => said(Err(NoGrace::Untold(why))),
        }
    }

    fn visit<T>(&self, account: &Account, items: &PamItems, step: impl FnOnce(Visit<'_>) -> T) -> T {
        let own_name = crate::system::host_name::own();
        step(Visit {
            config: self.site.config,
            service: &items.service,
            rhost: items.rhost.as_deref(),
            own_name: own_name.as_deref(),
            user: &account.name,
            uid: account.uid,
        })
    }
}

fn said(result: Result<(), NoGrace>) -> Vec<Line> {
    result.err().as_ref().and_then(worth_a_word).into_iter().collect()
}

/// What a sysadmin who wonders about a code should find in the log; what is as it should be says nothing.
fn worth_a_word(why: &NoGrace) -> Option<Line> {
    let severity = match why {
        NoGrace::Damaged | NoGrace::Trouble(_) | NoGrace::Untold(_) | NoGrace::Future => Severity::Warning,
        _ => Severity::Info,
    };
    why.is_worth_a_line().then(|| Line::new(severity, why.to_string()))
}
