//! A code at a prompt of its own.

use crate::answer::AuthAnswer;
use crate::arguments::FirstPass;
use crate::attempt::LoginAttempt;
use crate::authority::LoginJudge;
use crate::by_mail;
use crate::by_sshd::is_by_sshd;
use crate::mark::{Mark, PassedBy};
use crate::report::{Given, conclude, refuse_enrolment};
use crate::transaction::{Broken, Caller, Priority, Transaction};
use wardkey_core::credential::secret::Secret;
use wardkey_core::desk::Right;
use wardkey_core::login::{Ask, Outcome, Reply, Step, Who};

/// Asks for a code, if one is asked of this person.
pub(crate) fn run(
    attempt: &LoginAttempt,
    authority: &LoginJudge<'_>,
    pam: &mut dyn Transaction,
) -> Result<AuthAnswer, Broken> {
    let Some(ask) = authority.asked(pam) else { return Ok(attempt.unavailable(pam)) };
    attempt.debug(authority, pam, ask);
    match ask {
        Ask::Code => return ask_code(attempt, authority, pam),
        Ask::EnrollElsewhere(why) => return refuse_enrolment(attempt, authority, pam, why),
        Ask::Enroll => authority.leave(pam, Mark::MustEnroll(Right::Password))?,
        Ask::Grace => authority.leave(pam, Mark::Passed(PassedBy::Grace))?,
        Ask::Nothing { days_left } => attempt.tell_days_left(pam, days_left),
    }
    Ok(AuthAnswer::Ignore)
}

fn ask_code(
    attempt: &LoginAttempt,
    authority: &LoginJudge<'_>,
    pam: &mut dyn Transaction,
) -> Result<AuthAnswer, Broken> {
    match attempt.arguments.first_pass {
        FirstPass::Use => {
            let entry = pam.authtok();
            return check_entry(attempt, authority, pam, entry);
        }
        FirstPass::Try => {
            if let Some(authtok) = pam.authtok()
                && accepts_tail(attempt, authority, pam, authtok)?
            {
                return Ok(AuthAnswer::Success);
            }
        }
        FirstPass::Ask => {}
    }
    let texts = &attempt.texts;
    let offers_mail = by_mail::is_offered(authority);
    let prompt = if offers_mail { texts.prompt_with_mail() } else { texts.prompt() };
    let mut entry = attempt.ask(authority, pam, prompt)?;
    if by_mail::is_word(authority, &entry) {
        entry = by_mail::ask(attempt, authority, pam, &texts.second_prompt())?;
    }
    let request = authority.request(Step::Check(reply_of(pam, entry)));
    let checked = authority.check(pam, &request);
    conclude(attempt, authority, pam, (&checked, Given::of(&request)))
}

/// sshd's password method answers every prompt with the password, which does not count as an attempt at a code.
fn reply_of(pam: &mut dyn Transaction, entry: Secret) -> Reply {
    if pam.authtok().is_none_or(|authtok| authtok != entry) {
        return Reply::Separate(entry);
    }
    if is_by_sshd(pam) {
        pam.log(Priority::Warning, PASSWORD_AS_CODE);
    }
    Reply::NoCode
}

const PASSWORD_AS_CODE: &str = "the answer to the prompt for a code was the password. If it was sshd that gave it (its password \
    method does), set `KbdInteractiveAuthentication yes` and `PasswordAuthentication no` in sshd_config";

fn check_entry(
    attempt: &LoginAttempt,
    authority: &LoginJudge<'_>,
    pam: &mut dyn Transaction,
    entry: Option<Secret>,
) -> Result<AuthAnswer, Broken> {
    let Some(entry) = entry else {
        pam.log(Priority::Notice, "use_first_pass: no earlier module has asked for a password: refused");
        return Ok(AuthAnswer::AuthErr);
    };
    let request = authority.request(Step::Check(Reply::Combined(entry)));
    let checked = authority.check(pam, &request);
    conclude(attempt, authority, pam, (&checked, Given::of(&request)))
}

/// Tries the tail of an entry that need not have one; anything but a right code counts for nothing.
fn accepts_tail(
    attempt: &LoginAttempt,
    authority: &LoginJudge<'_>,
    pam: &mut dyn Transaction,
    entry: Secret,
) -> Result<bool, Broken> {
    // Through the helper a person's own program could guess so for nothing.
    if !matches!(authority.who, Who::Known(_)) || pam.caller() == Caller::Ordinary {
        return Ok(false);
    }
    let request = authority.request(Step::CheckFree(Reply::Combined(entry)));
    let checked = authority.check(pam, &request);
    match &checked.outcome {
        Outcome::Accepted(_) => {
            let answer = conclude(attempt, authority, pam, (&checked, Given::of(&request)))?;
            Ok(answer == AuthAnswer::Success)
        }
        Outcome::Refused(_) | Outcome::Unavailable(_) | Outcome::EnrollElsewhere(_) => Ok(false),
    }
}
