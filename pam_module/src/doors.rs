//! The doors `account` and `session`: what the mark of `auth` means there.

use crate::host::{Host, Priority, Tone};
use crate::mark::{self, Mark};
use crate::report::door_arguments;
use crate::text::Texts;
use wardkey_core::policy::account::Accounts;
use wardkey_core::policy::config::Config;

/// What `account` tells PAM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Account {
    /// `auth` said yes, or did not need to ask.
    Success,
    /// Someone must enrol before they are in.
    NewAuthtokReqd,
    /// `auth` said no, and the application goes on all the same.
    PermDenied,
    /// `auth` did not run here.
    Ignore,
    /// The arguments are wrong.
    ServiceErr,
}

/// The `account` door.
pub fn account(host: &mut dyn Host, accounts: &dyn Accounts, words: &[&str], silent: bool) -> Account {
    host.account_is_called();
    if door_arguments(host, words, silent).is_none() {
        return Account::ServiceErr;
    }
    match mark::now(host, accounts) {
        Some(Mark::Passed(_)) => Account::Success,
        Some(Mark::MustEnroll(_) | Mark::MustEnrollElsewhere) => Account::NewAuthtokReqd,
        Some(Mark::Refused) => {
            host.log(Priority::Alert, LETS_FAILURE_THROUGH);
            Account::PermDenied
        }
        None => Account::Ignore,
    }
}

/// What `session` tells PAM when one is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Session {
    /// Nothing stands against it.
    Success,
    /// `auth` said no, or enrolment is due and was not done: the stack lacks our `account` line, or the application
    /// ignored it.
    SessionErr,
    /// The same, to sudo: it opens its session all the same where it hears of a session error, and of nothing else.
    PermDenied,
    /// The arguments are wrong.
    ServiceErr,
}

/// The `session` door, when a session is opened.
pub fn open_session(host: &mut dyn Host, accounts: &dyn Accounts, words: &[&str], silent: bool) -> Session {
    let Some(arguments) = door_arguments(host, words, silent) else { return Session::ServiceErr };
    let service = host.service();
    let mark = if RENAMING.contains(&service.as_str()) {
        mark::of_anybody(&host.left())
    } else {
        mark::now(host, accounts)
    };
    match mark {
        Some(Mark::Refused) => host.log(Priority::Alert, LETS_FAILURE_THROUGH),
        Some(Mark::MustEnroll(_) | Mark::MustEnrollElsewhere) => {
            host.log(
                Priority::Error,
                "enrolment is due and was not done: session refused; is our account line first?",
            );
            if !silent {
                let config = Config::load(arguments.config.as_deref()).unwrap_or_default();
                host.tell(Tone::Error, &Texts::new(&config).cannot_enroll_here());
            }
        }
        Some(Mark::Passed(_)) | None => {
            host.settle();
            return Session::Success;
        }
    }
    if SUDO.contains(&service.as_str()) { Session::PermDenied } else { Session::SessionErr }
}

/// What an admin must know who has written an `auth` line that does not hold.
const LETS_FAILURE_THROUGH: &str = "this login was refused by `auth` and went on: refused again. The auth line of \
    pam_wardkey lets failure through: make it `requisite` or `required`, and let nothing jump over it; where another \
    module may open instead, `auth optional pam_wardkey.so start` comes first";

/// sudo's two services; it takes their names in its own configuration, but hardly anyone gives it others.
const SUDO: [&str; 2] = ["sudo", "sudo-i"];

