//! The `auth` door: what it tells PAM, and what it leaves for the doors that follow.

use crate::answer::AuthAnswer;
use crate::arguments::Arguments;
use crate::attempt::LoginAttempt;
use crate::authority::LoginJudge;
use crate::combined;
use crate::mark::{Mark, PassedBy, Whose};
use crate::report::unusable;
use crate::separate;
use crate::transaction::{Broken, Machine, Priority, Transaction};
use wardkey_core::login::Who;
use wardkey_core::policy::config::Config;

/// The `auth` door.
pub fn authenticate(
    pam: &mut dyn Transaction,
    machine: &Machine<'_>,
    words: &[&str],
    silent: bool,
) -> AuthAnswer {
    let arguments = Arguments::parse(words.iter().copied());
    if arguments.as_ref().is_ok_and(|arguments| arguments.start) {
        return start(pam);
    }
    let who = pam.user().map(|name| Who::find(machine.accounts, &name));
    let whose = who.as_ref().map_or(Whose::Unsure, Whose::of);
    // A retry in one transaction must not live on an earlier yes.
    let _ = pam.take_ticket();
    if pam.set_mark(Mark::Refused, &whose).is_err() {
        return AuthAnswer::ServiceErr;
    }
    let (arguments, config) = match arguments.and_then(prepare) {
        Ok(prepared) => prepared,
        Err(why) => {
            unusable(pam, words, &why, silent);
            return AuthAnswer::ServiceErr;
        }
    };
    let named = arguments.config.clone();
    let authority = who.map(|who| LoginJudge::new(pam, machine, who, (&config, named.as_deref())));
    let answer = authority.and_then(|authority| {
        let attempt = LoginAttempt::new(arguments, &authority, silent);
        let run = if attempt.combined { combined::run } else { separate::run };
        run(&attempt, &authority, pam)
    });
    let answer = answer.unwrap_or_else(|Broken| {
        pam.log(Priority::Notice, "the conversation failed");
        AuthAnswer::ConvErr
    });
    leave_mark(pam, (&config, &whose), answer)
}

/// Where another module may open before our own line, the line `start` comes first: what an earlier try left in this
/// transaction says nothing of this one, and nothing else would tell.
fn start(pam: &mut dyn Transaction) -> AuthAnswer {
    let _ = pam.take_ticket();
    if pam.leave(None).is_ok() {
        return AuthAnswer::Ignore;
    }
    pam.log(Priority::Critical, "libpam keeps what an earlier try left: `start` has no effect");
    AuthAnswer::ServiceErr
}

/// Leaves a refusal that stands for every name.
pub(crate) fn refuse_every_name(pam: &mut dyn Transaction) {
    let _ = pam.set_mark(Mark::Refused, &Whose::Unsure);
}

fn prepare(arguments: Arguments) -> Result<(Arguments, Config), String> {
    let config = Config::load(arguments.config.as_deref()).map_err(|e| e.to_string())?;
    Ok((arguments, config))
}

fn leave_mark(
    pam: &mut dyn Transaction,
    (config, whose): (&Config, &Whose),
    answer: AuthAnswer,
) -> AuthAnswer {
    let is_left = |is: fn(Mark) -> bool| pam.left().iter().any(|left| is(left.mark));
    // The mark "must enrol" was left where it was found out; a plain yes must not wipe it. Here it is elsewhere too
    // when libpam failed to give it back.
    let is_due = is_left(|mark| matches!(mark, Mark::MustEnroll(_) | Mark::MustEnrollElsewhere));
    let by_grace = is_left(|mark| mark == Mark::Passed(PassedBy::Grace));
    let mark = match answer {
        AuthAnswer::Success | AuthAnswer::Ignore if is_due => return answer,
        AuthAnswer::Ignore if by_grace => return answer,
        AuthAnswer::Success if config.has_unlock_grace() => Mark::Passed(PassedBy::Code),
        AuthAnswer::Success | AuthAnswer::Ignore => Mark::Passed(PassedBy::Alone),
        AuthAnswer::AuthErr | AuthAnswer::ServiceErr | AuthAnswer::ConvErr => Mark::Refused,
    };
    if pam.set_mark(mark, whose).is_ok() { answer } else { AuthAnswer::ServiceErr }
}

#[cfg(test)]
mod tests;
