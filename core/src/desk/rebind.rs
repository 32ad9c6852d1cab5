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
    use super::super::testing::{Ward, is_accepted, typed};
    use super::*;
    use crate::credential::totp::Parameters;
    use crate::verify::{Refusal, Verdict};

    #[test]
    fn after_a_move_nothing_opens_before_take_over_and_then_the_unspent() {
        let ward = Ward::new();
        let codes = ward.enrolled();
        let used = ward.code(0);
        assert!(is_accepted(&ward.spend(&typed(&codes[0]))));
        let moved = Account { uid: 2000, ..ward.roy.clone() };
        let ward = Ward { roy: moved, ..ward };
        assert_eq!(ward.spend(&ward.code(1)), Verdict::Refused(Refusal::OtherUid));
        assert_eq!(ward.desk().rebind(&ward.roy).unwrap(), Rebound { from: 1000, to: 2000 });
        assert_eq!(ward.spend(&used), Verdict::Refused(Refusal::AlreadyUsed));
        assert_eq!(ward.spend(&typed(&codes[0])), Verdict::Refused(Refusal::AlreadyUsed));
        assert!(is_accepted(&ward.spend(&ward.code(1))));
    }

    #[test]
    fn a_new_phone_that_waits_for_its_first_code_still_does() {
        let ward = Ward::new();
        ward.enrolled();
        let successor = Successor { old: None, label: None, parameters: Parameters::default(), key: None };
        ward.desk().replace(&ward.roy, &ward.key, &successor).unwrap();
        let ward = Ward { roy: Account { uid: 2000, ..ward.roy.clone() }, ..ward };
        ward.desk().rebind(&ward.roy).unwrap();
        let old = ward.old_code(1);
        ward.confirm(&ward.code(1)).unwrap();
        assert_eq!(ward.spend(&old), Verdict::Refused(Refusal::Wrong), "it ended with that");
    }

    #[test]
    fn an_unchanged_uid_and_someone_unknown_are_refused_and_nothing_changes() {
        let ward = Ward::new();
        assert!(matches!(ward.desk().rebind(&ward.roy), Err(Problem::Refused(Why::NotEnrolled))));
        ward.enrolled();
        let before = ward.record();
        assert!(matches!(ward.desk().rebind(&ward.roy), Err(Problem::Refused(Why::SameUid))));
        assert_eq!(ward.record(), before);
    }
}
