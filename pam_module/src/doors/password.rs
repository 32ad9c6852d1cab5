//! The `password` door: the enrolment that `account` asked for, and nothing else.

use crate::answer::PasswordAnswer;
use crate::by_sshd::before_failure;
use crate::enrol::Enrolling;
use crate::mark::{Mark, PassedBy, Whose};
use crate::marked;
use crate::report::{door_arguments, unusable};
use crate::text::Texts;
use crate::transaction::Machine;
use crate::transaction::{Caller, Priority, Tone, Transaction};
use wardkey_core::desk::Right;
use wardkey_core::policy::account::Account;
use wardkey_core::policy::config::Config;
use wardkey_core::user::UserName;

const SECONDS_A_DAY: u64 = 86_400;

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
pub fn password(
    pam: &mut dyn Transaction,
    machine: &Machine<'_>,
    words: &[&str],
    call: Call,
) -> PasswordAnswer {
    if call.phase == Phase::Update {
        return pam.first_answer().unwrap_or(PasswordAnswer::AuthtokErr);
    }
    let answer = first_call(pam, machine, words, call);
    if pam.set_first_answer(answer).is_ok() { answer } else { PasswordAnswer::AuthtokErr }
}

fn first_call(
    pam: &mut dyn Transaction,
    machine: &Machine<'_>,
    words: &[&str],
    call: Call,
) -> PasswordAnswer {
    let Some(arguments) = door_arguments(pam, words, call.silent) else { return PasswordAnswer::ServiceErr };
    let due = if call.expired { marked::now(pam, machine.accounts) } else { None };
    let right = match due {
        Some(Mark::MustEnroll(right)) => Some(right),
        Some(Mark::MustEnrollElsewhere) => None,
        Some(Mark::Passed(_) | Mark::Refused) | None => return PasswordAnswer::Ignore,
    };
    let config = match Config::load(arguments.config.as_deref()) {
        Ok(config) => config,
        Err(why) => {
            unusable(pam, words, &why.to_string(), call.silent);
            return PasswordAnswer::ServiceErr;
        }
    };
    // The records are a verifier's: nothing is enrolled here, whatever mark was left.
    let right = right.filter(|_| !config.store.is_seat());
    let who = account(pam, machine).and_then(|account| Ok((account, right.ok_or(ELSEWHERE)?)));
    match who {
        Ok((account, right)) => enrol(pam, (machine, &config), (&account, right), call.silent),
        Err(why) => {
            pam.log(Priority::Error, &format!("enrolment is due and cannot be done: {why}"));
            if !call.silent {
                let text = Texts::new(&config).cannot_enroll_here();
                pam.tell(Tone::Error, &before_failure(pam, text));
            }
            PasswordAnswer::AuthtokErr
        }
    }
}

const ELSEWHERE: &str = "the code was asked for in another process, or this machine is a seat";

fn account(pam: &mut dyn Transaction, machine: &Machine<'_>) -> Result<Account, &'static str> {
    if pam.caller() == Caller::Ordinary {
        return Err("this program does not run as root");
    }
    let name = pam.user().map_err(|_| "the application names nobody")?;
    let name = UserName::new(&name).map_err(|_| "nobody can have this name")?;
    let found = machine.accounts.find(&name).map_err(|_| "the account database does not answer")?;
    found.ok_or("there is no such account")
}

fn enrol(
    pam: &mut dyn Transaction,
    (machine, config): (&Machine<'_>, &Config),
    (account, right): (&Account, Right),
    silent: bool,
) -> PasswordAnswer {
    let enrolling = Enrolling::new(pam, (machine, config), (account, right), silent);
    let whose = Whose::Account(account.name.clone());
    if !enrolling.run(pam) || pam.set_mark(Mark::Passed(PassedBy::Alone), &whose).is_err() {
        return PasswordAnswer::AuthtokErr;
    }
    let today = i64::try_from(machine.clock.now().0 / SECONDS_A_DAY).unwrap_or(i64::MAX);
    // pam_unix, next in the stack, has then a password of its own to change.
    let is_over = pam.ageing(&account.name).is_some_and(|ageing| ageing.is_over(today));
    if is_over { PasswordAnswer::Ignore } else { PasswordAnswer::Success }
}

#[cfg(test)]
#[path = "password_tests.rs"]
mod tests;
