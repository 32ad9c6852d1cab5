//! The doors after `auth`: what its mark means there.

use crate::arguments::Arguments;
use crate::host::{Host, Mark, Priority, Tone};
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
pub fn account(host: &mut dyn Host, words: &[&str]) -> Account {
    if !arguments_are_sound(host, words) {
        return Account::ServiceErr;
    }
    match host.mark() {
        Some(Mark::Passed) => Account::Success,
        Some(Mark::MustEnroll) => Account::NewAuthtokReqd,
        Some(Mark::Refused) | None => Account::Ignore,
    }
}

/// What `password` tells PAM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Password {
    /// Not ours: an ordinary change of password.
    Ignore,
    /// Enrolment is due and was not done; this refuses the login.
    AuthtokErr,
    /// The arguments are wrong.
    ServiceErr,
}

/// The `password` door. Enrolment at login is not in this version: the mark refuses.
pub fn password(host: &mut dyn Host, words: &[&str], silent: bool, expired: bool) -> Password {
    if !arguments_are_sound(host, words) {
        return Password::ServiceErr;
    }
    if !expired || host.mark() != Some(Mark::MustEnroll) {
        return Password::Ignore;
    }
    if !silent {
        host.tell(Tone::Error, &texts(words).cannot_enroll_here());
    }
    host.log(Priority::Notice, "enrolment is due, and this version cannot enrol at login: refused");
    Password::AuthtokErr
}

fn texts(words: &[&str]) -> Texts {
    let config =
        Arguments::parse(words.iter().copied()).ok().and_then(|a| Config::load(a.config.as_deref()).ok());
    Texts::new(&config.unwrap_or_default())
}

/// What `session` tells PAM when one is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Session {
    /// Nothing stands against it.
    Success,
    /// Enrolment is due and was not done: the stack lacks our `account` line, or the application ignored it.
    SessionErr,
    /// The arguments are wrong.
    ServiceErr,
}

/// The `session` door, when a session is opened.
pub fn open_session(host: &mut dyn Host, words: &[&str]) -> Session {
    if !arguments_are_sound(host, words) {
        return Session::ServiceErr;
    }
    if host.mark() == Some(Mark::MustEnroll) {
        host.log(
            Priority::Error,
            "enrolment is due and was not done: session refused; is our account line first?",
        );
        return Session::SessionErr;
    }
    Session::Success
}

fn arguments_are_sound(host: &mut dyn Host, words: &[&str]) -> bool {
    let parsed = Arguments::parse(words.iter().copied());
    parsed.map_err(|why| host.log(Priority::Critical, &why)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripted::Scripted;

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
            (Some(Mark::Passed), Account::Success),
            (Some(Mark::MustEnroll), Account::NewAuthtokReqd),
        ] {
            assert_eq!(account(&mut marked(mark), &[]), expected);
        }
        assert_eq!(account(&mut marked(Some(Mark::Passed)), &["nullok"]), Account::ServiceErr);
    }

    #[test]
    fn password_refuses_only_a_login_that_must_enrol() {
        for (mark, expired, expected) in [
            (None, true, Password::Ignore),
            (Some(Mark::Passed), true, Password::Ignore),
            (Some(Mark::MustEnroll), false, Password::Ignore),
            (Some(Mark::MustEnroll), true, Password::AuthtokErr),
        ] {
            assert_eq!(password(&mut marked(mark), &[], false, expired), expected);
        }
        let mut host = marked(Some(Mark::MustEnroll));
        assert_eq!(password(&mut host, &[], false, true), Password::AuthtokErr);
        assert!(host.told().contains("Call your system administrator"));
    }

    #[test]
    fn session_refuses_while_the_mark_stands() {
        for (mark, expected) in [
            (None, Session::Success),
            (Some(Mark::Refused), Session::Success),
            (Some(Mark::Passed), Session::Success),
            (Some(Mark::MustEnroll), Session::SessionErr),
        ] {
            assert_eq!(open_session(&mut marked(mark), &[]), expected);
        }
    }
}
