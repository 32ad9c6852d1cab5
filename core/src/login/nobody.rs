//! What somebody meets of whom nothing is kept: the words, the work and the write of anyone else with a wrong code.

use super::answer::Outcome;
use crate::credential::secret::Secret;
use crate::credential::totp::Parameters;
use crate::record::Record;
use crate::record::enrolment::{Authenticator, Enrolment, State};
use crate::record::ledger::Ledger;
use crate::record::seal::{Home, SealingKey};
use crate::site::Site;
use crate::store::StoreError;
use crate::user::UserName;
use crate::verify::{Attempt, Entry, Purpose, Refusal, decide};

/// Bytes of a stand-in's key: what apps usually have (RFC 4226 §4 R6).
const KEY_LEN: usize = 20;

/// Someone without a record meets the same as anyone else with a wrong code, and waits as long.
///
/// # Errors
/// [`StoreError`], as in an attempt.
pub(super) fn refuse(
    site: &Site<'_>,
    entry: &Entry,
    key: Option<&SealingKey>,
) -> Result<Outcome, StoreError> {
    if !entry.is_well_formed() {
        site.store.stand_in(false)?;
        return Ok(Outcome::Refused(Refusal::Malformed));
    }
    let stand_in =
        key.filter(|_| entry.needs_key()).and_then(|key| stand_in(key, site.config.totp.parameters()));
    if let Some(record) = &stand_in {
        let attempt = Attempt { entry, uid: record.enrolment.uid, purpose: Purpose::Login };
        // Nobody's record: whatever is found, nobody hears of it.
        let _ = decide(&site.config.rules(), record, key, attempt, site.clock.now());
    }
    site.store.stand_in(true)?;
    Ok(if entry.needs_key() && key.is_none() {
        Outcome::Unavailable("there is no sealing key".into())
    } else {
        Outcome::Refused(Refusal::NotEnrolled)
    })
}

/// An error of the store without the directory that it would have been: a name that nobody has may be a password.
pub(super) fn without_name(words: &str, user: Option<&UserName>) -> String {
    user.map_or_else(
        || words.to_owned(),
        |user| words.replace(&format!("users/{}", user.file_name()), "users/***"),
    )
}

/// The record of somebody who is not there, with one authenticator of the kind that this site gives out.
fn stand_in(key: &SealingKey, parameters: Parameters) -> Option<Record> {
    let user = UserName::new(b"-").ok()?;
    let (slot, serial) = (0, 1);
    let sealed = key.seal(Home { user: &user, slot, serial }, &Secret::new(vec![0; KEY_LEN])).ok()?;
    let authenticator = Authenticator {
        slot,
        serial,
        label: String::new(),
        added: crate::system::clock::Timestamp(0),
        sealed,
        parameters,
    };
    let mut enrolment = Enrolment::new(user, 0, 0);
    enrolment.state = State::Enrolled;
    enrolment.authenticators.push(authenticator);
    Some(Record { enrolment, ledger: Ledger::default() })
}

#[cfg(test)]
#[path = "nobody_tests.rs"]
mod tests;
