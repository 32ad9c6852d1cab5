//! One step of a login: whom it concerns and what policy says, then the authority, then what is written down.

use super::answer::{Answer, Ask, Checked, Mailed, Outcome};
use super::authority::{Authority, Judgement, LoginTerms, Seen};
use super::misses::MissRule;
use super::records::Records;
use super::request::{PamItems, Reply, Request, Step};
use super::who::Who;
use crate::grace::Process;
use crate::policy::account::Account;
use crate::site::Site;
use crate::system::syslog::{Line, Severity};
use crate::verify::{Acceptance, Refusal};

/// Where logins are judged: by root's own process, or by the helper for others.
#[derive(Clone, Copy)]
pub struct Judge<'a, A = Records<'a>> {
    /// Configuration, accounts and clock.
    pub site: Site<'a>,
    /// Who has the records.
    pub authority: A,
    /// For whom it is done who is not root; the audit line says so.
    pub actor: Option<&'a str>,
    /// Whose program asks: one person's misses where no code is asked are few, and their refusals that count
    /// for nothing leave few lines.
    pub asker: Asker,
    /// The process in which someone logs in, for the session it is in; without it there is no unlock grace, and nobody enrols
    /// but where the program is known to obey.
    pub origin: Option<&'a Process<'a>>,
    /// Mails a code for this login. Only the helper can: the module has none, and asks it.
    pub mail: Option<&'a dyn Fn() -> Mailed>,
}

/// Whose a program is that asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asker {
    /// Root's alone, which acts for everybody.
    Root,
    /// The person's of this uid, also where it is set-uid: they may start it as often as they like.
    Person(u32),
    /// It cannot be told: it ended meanwhile.
    Untold,
}

impl<'a> Judge<'a> {
    /// Root's own, over the records of this machine.
    #[must_use]
    pub const fn of(site: Site<'a>) -> Self {
        Self { site, authority: Records(site), actor: None, asker: Asker::Root, origin: None, mail: None }
    }
}

impl<A: Authority> Judge<'_, A> {
    /// Answers one step. What it says is durable and in the audit file; the lines are what syslog must hear, at the end.
    #[must_use]
    pub fn answer(&self, who: &Who, request: &Request) -> (Answer, Vec<Line>) {
        let (items, mut lines) = (&request.items, Vec::new());
        let answer = match &request.step {
            Step::Ask => Answer::Asked(self.asked(who, items, &mut lines)),
            Step::Check(reply) => Answer::Checked(self.check(who, items, reply, &mut lines)),
            Step::CheckFree(reply) => Answer::Checked(self.check_free(who, items, reply, &mut lines)),
            Step::Enter(reply) => {
                let ask = self.asked(who, items, &mut lines);
                Answer::Entered(ask, self.entered(ask, (who, items), reply, &mut lines))
            }
            Step::Succeeded(by) => {
                lines.extend(self.succeeded(who, items, *by));
                Answer::Noted
            }
            Step::SessionOpened => {
                lines.extend(self.session_opened(who, items));
                Answer::Noted
            }
            Step::MailCode => Answer::Mailed(
                self.mail
                    .map_or_else(|| Mailed::Failed("only the helper sends mail".to_owned()), |mail| mail()),
            ),
        };
        (answer, lines)
    }

    /// Checks a reply and writes down what came of it.
    fn check(&self, who: &Who, items: &PamItems, reply: &Reply, lines: &mut Vec<Line>) -> Checked {
        let Judgement { outcome, seen } = match who {
            Who::Known(account) => self.ask_authority((account, items), reply, MissRule::Count),
            Who::Unknown(user) => self.authority.pretend(user.as_ref(), reply),
            Who::LookupFailed(_, why) => {
                Judgement { outcome: Outcome::Unavailable(why.clone()), seen: Seen::default() }
            }
        };
        let checked = self.written_down(who, items, (outcome, seen), lines);
        self.renew((who, items), &checked, lines);
        checked
    }

    /// The same where no code need be, for a program of root's: only a right one changes anything or is written down.
    fn check_free(&self, who: &Who, items: &PamItems, reply: &Reply, lines: &mut Vec<Line>) -> Checked {
        let checked = self.unasked((who, items), reply, MissRule::AreFree, lines);
        self.renew((who, items), &checked, lines);
        checked
    }

    /// What the end of a whole entry comes to where this is asked. Where no code is, only a right one changes anything.
    fn entered(
        &self,
        ask: Ask,
        (who, items): (&Who, &PamItems),
        reply: &Reply,
        lines: &mut Vec<Line>,
    ) -> Checked {
        match (ask, self.asker) {
            (Ask::Code, _) => self.check(who, items, reply, lines),
            (Ask::EnrollElsewhere(why), _) => Outcome::EnrollElsewhere(why).into(),
            (Ask::Grace | Ask::Enroll | Ask::Nothing { .. }, Asker::Root) => {
                self.check_free(who, items, reply, lines)
            }
            // Whatever it finds makes no grace younger: it was not asked for, and may have been guessed.
            (Ask::Grace | Ask::Enroll | Ask::Nothing { .. }, Asker::Person(uid)) => {
                self.unasked((who, items), reply, MissRule::AreFew(uid), lines)
            }
            (Ask::Grace | Ask::Enroll | Ask::Nothing { .. }, Asker::Untold) => {
                self.unasked((who, items), reply, MissRule::AreNobodys, lines)
            }
        }
    }

    fn unasked(
        &self,
        (who, items): (&Who, &PamItems),
        reply: &Reply,
        misses: MissRule,
        lines: &mut Vec<Line>,
    ) -> Checked {
        let Who::Known(account) = who else { return Outcome::Refused(Refusal::NotEnrolled).into() };
        let Judgement { outcome, seen } = self.ask_authority((account, items), reply, misses);
        match &outcome {
            Outcome::Accepted(_) => return self.written_down(who, items, (outcome, seen), lines),
            Outcome::Refused(_) if seen.is_used_up => self.used_up(who, items, lines),
            Outcome::Refused(_) | Outcome::EnrollElsewhere(_) => {
                lines.extend(seen.uncompared.into_iter().map(uncompared));
            }
            Outcome::Unavailable(why) => lines.push(uncompared(why.clone())),
        }
        outcome.into()
    }

    fn ask_authority(
        &self,
        (account, items): (&Account, &PamItems),
        reply: &Reply,
        misses: MissRule,
    ) -> Judgement {
        let rules = self.site.config.rules_in(&items.service);
        let place = || self.place_to_enroll(account, items);
        let mut judgement =
            self.authority.judge(account, reply, &LoginTerms { rules, misses, place: &place });
        if matches!(judgement.outcome, Outcome::Accepted(_)) {
            judgement.seen.warnings.extend(self.forget_note(account));
        }
        judgement
    }

    /// A code of someone enrolled that was accepted makes unlock grace younger, if the password is right too.
    fn renew(&self, (who, items): (&Who, &PamItems), checked: &Checked, lines: &mut Vec<Line>) {
        if let (Who::Known(account), Outcome::Accepted(Acceptance { must_enroll: false, .. })) =
            (who, &checked.outcome)
        {
            lines.extend(self.note_code(account, items));
        }
    }
}

fn uncompared(why: String) -> Line {
    Line::new(Severity::Warning, format!("the end of the password was not looked at: {why}"))
}

#[cfg(test)]
#[path = "judge_tests.rs"]
pub(super) mod tests;

#[cfg(test)]
#[path = "unasked_tests.rs"]
mod unasked_tests;
