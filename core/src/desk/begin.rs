//! The first half of an enrolment: an authenticator that waits for its first live code.

use super::{Desk, Problem, Why, or_new};
use crate::credential::secret::Secret;
use crate::credential::totp::{KEY_MAX, KEY_MIN, KEY_SHORTEST, Parameters};
use crate::policy::account::Account;
use crate::printable::is_unprintable;
use crate::record::enrolment::{Authenticator, Enrolment, Pending, State};
use crate::record::seal::{Home, SealingKey};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How long an authenticator may wait for its first code.
const PENDING_FOR: Duration = Duration::from_secs(24 * 3600);

/// Longest label, in characters.
pub const LABEL_MAX: usize = 60;

/// The authenticator a person is to have.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// What the person calls it.
    pub label: String,
    /// What it computes.
    pub parameters: Parameters,
    /// Its key, if there is one already (a token's); else a new one is made.
    pub key: Option<Secret>,
}

/// What the person's app must be told, once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Begun {
    /// The key.
    pub key: Secret,
    /// Its label.
    pub label: String,
    /// What it computes.
    pub parameters: Parameters,
}

impl Desk<'_> {
    /// Leaves a pending authenticator; nothing of what the person has changes. Someone pending starts over, and
    /// codes already there stay.
    ///
    /// # Errors
    /// [`Why::AlreadyEnrolled`], [`Why::KeyTaken`], [`Why::OtherUid`], a key or label that cannot be, or [`Problem`].
    pub fn begin(&self, account: &Account, sealing: &SealingKey, wanted: &Wanted) -> Result<Begun, Problem> {
        self.leave_pending(account, sealing, wanted, &|enrolment| {
            let is_enrolled = enrolment.state == State::Enrolled;
            if is_enrolled { Err(Why::AlreadyEnrolled) } else { Ok(None) }
        })
    }

    /// Leaves a pending authenticator for someone whom `admit` lets have one; it also says the serial of the one
    /// that is to be replaced.
    pub(super) fn leave_pending(
        &self,
        account: &Account,
        sealing: &SealingKey,
        wanted: &Wanted,
        admit: &dyn Fn(&Enrolment) -> Result<Option<u64>, Why>,
    ) -> Result<Begun, Problem> {
        check_label(&wanted.label)?;
        let key = match &wanted.key {
            Some(key) => check_key(key).map(|()| key.clone())?,
            None => Secret::random(wanted.parameters.algorithm.key_len())?,
        };
        self.revise(&account.name, &mut |record| {
            let (mut enrolment, _) = or_new(record, account)?;
            let replaces = admit(&enrolment)?;
            check_key_is_free(&enrolment, sealing, &key)?;
            let slot = enrolment.free_slot().ok_or(Why::NoRoom { free: 0 })?;
            let now = self.clock.now();
            let serial = enrolment.take_serial();
            let authenticator = Authenticator {
                slot,
                serial,
                label: wanted.label.clone(),
                added: now,
                sealed: sealing.seal(Home { user: &account.name, slot, serial }, &key)?,
                parameters: wanted.parameters,
            };
            enrolment.pending =
                Some(Pending { expires: now.plus(PENDING_FOR), replaces, tries: 0, authenticator });
            Ok((enrolment, ()))
        })?;
        Ok(Begun { key, label: wanted.label.clone(), parameters: wanted.parameters })
    }
}

/// Whether a given key is of a length that can be.
pub(super) fn check_key(key: &Secret) -> Result<(), Why> {
    match key.len() {
        ..KEY_MIN => Err(Why::KeyTooShort),
        KEY_MIN..=KEY_MAX => Ok(()),
        _ => Err(Why::KeyTooLong),
    }
}

/// The same for a key that another verifier holds already.
pub(super) fn check_key_of_before(key: &Secret) -> Result<(), Why> {
    if key.len() >= KEY_SHORTEST && key.len() < KEY_MIN { Ok(()) } else { check_key(key) }
}

/// Refuses a key that one of the person's authenticators has: each code would be theirs both, and removing the one would
/// leave the other. An authenticator that cannot be unsealed opens nothing, and is passed over.
pub(super) fn check_key_is_free(
    enrolment: &Enrolment,
    sealing: &SealingKey,
    key: &Secret,
) -> Result<(), Why> {
    let is_same = |a: &Authenticator| {
        let opened = sealing.open(a.home(&enrolment.user), &a.sealed);
        opened.is_ok_and(|other| a.parameters.is_one_key(&other, key))
    };
    if enrolment.authenticators.iter().any(is_same) { Err(Why::KeyTaken) } else { Ok(()) }
}

/// Whether a label can be shown.
pub(super) fn check_label(label: &str) -> Result<(), Why> {
    let sound =
        !label.trim().is_empty() && label.chars().count() <= LABEL_MAX && !label.chars().any(is_unprintable);
    if sound { Ok(()) } else { Err(Why::BadLabel) }
}

#[cfg(test)]
#[path = "begin_tests.rs"]
mod tests;
