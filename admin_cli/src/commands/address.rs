//! A registered address before the person: a code is mailed there, and the right one makes the address count.

use super::Ended;
use crate::console::good;
use crate::context::Context;
use crate::failure::{Failure, Kind};
use crate::input::{Echo, ask};
use crate::show::{plain_codes, show_codes_and_end};
use crate::text::shell_word;
use serde::Serialize;
use wardkey_core::credential::Typed;
use wardkey_core::credential::mailed::MailMode;
use wardkey_core::credential::mailed::{Address, Notice};
use wardkey_core::credential::secret::Secret;
use wardkey_core::desk::{AddressConfirmed, Confirmed, Effect, Problem, Why};
use wardkey_core::policy::account::Account;
use wardkey_core::record::enrolment::State;

/// What a script is told of an address that waits for its code.
#[derive(Serialize)]
struct Waiting<'a> {
    user: &'a str,
    state: &'static str,
    email: &'a str,
    email_state: &'static str,
}

/// What a script is told of one that counts.
#[derive(Serialize)]
struct Counting<'a> {
    user: &'a str,
    state: &'static str,
    email: &'a str,
    recovery_codes: Vec<&'a str>,
}

/// An address as it was given.
pub(super) fn read(context: &Context, given: &str) -> Result<Address, Failure> {
    let bad = |_| {
        Failure::new(Kind::Usage, &context.text, |t| (t.bad_address(&shell_word(given)), t.give_address()))
    };
    given.parse().map_err(bad)
}

/// Whether an address of somebody can be registered without an authenticator before it.
pub(super) fn comes_alone(context: &Context, account: &Account) -> bool {
    use wardkey_core::store::Store;
    let is_enrolled =
        context.store.enrolment(&account.name).is_ok_and(|e| e.is_some_and(|e| e.state == State::Enrolled));
    is_enrolled || context.config.email.mode != MailMode::Recovery || context.console.is_json()
}

/// Has a code mailed, and asks for it until it is right; a script is left to `confirm`.
pub(super) fn register(context: &Context, account: &Account, address: &Address) -> Result<Ended, Failure> {
    use wardkey_core::store::Store;
    if context.config.email.mode == MailMode::Off {
        return Err(context.problem(&account.name)(Why::MailIsOff.into()));
    }
    context.register_address(account, address)?;
    let user = account.name.to_string();
    context.audit.done("enroll", &user, Some(&format!("address {} pending", address.masked())));
    if context.console.is_json() {
        let enrolment = context.store.enrolment(&account.name).map_err(|e| {
            let word = shell_word(&user);
            context.broken(&e).leaving(context.text.address_pending(&word))
        })?;
        let is_enrolled = enrolment.is_some_and(|e| e.state == State::Enrolled);
        let state = if is_enrolled { "enrolled" } else { "pending" };
        let answer = Waiting { user: &user, state, email: address.as_str(), email_state: "pending" };
        context.console.answer(&answer, String::new);
        return Ok(Ended::Done);
    }
    context.console.say(&context.text.confirming_mail_sent(address.as_str()));
    ask_until_right(context, account)
}

fn ask_until_right(context: &Context, account: &Account) -> Result<Ended, Failure> {
    let text = &context.text;
    let word = shell_word(&account.name.to_string());
    loop {
        let Some(typed) = ask(&context.console, &text.mailed_code_prompt(), Echo::Shown) else {
            context
                .console
                .failure(&Failure::refused(text, |t| (t.no_code_given(), t.address_pending(&word))));
            return Ok(Ended::Refused);
        };
        match confirm(context, account, &Typed::parse(typed.expose())) {
            Ok(confirmed) => {
                show(context, account, &confirmed);
                return Ok(Ended::Done);
            }
            Err(Problem::Refused(Why::Code(refusal))) if !is_final(refusal) => {
                let (what, remedy) = text.refusal(&word, &refusal);
                context.console.say(&format!("{what} {remedy}"));
            }
            Err(problem) => {
                return Err(context.problem(&account.name)(problem).leaving(text.address_pending(&word)));
            }
        }
    }
}

/// Whether no further try can help.
const fn is_final(refusal: wardkey_core::verify::Refusal) -> bool {
    use wardkey_core::verify::Refusal;
    !matches!(refusal, Refusal::Malformed | Refusal::Wrong | Refusal::AlreadyUsed)
}

/// Tries a code against the address that waits, writes it down, and tells the address whose place it takes.
pub(super) fn confirm(
    context: &Context,
    account: &Account,
    typed: &Typed,
) -> Result<AddressConfirmed, Problem> {
    let (rules, mode) = (context.config.rules(), context.config.email.mode);
    let confirmed =
        context.desk().confirm_address(account, (&rules, mode), context.recovery_codes(), typed)?;
    let reason = format!("address {}", confirmed.address.masked());
    context.audit.done("confirm", &account.name.to_string(), Some(&reason));
    context.notify(&account.name, confirmed.former.clone(), Notice::Address);
    Ok(confirmed)
}

/// Says what holds from now on.
pub(super) fn show(context: &Context, account: &Account, confirmed: &AddressConfirmed) {
    let (text, user) = (&context.text, account.name.to_string());
    if context.console.is_json() {
        let codes = plain_codes(&confirmed.recovery_codes);
        let recovery_codes = codes.iter().map(|code| code.as_str()).collect();
        let answer =
            Counting { user: &user, state: "enrolled", email: confirmed.address.as_str(), recovery_codes };
        context.console.answer(&answer, String::new);
        return;
    }
    if confirmed.is_first {
        let AddressConfirmed { since, recovery_codes, recovery_left, .. } = confirmed.clone();
        let confirmed = Confirmed { since, effect: Effect::SwitchedOn, recovery_codes, recovery_left };
        show_codes_and_end(context, account, &confirmed, None);
    }
    context.console.say(&good(&text.address_registered(confirmed.address.as_str(), &user)));
    let is_factor = context.config.email.mode == MailMode::Factor;
    context.console.say(&if is_factor { text.mail_is_a_factor() } else { text.mail_is_for_recovery() });
}

/// Whether a code typed at `confirm` is for the address that waits, and not for an authenticator.
pub(super) fn is_meant(context: &Context, account: &Account, typed: &Secret) -> bool {
    use wardkey_core::store::Store;
    let Typed::Otp(code) = Typed::parse(typed.expose()) else { return false };
    let Ok(Some(enrolment)) = context.store.enrolment(&account.name) else { return false };
    let pending = enrolment.pending_at(context.now());
    let may_be_shown = pending.is_some_and(|a| a.parameters.digits.get() as usize == code.digits());
    enrolment.unverified_email.is_some() && code.digits() == 8 && !may_be_shown
}
