//! The `auth` door: what it tells PAM, and what it leaves for the doors that follow.

use crate::arguments::Arguments;
use crate::host::{Broken, Host, Priority};
use crate::login::Login;
use crate::mark::{Mark, Passage, Whose};
use crate::report::unusable;
use wardkey_core::login::Who;
use wardkey_core::policy::account::Accounts;
use wardkey_core::policy::config::Config;
use wardkey_core::system::clock::Clock;

/// What `auth` tells PAM; nothing in here but [`Answer::Success`] lets anyone in, and no error turns into
/// [`Answer::Ignore`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Accepted and recorded.
    Success,
    /// Not asked: policy says so.
    Ignore,
    /// Refused, whatever the reason: other results make programs give up (GDM, sshd's client, sudo-rs, cockpit), and
    /// then nobody can follow the advice to wait or to use a recovery code. The reason stands in text, log and audit.
    AuthErr,
    /// Arguments or configuration are wrong.
    ServiceErr,
    /// The conversation failed.
    ConvErr,
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
    let arguments = Arguments::parse(words.iter().copied());
    if arguments.as_ref().is_ok_and(|arguments| arguments.start) {
        return start(host);
    }
    let who = host.user().map(|name| Who::find(machine.accounts, &name));
    let whose = who.as_ref().map_or(Whose::Unsure, Whose::of);
    // A retry in one transaction must not live on an earlier yes.
    if host.set_mark(Mark::Refused, &whose).is_err() {
        return Answer::ServiceErr;
    }
    let (arguments, config) = match arguments.and_then(prepare) {
        Ok(prepared) => prepared,
        Err(why) => {
            unusable(host, &why, silent);
            return Answer::ServiceErr;
        }
    };
    let login = who.map(|who| Login::new(host, machine, (who, arguments, &config), silent));
    let answer = login.and_then(|login| login.run(host)).unwrap_or_else(|Broken| {
        host.log(Priority::Notice, "the conversation failed");
        Answer::ConvErr
    });
    leave_mark(host, (&config, &whose), answer)
}

/// Where another module may open before our own line, the line `start` comes first: what an earlier try left in this
/// transaction says nothing of this one, and nothing else would tell.
fn start(host: &mut dyn Host) -> Answer {
    if host.leave(None).is_ok() {
        return Answer::Ignore;
    }
    host.log(Priority::Critical, "libpam keeps what an earlier try left: `start` has no effect");
    Answer::ServiceErr
}

/// Leaves a refusal that stands for every name.
pub(crate) fn refuse_whoever(host: &mut dyn Host) {
    let _ = host.set_mark(Mark::Refused, &Whose::Unsure);
}

fn prepare(arguments: Arguments) -> Result<(Arguments, Config), String> {
    let config = Config::load(arguments.config.as_deref()).map_err(|e| e.to_string())?;
    Ok((arguments, config))
}

fn leave_mark(host: &mut dyn Host, (config, whose): (&Config, &Whose), answer: Answer) -> Answer {
    let is_left = |is: fn(Mark) -> bool| host.left().iter().any(|left| is(left.mark));
    // The mark "must enrol" was left where it was found out; a plain yes must not wipe it. Here it is elsewhere too
    // when libpam failed to give it back.
    let is_due = is_left(|mark| matches!(mark, Mark::MustEnroll(_) | Mark::MustEnrollElsewhere));
    let by_grace = is_left(|mark| mark == Mark::Passed(Passage::Grace));
    let mark = match answer {
        Answer::Success | Answer::Ignore if is_due => return answer,
        Answer::Ignore if by_grace => return answer,
        Answer::Success if config.has_unlock_grace() => Mark::Passed(Passage::Code),
        Answer::Success | Answer::Ignore => Mark::Passed(Passage::Alone),
        Answer::AuthErr | Answer::ServiceErr | Answer::ConvErr => Mark::Refused,
    };
    if host.set_mark(mark, whose).is_ok() { answer } else { Answer::ServiceErr }
}

#[cfg(test)]
mod tests;