/// Programs that ask for one name only, and open the session under the name of the account that is to be used.
const RENAMING: [&str; 3] = ["sudo", "sudo-i", "doas"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mark::{Passage, Whose};
    use crate::scripted::Scripted;
    use crate::site::{Site, account as person};
    use wardkey_core::desk::Right;

    const MUST: Mark = Mark::MustEnroll(Right::Password);

    /// A login as roy of whom there is this mark; the directory knows him as Roy too.
    fn marked(mark: Option<Mark>) -> Scripted {
        let mut host = Scripted::new(b"Roy");
        if let Some(mark) = mark {
            host.set_mark(mark, &roy()).unwrap();
        }
        host
    }

    fn roy() -> Whose {
        Whose::Account(person("roy", 1000).name)
    }

    #[test]
    fn account_follows_the_mark() {
        let site = Site::new("");
        for (mark, expected) in [
            (None, Account::Ignore),
            (Some(Mark::Refused), Account::PermDenied),
            (Some(Mark::Passed(Passage::Alone)), Account::Success),
            (Some(MUST), Account::NewAuthtokReqd),
            (Some(Mark::MustEnrollElsewhere), Account::NewAuthtokReqd),
        ] {
            let mut host = marked(mark);
            assert_eq!(account(&mut host, &site, &[], false), expected);
            assert!(host.account_is_called);
            let is_alert = host.logged.iter().any(|(priority, _)| *priority == Priority::Alert);
            assert_eq!(is_alert, expected == Account::PermDenied);
            // login(1) has asked for another name since, and its way through the stack led past us.
            let mut host = marked(mark);
            host.user = b"ann".to_vec();
            assert_eq!(account(&mut host, &site, &[], false), Account::Ignore, "{mark:?}");
            assert!(host.log().is_empty());
            // The account database does not find the name any more.
            let mut host = marked(mark);
            host.user = b"no such account".to_vec();
            let is_passed = matches!(mark, Some(Mark::Passed(_)));
            let expected = if is_passed { Account::Ignore } else { expected };
            assert_eq!(account(&mut host, &site, &[], false), expected, "{mark:?}");
        }
        for silent in [false, true] {
            for words in [["nullok"], ["start"]] {
                let mut host = marked(Some(Mark::Passed(Passage::Alone)));
                assert_eq!(account(&mut host, &site, &words, silent), Account::ServiceErr);
                assert_eq!((host.told().contains("Call your"), host.log().is_empty()), (!silent, false));
            }
        }
    }

    #[test]
    fn session_refuses_while_the_mark_stands() {
        let site = Site::new("");
        for (mark, expected) in [
            (None, Session::Success),
            (Some(Mark::Refused), Session::SessionErr),
            (Some(Mark::Passed(Passage::Alone)), Session::Success),
            (Some(MUST), Session::SessionErr),
            (Some(Mark::MustEnrollElsewhere), Session::SessionErr),
        ] {
            for silent in [false, true] {
                let mut host = marked(mark);
                assert_eq!(open_session(&mut host, &site, &["config=/nowhere.toml"], silent), expected);
                let is_told = host.told().contains("You need a second factor first. Call your");
                let is_due = expected != Session::Success && mark != Some(Mark::Refused);
                assert_eq!(is_told, is_due && !silent);
                let is_alert = host.logged.iter().any(|(priority, _)| *priority == Priority::Alert);
                assert_eq!(is_alert, mark == Some(Mark::Refused));
                assert_eq!(host.is_settled, expected == Session::Success);
                let mut host = marked(mark);
                assert_eq!(open_session(&mut host, &site, &["nullok"], silent), Session::ServiceErr);
                assert_eq!(host.told().contains("Call your"), !silent);
                let mut host = marked(mark);
                host.user = b"ann".to_vec();
                assert_eq!(open_session(&mut host, &site, &[], silent), Session::Success, "{mark:?}");
            }
        }
    }

    /// By the time of the session, sudo and doas have put root's name, or anybody's, in the place of the caller's.
    #[test]
    fn sudo_hears_what_it_does_not_take_for_a_warning() {
        let site = Site::new("");
        for (service, expected) in [
            ("sudo", Session::PermDenied),
            ("sudo-i", Session::PermDenied),
            ("doas", Session::SessionErr),
            ("su", Session::SessionErr),
        ] {
            for mark in [MUST, Mark::Refused] {
                let mut host = marked(Some(mark)).service(service);
                assert_eq!(open_session(&mut host, &site, &[], true), expected);
                if service != "su" {
                    host.user = b"ann".to_vec();
                    assert_eq!(open_session(&mut host, &site, &[], true), expected);
                }
            }
        }
    }
}
