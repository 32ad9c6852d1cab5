//! Who holds the records and judges by them. Whom wardkey concerns, in which service, and for how long a password is enough
//! are decided before an authority is asked. Two things of the login go along as [`LoginTerms`]: what a wrong code does, and a
//! question about the place, which is asked only where a code would lead into an enrolment.

use super::answer::{NoPlace, Outcome};
use super::misses::MissRule;
use super::request::Reply;
use crate::grace::Basis;
use crate::policy::account::Account;
use crate::user::UserName;
use crate::verify::Rules;
use serde::{Deserialize, Serialize};

/// Answers yes, no with why, or that it cannot tell: never an error. Nothing of files is in its answers, so that records may lie
/// on another machine.
pub trait Authority {
    /// What policy must know of somebody before anything is typed.
    fn known(&self, user: &UserName) -> OnRecord;

    /// Whether somebody without a second factor has a pass that would open now.
    fn has_live_pass(&self, user: &UserName) -> bool;

    /// Checks a reply of somebody who has an account. A yes is durable before it is told.
    fn judge(&self, account: &Account, reply: &Reply, terms: &LoginTerms<'_>) -> Judgement;

    /// Does the same work for somebody who has none, and says no.
    fn pretend(&self, user: Option<&UserName>, reply: &Reply) -> Judgement;
}

/// What is known of somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnRecord {
    /// Nothing is kept of them.
    Nobody,
    /// They have a record, and no second factor in it.
    NotEnrolled,
    /// They were reset: a pass alone opens.
    MustEnroll,
    /// They have a second factor; on what a grace of theirs can stand.
    Enrolled(Basis),
    /// It cannot be told; why, for syslog.
    Untold(String),
    /// This machine keeps no records, and no verifier says what is in them; why, for syslog. Who needs no code by policy comes in.
    NoAnswer(String),
}

/// What policy says of a reply before it is judged.
pub struct LoginTerms<'a> {
    /// How codes are judged in this service.
    pub rules: Rules,
    /// What a wrong one does.
    pub misses: MissRule,
    /// Whether somebody may enrol in this login; asked only about a code that would lead there.
    pub place: &'a dyn Fn() -> Result<(), NoPlace>,
}

/// What a reply came to, and what came to light meanwhile.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Judgement {
    /// Yes, no, or neither.
    pub outcome: Outcome,
    /// The rest.
    pub seen: Seen,
}

/// What comes to light besides the outcome.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Seen {
    /// The generation of the record it was decided on.
    pub generation: Option<u64>,
    /// For syslog.
    pub warnings: Vec<String>,
    /// This miss was the last that is compared for this caller now, where no code is asked.
    pub is_used_up: bool,
    /// Why nothing was compared, though it might have been.
    pub uncompared: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::super::judge::tests::{Door, combined, heard};
    use super::super::{Ask, Judge, Step};
    use super::*;
    use crate::policy::account::Account;

    /// An authority on a machine that cannot be reached.
    struct OutOfReach;

    impl Authority for OutOfReach {
        fn known(&self, _: &UserName) -> OnRecord {
            OnRecord::Untold("no server answers".into())
        }

        fn has_live_pass(&self, _: &UserName) -> bool {
            false
        }

        fn judge(&self, _: &Account, _: &Reply, _: &LoginTerms<'_>) -> Judgement {
            let outcome = Outcome::Unavailable("no server answers".into());
            Judgement { outcome, seen: Seen::default() }
        }

        fn pretend(&self, _: Option<&UserName>, _: &Reply) -> Judgement {
            let outcome = Outcome::Unavailable("no server answers".into());
            Judgement { outcome, seen: Seen::default() }
        }
    }

    #[test]
    fn where_the_authority_cannot_tell_a_code_is_asked_and_none_opens() {
        let door = Door::new("[policy]\nunenrolled = \"ignore\"");
        let own = Judge::of(door.site());
        let judge = Judge {
            site: own.site,
            authority: OutOfReach,
            actor: None,
            asker: own.asker,
            origin: None,
            mail: None,
        };
        let entered = heard(judge, &door.roy(), Step::Enter(combined("pw000000")));
        assert_eq!(entered.ask, Some(Ask::Code), "were it known that nobody is enrolled, none would be");
        assert_eq!(entered.outcome, Outcome::Unavailable("no server answers".into()));
        assert!(door.audit().contains("no server answers"), "{}", door.audit());
    }
}
