//! Before anything of a person is changed for them: their login password, and a code. A colleague at an unlocked
//! seat has neither, whatever program he speaks with.

use crate::dialogue::Dialogue;
use crate::ffi::{self, NotShown};
use crate::log;
use std::ffi::{CStr, CString};
use wardkey_core::login::{Ask, Judge, Outcome, PamItems, Reply, Who};
use wardkey_core::policy::account::Account;
use wardkey_core::record::enrolment::{Enrolment, State};
use wardkey_core::system::memory::stay_out_of_swap;
use wardkey_core::wire::{Refused, Wish};

/// The PAM service that asks for the password.
const SERVICE: &CStr = c"wardkey";

/// Lets someone show who they are; the answer is the enrolment that they showed it for.
///
/// # Errors
/// What they hear instead.
pub(crate) fn ask_for(
    line: &mut Dialogue<'_>,
    judge: &Judge<'_>,
    account: &Account,
) -> Result<Option<Enrolment>, Refused> {
    let who = Who::Known(account.clone());
    let items = PamItems { service: SERVICE.to_string_lossy().into_owned(), rhost: None, tty: None };
    stay_out_of_swap();
    let name = CString::new(account.name.as_bytes()).map_err(|_| Refused::Password)?;
    ffi::show_password(SERVICE, &name, line).map_err(|NotShown(result)| {
        let why = format!("did not show the login password, PAM says {result}");
        log::denied(judge.config, account.uid, &why);
        Refused::Password
    })?;
    // Only now: a prompt can be held open while the person enrols, or is reset.
    let enrolment = judge.store.enrolment(&account.name).map_err(|e| broken(&e.to_string()))?;
    if !needs_code(judge, &who, &items, enrolment.as_ref()) {
        return Ok(enrolment);
    }
    let typed = line.wish(Wish::Code).ok_or(Refused::Password)?;
    let checked = judge.check(&who, &items, Reply::Separate(typed.expose()));
    log::write(&checked.lines);
    match checked.outcome {
        Outcome::Accepted(_) if checked.generation == enrolment.as_ref().map(|e| e.generation) => {
            Ok(enrolment)
        }
        Outcome::Accepted(_) => Err(Refused::Broken("the record changed meanwhile".to_owned())),
        Outcome::Refused(refusal) => Err(Refused::Code(refusal.to_a_guesser())),
        Outcome::Unavailable(why) => Err(Refused::Broken(why)),
        // Not by this service.
        Outcome::EnrollElsewhere(why) => Err(Refused::Broken(why.name().to_owned())),
    }
}

/// Whoever has a second factor, or would be refused a login without one, shows one; for a first enrolment that is a
/// pass.
fn needs_code(judge: &Judge<'_>, who: &Who, items: &PamItems, enrolment: Option<&Enrolment>) -> bool {
    if enrolment.is_some_and(|e| e.state != State::NotEnrolled) {
        return true;
    }
    let asked = judge.asked(who, items);
    log::write(&asked.lines);
    !matches!(asked.ask, Ask::Nothing { .. })
}

fn broken(why: &str) -> Refused {
    log::failed(why);
    Refused::Broken(why.to_owned())
}
