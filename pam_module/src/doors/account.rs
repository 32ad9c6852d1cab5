//! The `account` door: what the mark of `auth` means there.

use crate::answer::AccountAnswer;
use crate::mark::Mark;
use crate::marked;
use crate::report::{LETS_FAILURE_THROUGH, door_arguments};
use crate::transaction::{Caller, Priority, Transaction};
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
        None => {
            if !pam.has_begun() && always_asks(pam) {
                pam.log(Priority::Notice, LED_PAST);
            }
            AccountAnswer::Ignore
        }
    }
}

/// Programs that call `account` after `auth` alone, but for su of root's and `login -f`. sudo, sshd and cron do otherwise every day.
const ASKING: [&str; 8] = ["login", "su", "su-l", "gdm-password", "lightdm", "sddm", "greetd", "xrdp-sesman"];

fn always_asks(pam: &dyn Transaction) -> bool {
    let service = pam.service();
    let is_roots = service.starts_with("su") && pam.caller() == Caller::Root;
    ASKING.contains(&service.as_str()) && !is_roots
}

const LED_PAST: &str = "the auth line of pam_wardkey did not run in this login: another line ended the stack before it or jumped \
    over it, as `success=1` of pam_unix does. Where a code is to be asked for, put it where the jump leads to";

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
            assert_eq!(pam.log().is_empty(), mark.is_some(), "{mark:?}");
            // The account database does not find the name any more.
            let mut pam = marked(mark);
            pam.user = b"no such account".to_vec();
            let is_passed = matches!(mark, Some(Mark::Passed(_)));
            let expected = if is_passed { AccountAnswer::Ignore } else { expected };
            assert_eq!(account(&mut pam, &site, &[], false), expected, "{mark:?}");
        }
        for (service, caller, is_said) in [
            ("login", Caller::Root, true),
            ("su", Caller::SetUid, true),
            ("su", Caller::Root, false),
            ("sudo", Caller::SetUid, false),
            ("cron", Caller::Root, false),
        ] {
            let mut pam = marked(None).service(service);
            pam.caller = caller;
            assert_eq!(account(&mut pam, &site, &[], false), AccountAnswer::Ignore);
            assert_eq!(pam.log().contains("jumped over it"), is_said, "{service}");
            let mut pam = marked(None).service(service);
            pam.leave(None).unwrap();
            assert_eq!(account(&mut pam, &site, &[], false), AccountAnswer::Ignore);
            assert!(pam.log().is_empty(), "the line `start` was there");
        }
        for silent in [false, true] {
            for words in [["nullok"], ["start"]] {
                let mut pam = marked(Some(Mark::Passed(PassedBy::Alone)));
                assert_eq!(account(&mut pam, &site, &words, silent), AccountAnswer::ServiceErr);
                assert_eq!((pam.told().contains("Help: your"), pam.log().is_empty()), (!silent, false));
            }
        }
    }
}
