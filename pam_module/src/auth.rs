//! The `auth` door: what it tells PAM, and what it leaves for the doors that follow.

use crate::arguments::Arguments;
use crate::host::{Broken, Host, Mark, Passage, Priority};
use crate::login::Login;
use crate::report::unusable;
use wardkey_core::account::Accounts;
use wardkey_core::clock::Clock;
use wardkey_core::config::Config;
use wardkey_core::verify::Refusal;

/// What `auth` tells PAM; nothing in here but [`Answer::Success`] lets anyone in, and no error turns into
/// [`Answer::Ignore`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Accepted and recorded.
    Success,
    /// Not asked: policy says so.
    Ignore,
    /// Refused.
    AuthErr,
    /// Waiting or disabled.
    MaxTries,
    /// Codes cannot be checked now.
    Unavailable,
    /// Arguments or configuration are wrong.
    ServiceErr,
    /// The conversation failed.
    ConvErr,
}

impl Answer {
    /// Whether a refusal still leaves the person a way in.
    pub(crate) const fn to_refusal(refusal: &Refusal) -> Self {
        match refusal {
            Refusal::Waiting { .. } | Refusal::Disabled => Self::MaxTries,
            Refusal::Malformed
            | Refusal::OneCodeOnly
            | Refusal::Wrong
            | Refusal::WrongTime { .. }
            | Refusal::AlreadyUsed
            | Refusal::Expired
            | Refusal::NotEnrolled
            | Refusal::MustEnroll
            | Refusal::OtherUid => Self::AuthErr,
        }
    }
}

/// What a login takes from the machine.
pub struct Machine<'a> {
    /// The account database.
    pub accounts: &'a dyn Accounts,
    /// The clock.
    pub clock: &'a dyn Clock,
}

/// The `auth` door.
pub fn authenticate(host: &mut dyn Host, machine: &Machine<'_>, words: &[&str], silent: bool) -> Answer {
    // A retry in one transaction must not live on an earlier yes.
    if host.set_mark(Mark::Refused).is_err() {
        return Answer::ServiceErr;
    }
    let (arguments, config) = match prepare(words) {
        Ok(prepared) => prepared,
        Err(why) => {
            unusable(host, &why, silent);
            return Answer::ServiceErr;
        }
    };
    let answer = Login::new(host, machine, (arguments, &config), silent).and_then(|login| login.run(host));
    let answer = answer.unwrap_or_else(|Broken| {
        host.log(Priority::Notice, "the conversation failed");
        Answer::ConvErr
    });
    leave_mark(host, &config, answer)
}

fn prepare(words: &[&str]) -> Result<(Arguments, Config), String> {
    let arguments = Arguments::parse(words.iter().copied())?;
    let config = Config::load(arguments.config.as_deref()).map_err(|e| e.to_string())?;
    Ok((arguments, config))
}

fn leave_mark(host: &mut dyn Host, config: &Config, answer: Answer) -> Answer {
    let mark = match (answer, host.mark()) {
        // The mark "must enrol" was left where it was found out; a plain yes must not wipe it. Here it is elsewhere too
        // when libpam failed to give it back.
        (Answer::Success | Answer::Ignore, Some(Mark::MustEnroll(_) | Mark::MustEnrollElsewhere))
        | (Answer::Ignore, Some(Mark::Passed(Passage::Grace))) => return answer,
        (Answer::Success, _) if config.has_unlock_grace() => Mark::Passed(Passage::Code),
        (Answer::Success | Answer::Ignore, _) => Mark::Passed(Passage::Alone),
        (
            Answer::AuthErr | Answer::MaxTries | Answer::Unavailable | Answer::ServiceErr | Answer::ConvErr,
            _,
        ) => Mark::Refused,
    };
    if host.set_mark(mark).is_ok() { answer } else { Answer::ServiceErr }
}

#[cfg(test)]
mod tests;
