//! A new phone: it waits beside the old one, and takes its place with its first live code.

use super::authenticators::{check_label_is_free, enrolled, named};
use super::{Begun, Desk, Problem, Wanted, Why};
use crate::credential::secret::Secret;
use crate::credential::totp::Parameters;
use crate::policy::account::Account;
use crate::record::enrolment::{Enrolment, MAX_AUTHENTICATORS, Pending};
use crate::record::seal::SealingKey;
use crate::system::clock::Timestamp;
use serde::{Deserialize, Serialize};

/// The authenticator that is to take another's place.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Successor {
    /// The label of the one that is to end; needed where there are several.
    pub old: Option<String>,
    /// Its own label; none: the one of the authenticator it replaces.
    pub label: Option<String>,
    /// What it computes.
    pub parameters: Parameters,
    /// Its key, if there is one already; else a new one is made.
    pub key: Option<Secret>,
}

/// What a confirmed authenticator is to the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Effect {
    /// Their first: a second factor is on.
    SwitchedOn,
    /// One more.
    Added,
    /// In place of the one of this label, which has ended.
    Replaced(String),
}

impl Desk<'_> {
    /// Leaves a pending authenticator that will replace another. That one stays valid until the confirmation, and
    /// recovery codes stay as they are.
    ///
    /// # Errors
    /// [`Why::NotEnrolled`], [`Why::MustEnroll`], [`Why::WhichAuthenticator`], [`Why::NoSuchAuthenticator`],
    /// [`Why::LabelTaken`], [`Why::KeyTaken`], [`Why::OtherUid`], a key or label that cannot be, or [`Problem`].
    pub fn replace(
        &self,
        account: &Account,
        sealing: &SealingKey,
        successor: &Successor,
    ) -> Result<Begun, Problem> {
        let old = successor.old.as_deref();
        let label = match &successor.label {
            Some(label) => label.clone(),
            None => self.label_of(account, old)?,
        };
        let wanted = Wanted { label, parameters: successor.parameters, key: successor.key.clone() };
        self.leave_pending(account, sealing, &wanted, &|enrolment| {
            enrolled(enrolment)?;
            let replaced = named(enrolment, old)?;
            check_label_is_free(enrolment, &wanted.label, Some(replaced.serial))?;
            Ok(Some(replaced.serial))
        })
    }

    fn label_of(&self, account: &Account, old: Option<&str>) -> Result<String, Problem> {
        let enrolment = self.store.enrolment(&account.name)?.ok_or(Why::NotEnrolled)?;
        enrolled(&enrolment)?;
        Ok(named(&enrolment, old)?.label.clone())
    }
}

/// Puts an authenticator that has shown its first code among those of someone enrolled; the one it replaces ends in
/// the same step.
pub(super) fn join(enrolment: &mut Enrolment, pending: Pending, since: Timestamp) -> Result<Effect, Why> {
    let mut newcomer = pending.authenticator;
    newcomer.added = since;
    let Some(serial) = pending.replaces else {
        if enrolment.authenticators.len() >= MAX_AUTHENTICATORS {
            return Err(Why::TooManyAuthenticators);
        }
        enrolment.authenticators.push(newcomer);
        return Ok(Effect::Added);
    };
    let old = enrolment.authenticators.iter_mut().find(|old| old.serial == serial);
    let old = std::mem::replace(old.ok_or(Why::NothingPending)?, newcomer);
    Ok(Effect::Replaced(old.label))
}

#[cfg(test)]
#[path = "replace_tests.rs"]
mod tests;
