//! The doors `account` and `session`: what the mark of `auth` means there.

use crate::arguments::Arguments;
use crate::host::{Host, Mark, Priority, Tone};
use crate::report::unusable;
use crate::text::Texts;
use wardkey_core::config::Config;

/// What `account` tells PAM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Account {
    /// `auth` said yes, or did not need to ask.
    Success,
    /// Someone must enrol before they are in.
    NewAuthtokReqd,
    /// `auth` did not run here, or did not say yes: then it has already told PAM so.
    Ignore,
    /// The arguments are wrong.
    ServiceErr,
}

/// The `account` door.
pub fn account(host: &mut dyn Host, words: &[&str], silent: bool) -> Account {
    if sound(host, words, silent).is_none() {
        return Account::ServiceErr;
    }
    match host.mark() {
        Some(Mark::Passed(_)) => Account::Success,
        Some(Mark::MustEnroll(_) | Mark::MustEnrollElsewhere) => Account::NewAuthtokReqd,
        Some(Mark::Refused) | None => Account::Ignore,
    }
}

/// What `session` tells PAM when one is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Session {
    /// Nothing stands against it.
    Success,
    /// Enrolment is due and was not done: the stack lacks our `account` line, or the application ignored it.
    SessionErr,
    /// The same, to sudo: it opens its session all the same where it hears of a session error, and of nothing else.
    PermDenied,
    /// The arguments are wrong.
    ServiceErr,
}

/// The `session` door, when a session is opened.
pub fn open_session(host: &mut dyn Host, words: &[&str], silent: bool) -> Session {
    let Some(arguments) = sound(host, words, silent) else { return Session::ServiceErr };
    if matches!(host.mark(), Some(Mark::MustEnroll(_) | Mark::MustEnrollElsewhere)) {
        host.log(
            Priority::Error,
            "enrolment is due and was not done: session refused; is our account line first?",
        );
        if !silent {
            let config = Config::load(arguments.config.as_deref()).unwrap_or_default();
            host.tell(Tone::Error, &Texts::new(&config).cannot_enroll_here());
        }
        return if is_sudo(&host.service()) { Session::PermDenied } else { Session::SessionErr };
    }
    Session::Success
}

/// sudo's two services; it takes their names in its own configuration, but hardly anyone gives it others.
fn is_sudo(service: &str) -> bool {
    service == "sudo" || service == "sudo-i"
}

fn sound(host: &mut dyn Host, words: &[&str], silent: bool) -> Option<Arguments> {
    Arguments::parse(words.iter().copied()).map_err(|why| unusable(host, &why, silent)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Passage;
    use crate::scripted::Scripted;
    use wardkey_core::enrolling::Right;

    const MUST: Mark = Mark::MustEnroll(Right::Password);

    fn marked(mark: Option<Mark>) -> Scripted {
        let mut host = Scripted::new(b"roy");
        if let Some(mark) = mark {
            host.set_mark(mark).unwrap();
        }
        host
    }

    #[test]
    fn account_follows_the_mark() {
        for (mark, expected) in [
            (None, Account::Ignore),
            (Some(Mark::Refused), Account::Ignore),
            (Some(Mark::Passed(Passage::Alone)), Account::Success),
            (Some(MUST), Account::NewAuthtokReqd),
            (Some(Mark::MustEnrollElsewhere), Account::NewAuthtokReqd),
        ] {
            assert_eq!(account(&mut marked(mark), &[], false), expected);
        }
        for silent in [false, true] {
            let mut host = marked(Some(Mark::Passed(Passage::Alone)));
            assert_eq!(account(&mut host, &["nullok"], silent), Account::ServiceErr);
            assert_eq!((host.told().contains("Call your"), host.log().is_empty()), (!silent, false));
        }
    }

    #[test]
    fn session_refuses_while_the_mark_stands() {
        for (mark, expected) in [
            (None, Session::Success),
            (Some(Mark::Refused), Session::Success),
            (Some(Mark::Passed(Passage::Alone)), Session::Success),
            (Some(MUST), Session::SessionErr),
            (Some(Mark::MustEnrollElsewhere), Session::SessionErr),
        ] {
            for silent in [false, true] {
                let mut host = marked(mark);
                assert_eq!(open_session(&mut host, &["config=/nowhere.toml"], silent), expected);
                let is_told = host.told().contains("You need a second factor first. Call your");
                assert_eq!(is_told, expected != Session::Success && !silent);
                let mut host = marked(mark);
                assert_eq!(open_session(&mut host, &["nullok"], silent), Session::ServiceErr);
                assert_eq!(host.told().contains("Call your"), !silent);
            }
        }
    }

    #[test]
    fn sudo_hears_what_it_does_not_take_for_a_warning() {
        for service in ["sudo", "sudo-i"] {
            let mut host = marked(Some(MUST)).service(service);
            assert_eq!(open_session(&mut host, &[], true), Session::PermDenied);
        }
    }
}
