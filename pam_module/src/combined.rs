//! Password and code in one entry: the end is judged, and what stands before it is the password for the modules that
//! follow.

use crate::answer::AuthAnswer;
use crate::arguments::FirstPass;
use crate::attempt::LoginAttempt;
use crate::authority::LoginJudge;
use crate::by_mail;
use crate::mark::{Mark, PassedBy};
use crate::report::{Given, conclude, refuse_enrolment};
use crate::transaction::{Broken, Priority, Transaction};
use wardkey_core::credential::secret::Secret;
use wardkey_core::desk::Right;
use wardkey_core::login::{Ask, Checked, Outcome, Reply, Request, Step, Who};

/// An entry and what is known of it.
struct Taken {
    ask: Ask,
    /// The entry, in what was asked about it.
    request: Option<Request>,
    checked: Option<Checked>,
}

/// The whole is taken first: a locker may have waited at its prompt for hours, and grace ends meanwhile.
pub(crate) fn run(
    attempt: &LoginAttempt,
    authority: &LoginJudge<'_>,
    pam: &mut dyn Transaction,
) -> Result<AuthAnswer, Broken> {
    let entry = entry(attempt, authority, pam)?;
    let Some(taken) = take(attempt, authority, pam, entry)? else { return Ok(attempt.unavailable(pam)) };
    attempt.debug(authority, pam, taken.ask);
    match taken.ask {
        Ask::Code => return conclude_entry(attempt, authority, pam, &taken),
        Ask::EnrollElsewhere(why) => return refuse_enrolment(attempt, authority, pam, why),
        Ask::Enroll => authority.leave(pam, Mark::MustEnroll(Right::Password))?,
        Ask::Grace => authority.leave(pam, Mark::Passed(PassedBy::Grace))?,
        Ask::Nothing { .. } => {}
    }
    let answer = pass_on(attempt, authority, pam, &taken)?;
    if let Ask::Nothing { days_left } = taken.ask
        && answer == AuthAnswer::Ignore
    {
        attempt.tell_days_left(pam, days_left);
    }
    Ok(answer)
}

fn take(
    attempt: &LoginAttempt,
    authority: &LoginJudge<'_>,
    pam: &mut dyn Transaction,
    entry: Option<Secret>,
) -> Result<Option<Taken>, Broken> {
    let is_word = entry.as_ref().is_some_and(|e| is_ours(attempt, pam) && by_mail::is_word(authority, e));
    let Some(entry) = entry.filter(|_| !is_word) else {
        return take_without_code(attempt, authority, pam, is_word);
    };
    let request = authority.request(Step::Enter(Reply::Combined(entry)));
    let judged = authority.enter(pam, &request);
    Ok(judged.map(|(ask, checked)| Taken { ask, request: Some(request), checked: Some(checked) }))
}

/// There is no entry, or it is the word that asks for a mailed code.
fn take_without_code(
    attempt: &LoginAttempt,
    authority: &LoginJudge<'_>,
    pam: &mut dyn Transaction,
    is_word: bool,
) -> Result<Option<Taken>, Broken> {
    let Some(ask) = authority.asked(pam) else { return Ok(None) };
    let whole = |entry| authority.request(Step::Check(Reply::Combined(entry)));
    if !is_word || ask != Ask::Code {
        let request = is_word.then(|| whole(Secret::new(by_mail::WORD.to_vec())));
        return Ok(Some(Taken { ask, request, checked: None }));
    }
    let request = whole(by_mail::ask(attempt, authority, pam, &attempt.texts.combined_prompt())?);
    let checked = Some(authority.check(pam, &request));
    Ok(Some(Taken { ask, request: Some(request), checked }))
}

fn conclude_entry(
    attempt: &LoginAttempt,
    authority: &LoginJudge<'_>,
    pam: &mut dyn Transaction,
    taken: &Taken,
) -> Result<AuthAnswer, Broken> {
    let Some(checked) = &taken.checked else {
        pam.log(Priority::Notice, "use_first_pass: no earlier module has asked for a password: refused");
        return Ok(AuthAnswer::AuthErr);
    };
    let given = taken.request.as_ref().map_or(Given::Nothing, Given::of);
    conclude(attempt, authority, pam, (checked, given))
}

/// Nobody need type a code: the whole is the password that follows, unless it ends in a right code.
fn pass_on(
    attempt: &LoginAttempt,
    authority: &LoginJudge<'_>,
    pam: &mut dyn Transaction,
    taken: &Taken,
) -> Result<AuthAnswer, Broken> {
    let Some(given @ Given::Whole(entry)) = taken.request.as_ref().map(Given::of) else {
        return Ok(AuthAnswer::Ignore);
    };
    if let (Who::Known(_), Some(checked)) = (&authority.who, &taken.checked)
        && matches!(checked.outcome, Outcome::Accepted(_))
    {
        return conclude(attempt, authority, pam, (checked, given));
    }
    pam.set_authtok(entry.expose())?;
    Ok(AuthAnswer::Ignore)
}

/// What an earlier module asked for is a password, whatever it says.
fn is_ours(attempt: &LoginAttempt, pam: &dyn Transaction) -> bool {
    match attempt.arguments.first_pass {
        FirstPass::Ask => true,
        FirstPass::Try => pam.authtok().is_none(),
        FirstPass::Use => false,
    }
}

/// A whole entry: what an earlier module asked for, where the arguments say so, or the reply to our prompt.
fn entry(
    attempt: &LoginAttempt,
    authority: &LoginJudge<'_>,
    pam: &mut dyn Transaction,
) -> Result<Option<Secret>, Broken> {
    match (attempt.arguments.first_pass, pam.authtok()) {
        (FirstPass::Use, None) => Ok(None),
        (FirstPass::Use | FirstPass::Try, Some(authtok)) => Ok(Some(authtok)),
        (FirstPass::Ask, _) | (FirstPass::Try, None) => {
            attempt.ask(authority, pam, attempt.texts.combined_prompt()).map(Some)
        }
    }
}
