//! The `account` door: what the mark of `auth` means there.

use crate::answer::AccountAnswer;
use crate::mark::Mark;
use crate::marked;
use crate::report::{LETS_FAILURE_THROUGH, door_arguments};
use crate::transaction::{Priority, Transaction};
use wardkey_core::policy::account::Accounts;

/// The `account` door.
pub fn account(
    pam: &mut dyn Transaction,
    accounts: &dyn Accounts,
    words: &[&str],
    silent: bool,
) -> AccountAnswer {
    pam.account_is_called();
    if door_arguments(pam, words, silent).is_none() {
        return AccountAnswer::ServiceErr;
    }
    match marked::now(pam, accounts) {
        Some(Mark::Passed(_)) => AccountAnswer::Success,
        Some(Mark::MustEnroll(_) | Mark::MustEnrollElsewhere) => AccountAnswer::NewAuthtokReqd,
        Some(Mark::Refused) => {
            pam.log(Priority::Alert, LETS_FAILURE_THROUGH);
            AccountAnswer::PermDenied
        }
        None => AccountAnswer::Ignore,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mark::PassedBy;
    use crate::testing::fixture::Fixture;
    use crate::testing::{MUST, marked};

    #[test]
    fn account_follows_the_mark() {
        let site = Fixture::new("");
        for (mark, expected) in [
            (None, AccountAnswer::Ignore),
            (Some(Mark::Refused), AccountAnswer::PermDenied),
            (Some(Mark::Passed(PassedBy::Alone)), AccountAnswer::Success),
            (Some(MUST), AccountAnswer::NewAuthtokReqd),
            (Some(Mark::MustEnrollElsewhere), AccountAnswer::NewAuthtokReqd),
        ] {
            let mut pam = marked(mark);
            assert_eq!(account(&mut pam, &site, &[], false), expected);
            assert!(pam.account_is_called);
            let is_alert = pam.logged.iter().any(|(priority, _)| *priority == Priority::Alert);
            assert_eq!(is_alert, expected == AccountAnswer::PermDenied);
            // login(1) has asked for another name since, and its way through the stack led past us.
            let mut pam = marked(mark);
            pam.user = b"ann".to_vec();
            assert_eq!(account(&mut pam, &site, &[], false), AccountAnswer::Ignore, "{mark:?}");
            assert!(pam.log().is_empty());
            // The account database does not find the name any more.
            let mut pam = marked(mark);
            pam.user = b"no such account".to_vec();
            let is_passed = matches!(mark, Some(Mark::Passed(_)));
            let expected = if is_passed { AccountAnswer::Ignore } else { expected };
            assert_eq!(account(&mut pam, &site, &[], false), expected, "{mark:?}");
        }
        for silent in [false, true] {
            for words in [["nullok"], ["start"]] {
                let mut pam = marked(Some(Mark::Passed(PassedBy::Alone)));
                assert_eq!(account(&mut pam, &site, &words, silent), AccountAnswer::ServiceErr);
                assert_eq!((pam.told().contains("Call your"), pam.log().is_empty()), (!silent, false));
            }
        }
    }
}
