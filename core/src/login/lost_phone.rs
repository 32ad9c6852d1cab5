//! A lost phone in one go: the recovery code that opened a login counts for `replace` too, in the session that this login
//! opened, for ten minutes.

use super::answer::{Checked, Outcome};
use super::authority::{Authority, OnRecord};
use super::judge::{Asker, Judge};
use super::request::PamItems;
use super::who::Who;
use crate::credential::single_use::Kind;
use crate::grace::{NoNote, NoSession, Notes, Seat, Ticket, forget_note};
use crate::policy::account::Account;
use crate::record::enrolment::Enrolment;
use crate::system::syslog::{Line, Severity};
use crate::verify::{Acceptance, Method};

/// Programs by which somebody goes on as another, inside a session: what they open is no login of its own.
const SWITCHING: [&str; 5] = ["su", "su-l", "sudo", "sudo-i", "doas"];

impl<A: Authority> Judge<'_, A> {
    /// A code was accepted: what an earlier login left for `replace` ends. The answer is what went wrong.
    pub(super) fn forget_note(&self, account: &Account) -> Option<String> {
        let forgotten = forget_note(&self.site.config.run.path.path(), &account.name);
        forgotten.err().map(|e| format!("the note of an earlier login by a recovery code stays: {e}"))
    }

    /// After a code was accepted in a program of root's that may open a session by it: a ticket for that session, if it
    /// was a recovery code and `replace` is not refused here.
    #[must_use]
    pub fn recovery_accepted(
        &self,
        who: &Who,
        items: &PamItems,
        checked: &Checked,
    ) -> (Option<Ticket>, Vec<Line>) {
        let (Who::Known(account), Outcome::Accepted(acceptance)) = (who, &checked.outcome) else {
            return (None, Vec::new());
        };
        let is_login = self.asker == Asker::Root && !SWITCHING.contains(&items.service.as_str());
        let by_recovery = acceptance.method == Method::SingleUse(Kind::Recovery);
        if !is_login || !by_recovery || !self.may_replace(account) {
            return (None, Vec::new());
        }
        let Ok(ticket) = Ticket::random() else { return (None, Vec::new()) };
        let lines = said(self.note(account, &ticket, checked.generation, acceptance));
        (Some(ticket), lines)
    }

    /// A session opens after a login of this ticket.
    #[must_use]
    pub fn recovery_session(&self, who: &Who, ticket: &Ticket) -> Vec<Line> {
        let Who::Known(account) = who else { return Vec::new() };
        said(self.open_note(account, ticket))
    }

    /// Whether the recovery code of the login that opened this session counts for `replace` too; `enrolment` is what the
    /// person has now.
    #[must_use]
    pub fn counts_for_replace(&self, account: &Account, enrolment: &Enrolment) -> (bool, Vec<Line>) {
        let session = || self.origin.ok_or(NoSession::NoLeader)?.session(account.uid);
        let held = Notes::of_this_boot(self.site.config.run.path.path())
            .and_then(|notes| notes.hold((&account.name, account.uid), enrolment, session));
        (held.is_ok(), said(held))
    }

    /// Whether `replace` is open to them by the configuration. Root needs nobody's leave.
    #[must_use]
    pub fn may_replace(&self, account: &Account) -> bool {
        self.site.config.policy.self_service || account.uid == 0
    }

    fn note(
        &self,
        account: &Account,
        ticket: &Ticket,
        generation: Option<u64>,
        acceptance: &Acceptance,
    ) -> Result<(), NoNote> {
        let OnRecord::Enrolled(basis) = self.authority.known(&account.name) else { return Err(CHANGED) };
        let code = acceptance.code.ok_or(NoNote::Void("another process judged the code"))?;
        if generation != Some(basis.generation()) {
            return Err(CHANGED);
        }
        let notes = Notes::of_this_boot(self.site.config.run.path.path())?;
        notes.write((&account.name, account.uid), ticket, &basis, code)
    }

    fn open_note(&self, account: &Account, ticket: &Ticket) -> Result<(), NoNote> {
        let session = self.origin.ok_or(NoSession::NoLeader)?.session(account.uid)?;
        if !session.is_known_at_login() {
            return Err(NoSession::NoLeader.into());
        }
        let notes = Notes::of_this_boot(self.site.config.run.path.path())?;
        notes.open(Seat { user: &account.name, uid: account.uid, session: &session }, ticket)
    }
}

const CHANGED: NoNote = NoNote::Void("the second factor was changed during the login");

/// What a sysadmin who wonders about a second code should find in the log.
fn said(result: Result<(), NoNote>) -> Vec<Line> {
    let severity = match &result {
        Ok(()) | Err(NoNote::None) => return Vec::new(),
        Err(NoNote::Trouble(_)) => Severity::Warning,
        Err(NoNote::Void(_) | NoNote::NoSession(_)) => Severity::Info,
    };
    result.err().map(|why| Line::new(severity, why.to_string())).into_iter().collect()
}

#[cfg(test)]
#[path = "lost_phone_tests.rs"]
mod tests;
