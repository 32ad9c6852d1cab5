//! Whether the sealing key is the one that people's authenticators were sealed with.

use crate::context::Context;
use crate::everybody::Everybody;
use wardkey_core::record::enrolment::Enrolment;
use wardkey_core::record::seal::{SealError, SealingKey};

/// What is wrong with the key for `person`'s authenticators, and what to do; `None`: nothing.
pub(crate) fn trouble_for(context: &Context, person: &Enrolment) -> Option<String> {
    if person.authenticators.is_empty() {
        return None;
    }
    let error = match context.config.sealing_key() {
        Ok(key) if opens(&key, person) => return None,
        Ok(_) => SealError::Foreign,
        Err(error) => error,
    };
    Some(in_words(context, &error))
}

/// What is wrong with the key where it matters to somebody: for `everybody` who has an authenticator. Of a key that is
/// missing or holds nothing only where there is such a person.
pub(crate) fn refusing(context: &Context, everybody: &Everybody) -> Option<(String, String)> {
    let text = &context.text;
    match context.config.sealing_key() {
        Ok(key) => {
            let foreign = everybody.with_authenticators().filter(|person| !opens(&key, person)).count();
            (foreign > 0).then(|| (text.key_opens_not(foreign), text.key_remedy(&SealError::Foreign)))
        }
        Err(error) => {
            let is_needed = is_untrusted(&error) || everybody.with_authenticators().next().is_some();
            is_needed.then(|| (text.key_error(&error), text.key_remedy(&error)))
        }
    }
}

/// What is wrong with the key as long as nobody needs it.
pub(crate) fn unneeded(context: &Context, everybody: &Everybody) -> Option<String> {
    let error = context.config.sealing_key().err()?;
    let is_needed = is_untrusted(&error) || everybody.with_authenticators().next().is_some();
    (!is_needed).then(|| in_words(context, &error))
}

fn is_untrusted(error: &SealError) -> bool {
    matches!(error, SealError::File(fault) if !fault.is_missing())
}

/// Most names that one warning gives.
const NAMES: usize = 10;

/// People whose keys are shorter than they should be, as long as there are any.
pub(crate) fn short(context: &Context, everybody: &Everybody) -> Option<String> {
    let has_one = |person: &&Enrolment| person.authenticators.iter().any(|a| a.short_key_bits().is_some());
    let mut names: Vec<String> =
        everybody.with_authenticators().filter(has_one).map(|person| person.user.to_string()).collect();
    let count = names.len();
    names.truncate(NAMES);
    let more = if count > NAMES { ", ..." } else { "" };
    (count > 0).then(|| context.text.short_keys(count, &format!("{}{more}", names.join(", "))))
}

/// How many people have an authenticator.
pub(crate) fn sealed_people(context: &Context) -> usize {
    Everybody::read(context).with_authenticators().count()
}

fn in_words(context: &Context, error: &SealError) -> String {
    format!("{}. {}", context.text.key_error(error), context.text.key_remedy(error))
}

fn opens(key: &SealingKey, person: &Enrolment) -> bool {
    person.authenticators.iter().all(|a| key.open(a.home(&person.user), &a.sealed).is_ok())
}
