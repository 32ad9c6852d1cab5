//! Whom a command at a terminal is about, where a slip would hit the wrong person.

use crate::actor;
use crate::context::Context;
use crate::failure::Failure;
use crate::input::{Echo, ask};
use crate::text::{Text, shell_word};
use nix::unistd::{User, getuid};
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStringExt;
use wardkey_core::credential::secret::Secret;
use wardkey_core::policy::account::Account;
use wardkey_core::printable::escaped;

/// Asks a person at a terminal whether this is whom they mean, by name and full name; of themself nobody is asked. A script
/// is not asked either.
///
/// # Errors
/// It is not.
pub(super) fn ask_whether_it_is(
    context: &Context,
    account: &Account,
    question: impl Fn(&Text, &str) -> String,
) -> Result<(), Failure> {
    let (console, text) = (&context.console, &context.text);
    let user = account.name.to_string();
    if !console.is_interactive() || !context.is_root || actor::is(&user) {
        return Ok(());
    }
    let whom = full_name(account).map_or_else(|| user.clone(), |name| format!("{user} ({name})"));
    console.tell(&question(text, &whom));
    let typed = ask(console, &text.yes_or_no(), Echo::Shown);
    if typed.is_some_and(|typed| is_yes(&typed)) {
        return Ok(());
    }
    Err(Failure::refused(text, |t| (t.not_confirmed(&user), t.say_yes())).with_nothing_changed(text))
}

/// Whom a caller of sudo means who names nobody at a terminal: themself or root; none where there is nothing to ask.
///
/// # Errors
/// They named nobody.
pub(super) fn ask_whom(context: &Context, user: Option<&OsStr>) -> Result<Option<OsString>, Failure> {
    let is_asked = user.is_none() && context.is_root && context.console.is_interactive();
    let own = actor::user_name(getuid());
    let Some(caller) = actor::by_sudo().filter(|caller| is_asked && *caller != own) else { return Ok(None) };
    let question = context.text.ask_whom(&escaped(&caller), &own);
    let typed = ask(&context.console, &question, Echo::Shown).unwrap_or_default();
    let name = typed.expose().trim_ascii();
    if name.is_empty() {
        let words = |t: &Text| (t.nobody_named(), t.name_in_enroll(&shell_word(&caller)));
        return Err(Failure::refused(&context.text, words).with_nothing_changed(&context.text));
    }
    Ok(Some(OsString::from_vec(name.to_vec())))
}

/// In either language of the site, and in the word itself.
pub(super) fn is_yes(typed: &Secret) -> bool {
    let word = typed.expose().trim_ascii().to_ascii_lowercase();
    [&b"y"[..], b"yes", b"o", b"oui"].contains(&&*word)
}

/// The first field of GECOS (passwd(5)).
fn full_name(account: &Account) -> Option<String> {
    // By name: several accounts may have one uid.
    let user = User::from_name(&account.name.to_string()).ok().flatten()?;
    if user.uid.as_raw() != account.uid {
        return None;
    }
    let gecos = user.gecos.to_string_lossy().into_owned();
    let name = gecos.split(',').next().unwrap_or_default().trim();
    (!name.is_empty()).then(|| escaped(name))
}
