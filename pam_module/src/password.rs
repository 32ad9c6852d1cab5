//! The `password` door: the enrolment that `account` asked for, and nothing else.

use crate::auth::Machine;
use crate::enrol::Enrolling;
use crate::host::{Caller, Host, Priority, Tone};
use crate::mark::{self, Mark, Passage, Whose};
use crate::report::{door_arguments, unusable};
use crate::text::Texts;
use wardkey_core::desk::Right;
use wardkey_core::policy::account::Account;
use wardkey_core::policy::config::Config;
use wardkey_core::user::UserName;

const SECONDS_A_DAY: u64 = 86_400;

/// What `password` tells PAM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Password {
    /// Enrolled.
    Success,
    /// Not ours: an ordinary change of password, or one that is due besides the enrolment.
    Ignore,
    /// Enrolment is due and was not done; this refuses the login.
    AuthtokErr,
    /// Arguments or configuration are wrong.
    ServiceErr,
}

/// Which of libpam's two calls this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// `PAM_PRELIM_CHECK`: libpam takes the stack's way by what this call returns.
    Check,
    /// `PAM_UPDATE_AUTHTOK`: the way is taken; only a return like the first one means what it says.
    Update,
}

/// How the application calls.
#[derive(Debug, Clone, Copy)]
pub struct Call {
    /// Which call.
    pub phase: Phase,
    /// `PAM_SILENT`
    pub silent: bool,
    /// `PAM_CHANGE_EXPIRED_AUTHTOK`: from a login, not from passwd(1).
    pub expired: bool,
}

/// The `password` door. All is done in the first call, so that a failure ends the stack before any module has
/// changed anything; the second repeats its answer.
pub fn password(host: &mut dyn Host, machine: &Machine<'_>, words: &[&str], call: Call) -> Password {
    if call.phase == Phase::Update {
        return host.first_answer().unwrap_or(Password::AuthtokErr);
    }
    let answer = first_call(host, machine, words, call);
    if host.set_first_answer(answer).is_ok() { answer } else { Password::AuthtokErr }
}

fn first_call(host: &mut dyn Host, machine: &Machine<'_>, words: &[&str], call: Call) -> Password {
    let Some(arguments) = door_arguments(host, words, call.silent) else { return Password::ServiceErr };
    let due = if call.expired { mark::now(host, machine.accounts) } else { None };
    let right = match due {
        Some(Mark::MustEnroll(right)) => Some(right),
        Some(Mark::MustEnrollElsewhere) => None,
        Some(Mark::Passed(_) | Mark::Refused) | None => return Password::Ignore,
    };
    let config = match Config::load(arguments.config.as_deref()) {
        Ok(config) => config,
        Err(why) => return service_error(host, &why.to_string(), call.silent),
    };
    let who = account(host, machine).and_then(|account| Ok((account, right.ok_or(ELSEWHERE)?)));
    match who {
        Ok((account, right)) => enrol(host, (machine, &config), (&account, right), call.silent),
        Err(why) => {
            host.log(Priority::Error, &format!("enrolment is due and cannot be done: {why}"));
            if !call.silent {
                host.tell(Tone::Error, &Texts::new(&config).cannot_enroll_here());
            }
            Password::AuthtokErr
        }
    }
}

const ELSEWHERE: &str = "the code was asked for in another process";

fn service_error(host: &mut dyn Host, why: &str, silent: bool) -> Password {
    unusable(host, why, silent);
    Password::ServiceErr
}

fn account(host: &mut dyn Host, machine: &Machine<'_>) -> Result<Account, &'static str> {
    if host.caller() == Caller::Ordinary {
        return Err("this program does not run as root");
    }
    let name = host.user().map_err(|_| "the application names nobody")?;
    let name = UserName::new(&name).map_err(|_| "nobody can have this name")?;
    let found = machine.accounts.find(&name).map_err(|_| "the account database does not answer")?;
    found.ok_or("there is no such account")
}

fn enrol(
    host: &mut dyn Host,
    (machine, config): (&Machine<'_>, &Config),
    (account, right): (&Account, Right),
    silent: bool,
) -> Password {
    let enrolling = Enrolling::new(host, (machine, config), (account, right), silent);
    let whose = Whose::Account(account.name.clone());
    if !enrolling.run(host) || host.set_mark(Mark::Passed(Passage::Alone), &whose).is_err() {
        return Password::AuthtokErr;
    }
    let today = i64::try_from(machine.clock.now().0 / SECONDS_A_DAY).unwrap_or(i64::MAX);
    // pam_unix, next in the stack, has then a password of its own to change.
    let is_over = host.ageing(&account.name).is_some_and(|ageing| ageing.is_over(today));
    if is_over { Password::Ignore } else { Password::Success }
}

#[cfg(test)]
mod tests;
