//! The authority where no verifier is reached: nothing is known, and nothing opens. Policy alone lets somebody in.

use super::answer::Outcome;
use super::authority::{Authority, Judgement, LoginTerms, OnRecord, Seen};
use super::request::Reply;
use crate::policy::account::Account;
use crate::user::UserName;
use crate::verify::Refusal;

/// Why it is not reached, for syslog.
#[derive(Debug, Clone, Copy)]
pub struct Unreached<'a>(pub &'a str);

impl Unreached<'_> {
    fn unavailable(&self) -> Judgement {
        Judgement { outcome: Outcome::Unavailable(self.0.to_owned()), seen: Seen::default() }
    }
}

impl Authority for Unreached<'_> {
    fn known(&self, _: &UserName) -> OnRecord {
        OnRecord::NoAnswer(self.0.to_owned())
    }

    fn has_live_pass(&self, _: &UserName) -> bool {
        false
    }

    fn judge(&self, _: &Account, _: &Reply, _: &LoginTerms<'_>) -> Judgement {
        self.unavailable()
    }

    /// A name that can be nobody's is nothing that a verifier could say more of.
    fn pretend(&self, user: Option<&UserName>, _: &Reply) -> Judgement {
        let refused = || Judgement { outcome: Outcome::Refused(Refusal::NotEnrolled), seen: Seen::default() };
        user.map_or_else(refused, |_| self.unavailable())
    }
}

#[cfg(test)]
mod tests {
    use super::super::judge::tests::{Door, Heard, combined, heard};
    use super::super::{Ask, Judge, Step};
    use super::*;
    use crate::policy::config::StoreKind;

    fn seat(policy: &str) -> Door {
        let mut door = Door::new(policy);
        door.config.store.kind = StoreKind::Verifier;
        door
    }

    fn entered(door: &Door) -> Heard {
        let Judge { site, asker, .. } = Judge::of(door.site());
        let authority = Unreached("no verifier answers");
        let judge = Judge { site, authority, actor: None, asker, origin: None, mail: None };
        heard(judge, &door.roy(), Step::Enter(combined("pw000000")))
    }

    #[test]
    fn who_is_concerned_is_asked_and_hears_that_codes_cannot_be_checked() {
        for policy in ["", "[policy]\nunenrolled = \"ignore\"\n", "[service.sshd]\nenroll = true\n"] {
            let door = seat(policy);
            let entered = entered(&door);
            assert_eq!(entered.ask, Some(Ask::Code), "{policy}");
            assert_eq!(entered.outcome, Outcome::Unavailable("no verifier answers".into()));
            assert!(door.audit().contains("no verifier answers"), "{}", door.audit());
        }
    }

    #[test]
    fn whom_it_does_not_concern_and_who_is_exempt_come_in() {
        let exempt = "[[exempt]]\nuser = \"roy\"\nreason = \"mends the network\"\napproved_by = \"Dr Roy\"\n\
                      until = 2099-01-31\n";
        for policy in ["[policy]\ngroups = [\"nobody-is-in-it\"]\n", exempt] {
            let door = seat(policy);
            assert_eq!(entered(&door).ask, Some(Ask::Nothing { days_left: None }), "{policy}");
            assert!(door.audit().contains("no code: "), "{}", door.audit());
        }
    }
}
