//! The same person under another uid: a directory was moved.

use super::{Desk, Problem, Why};
use crate::policy::account::Account;

/// What was taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rebound {
    /// The uid at enrolment.
    pub from: u32,
    /// The account's uid, which counts from now on.
    pub to: u32,
}

impl Desk<'_> {
    /// Takes the account's present uid over; everything else stays, also an authenticator that waits for its first code.
    ///
    /// # Errors
    /// [`Why::NotEnrolled`] for someone of whom nothing is kept, [`Why::SameUid`], or [`Problem`].
    pub fn rebind(&self, account: &Account) -> Result<Rebound, Problem> {
        self.revise(&account.name, &mut |record| {
            let mut enrolment = record.ok_or(Why::NotEnrolled)?.enrolment;
            let rebound = Rebound { from: enrolment.uid, to: account.uid };
            if rebound.from == rebound.to {
                return Err(Why::SameUid.into());
            }
            enrolment.uid = account.uid;
            Ok((enrolment, rebound))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::replace::Successor;
    use super::*;
    use crate::credential::totp::Parameters;
    use crate::testing::{Fixture, is_accepted, typed};
    use crate::verify::{Refusal, Verdict};

    #[test]
    fn after_a_move_nothing_opens_before_take_over_and_then_the_unspent() {
        let fixture = Fixture::new();
        let codes = fixture.enrolled();
        let used = fixture.code(0);
        assert!(is_accepted(&fixture.spend(&typed(&codes[0]))));
        let moved = Account { uid: 2000, ..fixture.roy.clone() };
        let fixture = Fixture { roy: moved, ..fixture };
        assert_eq!(fixture.spend(&fixture.code(1)), Verdict::Refused(Refusal::OtherUid));
        assert_eq!(fixture.desk().rebind(&fixture.roy).unwrap(), Rebound { from: 1000, to: 2000 });
        assert_eq!(fixture.spend(&used), Verdict::Refused(Refusal::AlreadyUsed));
        assert_eq!(fixture.spend(&typed(&codes[0])), Verdict::Refused(Refusal::AlreadyUsed));
        assert!(is_accepted(&fixture.spend(&fixture.code(1))));
    }

    #[test]
    fn a_new_phone_that_waits_for_its_first_code_still_does() {
        let fixture = Fixture::new();
        fixture.enrolled();
        let successor = Successor { old: None, label: None, parameters: Parameters::default(), key: None };
        fixture.desk().replace(&fixture.roy, &fixture.key, &successor).unwrap();
        let fixture = Fixture { roy: Account { uid: 2000, ..fixture.roy.clone() }, ..fixture };
        fixture.desk().rebind(&fixture.roy).unwrap();
        let old = fixture.old_code(1);
        fixture.confirm(&fixture.code(1)).unwrap();
        assert_eq!(fixture.spend(&old), Verdict::Refused(Refusal::Wrong), "it ended with that");
    }

    #[test]
    fn an_unchanged_uid_and_someone_unknown_are_refused_and_nothing_changes() {
        let fixture = Fixture::new();
        assert!(matches!(fixture.desk().rebind(&fixture.roy), Err(Problem::Refused(Why::NotEnrolled))));
        fixture.enrolled();
        let before = fixture.record();
        assert!(matches!(fixture.desk().rebind(&fixture.roy), Err(Problem::Refused(Why::SameUid))));
        assert_eq!(fixture.record(), before);
    }
}
