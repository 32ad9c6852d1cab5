//! The `session` door: nobody is let in against the mark of `auth`.

use crate::answer::SessionAnswer;
use crate::by_sshd::tell_notice;
use crate::mark::{self, Mark};
use crate::marked;
use crate::report::{LETS_FAILURE_THROUGH, door_arguments};
use crate::text::Texts;
use crate::transaction::{Priority, Tone, Transaction};
use wardkey_core::policy::account::Accounts;
use wardkey_core::policy::config::Config;

/// The `session` door, when a session is opened.
pub fn open_session(
    pam: &mut dyn Transaction,
    accounts: &dyn Accounts,
    words: &[&str],
    silent: bool,
) -> SessionAnswer {
    let Some(arguments) = door_arguments(pam, words, silent) else { return SessionAnswer::ServiceErr };
    let service = pam.service();
    let mark = if RENAMING.contains(&service.as_str()) {
        mark::of_anybody(&pam.left())
    } else {
        marked::now(pam, accounts)
    };
    match mark {
        Some(Mark::Refused) => pam.log(Priority::Alert, LETS_FAILURE_THROUGH),
        Some(Mark::MustEnroll(_) | Mark::MustEnrollElsewhere) => {
            pam.log(Priority::Error, &[DUE, hint(pam)].concat());
            if !silent {
                let config = Config::load(arguments.config.as_deref()).unwrap_or_default();
                pam.tell(Tone::Error, &Texts::new(&config).cannot_enroll_here());
            }
        }
        Some(Mark::Passed(_)) | None => {
            pam.settle();
            tell_notice(pam, silent);
            return SessionAnswer::Success;
        }
    }
    if SUDO.contains(&service.as_str()) { SessionAnswer::PermDenied } else { SessionAnswer::SessionErr }
}

/// Which line of the service's file led past the enrolment, as far as it can be told in this process.
fn hint(pam: &dyn Transaction) -> &'static str {
    match (pam.was_account_called(), pam.first_answer()) {
        (Some(false), _) => ACCOUNT_LINE,
        (Some(true), None) => PASSWORD_LINE,
        // They were asked to enrol, and did not.
        (Some(true), Some(_)) => "",
        (None, _) => EITHER_LINE,
    }
}

const DUE: &str = "enrolment is due and was not done: session refused";
const ACCOUNT_LINE: &str =
    ". The account line is missing or not the first one: `account required pam_wardkey.so`";
const PASSWORD_LINE: &str = ". The password line is missing or not the first one: \
    `password [success=done ignore=ignore default=die] pam_wardkey.so`";
const EITHER_LINE: &str = ". If the person was not asked to enrol, the account line is missing or not the first one \
    (`account required pam_wardkey.so`), or the password line \
    (`password [success=done ignore=ignore default=die] pam_wardkey.so`)";

/// sudo's two services; it takes their names in its own configuration, but hardly anyone gives it others.
const SUDO: [&str; 2] = ["sudo", "sudo-i"];

/// Programs that ask for one name only, and open the session under the name of the account that is to be used.
const RENAMING: [&str; 3] = ["sudo", "sudo-i", "doas"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::PasswordAnswer;
    use crate::mark::PassedBy;
    use crate::testing::fixture::Fixture;
    use crate::testing::scripted::Scripted;
    use crate::testing::{MUST, marked};

    #[test]
    fn session_refuses_while_the_mark_stands() {
        let site = Fixture::new("");
        for (mark, expected) in [
            (None, SessionAnswer::Success),
            (Some(Mark::Refused), SessionAnswer::SessionErr),
            (Some(Mark::Passed(PassedBy::Alone)), SessionAnswer::Success),
            (Some(MUST), SessionAnswer::SessionErr),
            (Some(Mark::MustEnrollElsewhere), SessionAnswer::SessionErr),
        ] {
            for silent in [false, true] {
                let mut pam = marked(mark);
                assert_eq!(open_session(&mut pam, &site, &["config=/nowhere.toml"], silent), expected);
                let is_told = pam.told().contains("You need a second factor first. To have one set up: your");
                let is_due = expected != SessionAnswer::Success && mark != Some(Mark::Refused);
                assert_eq!(is_told, is_due && !silent);
                let is_alert = pam.logged.iter().any(|(priority, _)| *priority == Priority::Alert);
                assert_eq!(is_alert, mark == Some(Mark::Refused));
                assert_eq!(pam.is_settled, expected == SessionAnswer::Success);
                let mut pam = marked(mark);
                assert_eq!(open_session(&mut pam, &site, &["nullok"], silent), SessionAnswer::ServiceErr);
                assert_eq!(pam.told().contains("Help: your"), !silent);
                let mut pam = marked(mark);
                pam.user = b"ann".to_vec();
                assert_eq!(open_session(&mut pam, &site, &[], silent), SessionAnswer::Success, "{mark:?}");
            }
        }
    }

    #[test]
    fn the_log_names_the_line_that_led_past_the_enrolment() {
        let site = Fixture::new("");
        let log = |pam: &mut Scripted| {
            assert_eq!(open_session(pam, &site, &[], true), SessionAnswer::SessionErr);
            (*pam).log()
        };
        let account = "The account line is missing or not the first one: `account required pam_wardkey.so`";
        assert!(log(&mut marked(Some(MUST))).ends_with(account));
        let mut pam = marked(Some(MUST));
        pam.account_is_called();
        let password = "`password [success=done ignore=ignore default=die] pam_wardkey.so`";
        assert!(log(&mut pam).ends_with(password), "{}", pam.log());
        let mut pam = marked(Some(MUST));
        pam.account_is_called();
        pam.set_first_answer(PasswordAnswer::AuthtokErr).unwrap();
        assert!(log(&mut pam).ends_with("session refused"), "asked, and did not");
        let mut pam = marked(Some(Mark::MustEnrollElsewhere));
        assert!(log(&mut pam).contains("(`account required pam_wardkey.so`), or the password line"));
    }

    /// By the time of the session, sudo and doas have put root's name, or anybody's, in the place of the caller's.
    #[test]
    fn sudo_hears_what_it_does_not_take_for_a_warning() {
        let site = Fixture::new("");
        for (service, expected) in [
            ("sudo", SessionAnswer::PermDenied),
            ("sudo-i", SessionAnswer::PermDenied),
            ("doas", SessionAnswer::SessionErr),
            ("su", SessionAnswer::SessionErr),
        ] {
            for mark in [MUST, Mark::Refused] {
                let mut pam = marked(Some(mark)).service(service);
                assert_eq!(open_session(&mut pam, &site, &[], true), expected);
                if service != "su" {
                    pam.user = b"ann".to_vec();
                    assert_eq!(open_session(&mut pam, &site, &[], true), expected);
                }
            }
        }
    }
}
