//! Whether the sealing key is the one that people's authenticators were sealed with.

use crate::office::Office;
use wardkey_core::enrolment::Enrolment;
use wardkey_core::seal::{SealError, SealingKey};
use wardkey_core::store::Store;

/// What is wrong with the key for `person`'s authenticators, and what to do; `None`: nothing.
pub(crate) fn trouble_for(office: &Office, person: &Enrolment) -> Option<String> {
    if person.authenticators.is_empty() {
        return None;
    }
    let error = match SealingKey::load(&office.config.seal_key()) {
        Ok(key) if opens(&key, person) => return None,
        Ok(_) => SealError::Foreign,
        Err(error) => error,
    };
    Some(in_words(office, &error))
}

/// The same for everybody.
pub(crate) fn trouble(office: &Office) -> Option<String> {
    match SealingKey::load(&office.config.seal_key()) {
        Ok(key) => {
            let foreign = enrolled(office).iter().filter(|person| !opens(&key, person)).count();
            let text = &office.text;
            let remedy = text.key_remedy(&SealError::Foreign);
            (foreign > 0).then(|| format!("{} {remedy}", text.key_opens_not(foreign)))
        }
        Err(error) => Some(in_words(office, &error)),
    }
}

/// Most names that one warning gives.
const NAMES: usize = 10;

/// People whose keys are shorter than they should be, as long as there are any.
pub(crate) fn short(office: &Office) -> Option<String> {
    let has_one = |person: &&Enrolment| person.authenticators.iter().any(|a| a.short_key_bits().is_some());
    let people = enrolled(office);
    let mut names: Vec<String> =
        people.iter().filter(has_one).map(|person| person.user.to_string()).collect();
    let count = names.len();
    names.truncate(NAMES);
    let more = if count > NAMES { ", ..." } else { "" };
    (count > 0).then(|| office.text.short_keys(count, &format!("{}{more}", names.join(", "))))
}

/// How many people have an authenticator.
pub(crate) fn sealed_people(office: &Office) -> usize {
    enrolled(office).len()
}

fn in_words(office: &Office, error: &SealError) -> String {
    format!("{}. {}", office.text.key_error(error), office.text.key_remedy(error))
}

fn opens(key: &SealingKey, person: &Enrolment) -> bool {
    person.authenticators.iter().all(|a| key.open(a.home(&person.user), &a.sealed).is_ok())
}

fn enrolled(office: &Office) -> Vec<Enrolment> {
    let users = office.store.users().unwrap_or_default();
    let people = users.iter().filter_map(|user| office.store.enrolment(user).ok().flatten());
    people.filter(|person| !person.authenticators.is_empty()).collect()
}
