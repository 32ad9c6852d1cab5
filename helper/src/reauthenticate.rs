//! Before anything of a person is changed for them: their login password, and a code. A colleague at an unlocked
//! seat has neither, whatever program he speaks with. For `replace` the recovery code counts that opened this session.

use crate::dialogue::Dialogue;
use crate::log;
use pam_client::{Answerer, Flag, Item, PamError, PamHandle};
use std::ffi::{CStr, CString};
use wardkey_core::desk::action::Action;
use wardkey_core::desk::{NotDone, Wish};
use wardkey_core::login::{Answer, Ask, Judge, Outcome, PamItems, Reply, Request, Step, Who};
use wardkey_core::policy::account::Account;
use wardkey_core::record::enrolment::{Enrolment, State};
use wardkey_core::system::memory::stay_out_of_swap;

/// The PAM service that asks for the password.
const SERVICE: &CStr = c"wardkey";

/// What somebody showed who they are for, and how.
pub(crate) struct Shown {
    /// The enrolment; none yet for somebody new.
    pub(crate) enrolment: Option<Enrolment>,
    /// Whether the recovery code counted that opened this session.
    pub(crate) by_login: bool,
}

/// Lets someone show who they are for this action.
///
/// # Errors
/// What they hear instead.
pub(crate) fn ask_for(
    dialogue: &mut Dialogue<'_>,
    judge: &Judge<'_>,
    account: &Account,
    action: &Action,
) -> Result<Shown, NotDone> {
    let who = Who::Known(account.clone());
    let items = PamItems { service: SERVICE.to_string_lossy().into_owned(), rhost: None, tty: None };
    stay_out_of_swap();
    let name = CString::new(account.name.as_bytes()).map_err(|_| NotDone::Password)?;
    show_password(&name, dialogue).map_err(|PamError(result)| {
        let why = format!("did not show the login password, PAM says {result}");
        log::denied(judge.site.config, account.uid, &why);
        NotDone::Password
    })?;
    // Only now: a prompt can be held open while the person enrols, or is reset.
    let enrolment = judge.site.store.enrolment(&account.name).map_err(|e| broken(&e.to_string()))?;
    let by_login = counts_for(action, judge, account, enrolment.as_ref());
    if by_login || !needs_code(judge, &who, &items, enrolment.as_ref()) {
        return Ok(Shown { enrolment, by_login });
    }
    let typed = dialogue.wish(Wish::Code).ok_or(NotDone::Password)?;
    let Answer::Checked(checked) = step(judge, &who, &items, Step::Check(Reply::Separate(typed))) else {
        // A check is answered by a check; the judge's one answer has other forms too.
        return Err(broken("the judge answered another question"));
    };
    match checked.outcome {
        Outcome::Accepted(_) if checked.generation == enrolment.as_ref().map(|e| e.generation) => {
            Ok(Shown { enrolment, by_login })
        }
        Outcome::Accepted(_) => Err(NotDone::Broken("the record changed meanwhile".to_owned())),
        Outcome::Refused(refusal) => Err(NotDone::Code(refusal.to_a_guesser())),
        Outcome::Unavailable(why) => Err(NotDone::Broken(why)),
        // Not by this service.
        Outcome::EnrollElsewhere(why) => Err(NotDone::Broken(why.name().to_owned())),
    }
}

/// Whether the one who answers knows `user`'s login password, and the account may be used.
fn show_password(user: &CStr, asked: &mut dyn Answerer) -> Result<(), PamError> {
    let mut transaction = PamHandle::start(SERVICE, user, Some(Flag::DisallowNullAuthtok), asked)?;
    transaction.set(Item::Ruser, user);
    transaction.authenticate()?;
    transaction.account()
}

/// Whether the recovery code of the login counts for this, which it does for `replace` alone.
fn counts_for(action: &Action, judge: &Judge<'_>, account: &Account, enrolment: Option<&Enrolment>) -> bool {
    let (Action::Replace(_), Some(enrolment)) = (action, enrolment) else { return false };
    let (counts, lines) = judge.counts_for_replace(account, enrolment);
    log::write(&lines);
    counts
}

/// A person who has a second factor, or would be refused a login without one, shows one; for a first enrolment that is
/// a pass.
fn needs_code(judge: &Judge<'_>, who: &Who, items: &PamItems, enrolment: Option<&Enrolment>) -> bool {
    if enrolment.is_some_and(|e| e.state != State::NotEnrolled) {
        return true;
    }
    !matches!(step(judge, who, items, Step::Ask), Answer::Asked(Ask::Nothing { .. }))
}

/// One step of a login, judged as any other.
fn step(judge: &Judge<'_>, who: &Who, items: &PamItems, step: Step) -> Answer {
    let (answer, lines) = judge.answer(who, &Request { items: items.clone(), step });
    log::write(&lines);
    answer
}

fn broken(why: &str) -> NotDone {
    log::failed(why);
    NotDone::Broken(why.to_owned())
}
