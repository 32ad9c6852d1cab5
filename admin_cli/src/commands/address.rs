//! A registered address before the person: a code is mailed there, and the right one makes the address count.

use super::Ended;
use crate::console::good;
use crate::failure::{Failure, Kind};
use crate::office::Office;
use crate::show::{plain_codes, show_codes_and_end};
use crate::text::shell_word;
use crate::typed::{Echo, ask};
use serde::Serialize;
use wardkey_core::credential::Typed;
use wardkey_core::credential::mailed::{Address, Notice};
use wardkey_core::credential::secret::Secret;
use wardkey_core::desk::{AddressConfirmed, Confirmed, Effect, Problem, Why};
use wardkey_core::policy::account::Account;
use wardkey_core::policy::config::MailMode;
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
pub(super) fn read(office: &Office, given: &str) -> Result<Address, Failure> {
    let bad = |_| {
        Failure::new(Kind::Usage, &office.text, |t| (t.bad_address(&shell_word(given)), t.give_address()))
    };
    given.parse().map_err(bad)
}

/// Whether an address of somebody can be registered without an authenticator before it.
pub(super) fn comes_alone(office: &Office, account: &Account) -> bool {
    use wardkey_core::store::Store;
    let is_enrolled =
        office.store.enrolment(&account.name).is_ok_and(|e| e.is_some_and(|e| e.state == State::Enrolled));
    is_enrolled || office.config.email.mode != MailMode::Recovery || office.console.is_json()
}

/// Has a code mailed, and asks for it until it is right; a script is left to `confirm`.
pub(super) fn register(office: &Office, account: &Account, address: &Address) -> Result<Ended, Failure> {
    use wardkey_core::store::Store;
    if office.config.email.mode == MailMode::Off {
        return Err(office.problem(&account.name)(Why::MailIsOff.into()));
    }
    office.register_address(account, address)?;
    let user = account.name.to_string();
    office.journal.done("enroll", &user, Some(&format!("address {} pending", address.masked())));
    if office.console.is_json() {
        let enrolment = office.store.enrolment(&account.name).map_err(|e| {
            let word = shell_word(&user);
            office.broken(&e).leaving(office.text.address_pending(&word))
        })?;
        let is_enrolled = enrolment.is_some_and(|e| e.state == State::Enrolled);
        let state = if is_enrolled { "enrolled" } else { "pending" };
        let answer = Waiting { user: &user, state, email: address.as_str(), email_state: "pending" };
        office.console.answer(&answer, String::new);
        return Ok(Ended::Done);
    }
    office.console.say(&office.text.confirming_mail_sent(address.as_str()));
    ask_until_right(office, account)
}

fn ask_until_right(office: &Office, account: &Account) -> Result<Ended, Failure> {
    let text = &office.text;
    let word = shell_word(&account.name.to_string());
    loop {
        let Some(typed) = ask(&office.console, &text.mailed_code_prompt(), Echo::Shown) else {
            office
                .console
                .failure(&Failure::refused(text, |t| (t.no_code_given(), t.address_pending(&word))));
            return Ok(Ended::Refused);
        };
        match confirm(office, account, &Typed::parse(typed.expose())) {
            Ok(confirmed) => {
                show(office, account, &confirmed);
                return Ok(Ended::Done);
            }
            Err(Problem::Refused(Why::Code(refusal))) if !is_final(refusal) => {
                let (what, remedy) = text.refusal(&word, &refusal);
                office.console.say(&format!("{what} {remedy}"));
            }
            Err(problem) => {
                return Err(office.problem(&account.name)(problem).leaving(text.address_pending(&word)));
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
    office: &Office,
    account: &Account,
    typed: &Typed,
) -> Result<AddressConfirmed, Problem> {
    let (rules, mode) = (office.config.rules(), office.config.email.mode);
    let confirmed = office.desk().confirm_address(account, (&rules, mode), office.recovery_codes(), typed)?;
    let reason = format!("address {}", confirmed.address.masked());
    office.journal.done("confirm", &account.name.to_string(), Some(&reason));
    office.notify(&account.name, confirmed.former.clone(), Notice::Address);
    Ok(confirmed)
}

/// Says what holds from now on.
pub(super) fn show(office: &Office, account: &Account, confirmed: &AddressConfirmed) {
    let (text, user) = (&office.text, account.name.to_string());
    if office.console.is_json() {
        let codes = plain_codes(&confirmed.recovery_codes);
        let recovery_codes = codes.iter().map(|code| code.as_str()).collect();
        let answer =
            Counting { user: &user, state: "enrolled", email: confirmed.address.as_str(), recovery_codes };
        office.console.answer(&answer, String::new);
        return;
    }
    if confirmed.is_first {
        let AddressConfirmed { since, recovery_codes, recovery_left, .. } = confirmed.clone();
        let confirmed = Confirmed { since, effect: Effect::SwitchedOn, recovery_codes, recovery_left };
        show_codes_and_end(office, account, &confirmed, None);
    }
    office.console.say(&good(&text.address_registered(confirmed.address.as_str(), &user)));
    let is_factor = office.config.email.mode == MailMode::Factor;
    office.console.say(&if is_factor { text.mail_is_a_factor() } else { text.mail_is_for_recovery() });
}

/// Whether a code typed at `confirm` is for the address that waits, and not for an authenticator.
pub(super) fn is_meant(office: &Office, account: &Account, typed: &Secret) -> bool {
    use wardkey_core::store::Store;
    let Typed::Otp(code) = Typed::parse(typed.expose()) else { return false };
    let Ok(Some(enrolment)) = office.store.enrolment(&account.name) else { return false };
    let pending = enrolment.pending_at(office.now());
    let may_be_shown = pending.is_some_and(|a| a.parameters.digits.get() as usize == code.digits());
    enrolment.unverified_email.is_some() && code.digits() == 8 && !may_be_shown
}
