//! Authenticators that another verifier has proven already: in force at once, with what was spent there.

use super::authenticators::check_label_is_free;
use super::begin::{check_key_is_free, check_key_of_before, check_label};
use super::confirm::{Confirmed, Terms, switch_on};
use super::{Desk, Problem, Revision, Why, or_new};
use crate::credential::secret::Secret;
use crate::credential::totp::Parameters;
use crate::policy::account::Account;
use crate::record::enrolment::{Authenticator, Enrolment, MAX_AUTHENTICATORS, State};
use crate::record::ledger::SlotMark;
use crate::record::seal::{Home, SealingKey};
use crate::system::clock::Timestamp;

/// One authenticator as another verifier left it.
#[derive(Debug, Clone)]
pub struct Incoming {
    /// What it is to be called.
    pub label: String,
    /// What it computes.
    pub parameters: Parameters,
    /// Its key.
    pub key: Secret,
    /// One past the last step that was accepted there; 0: none.
    pub next: u64,
    /// The drift that was learned there, in steps.
    pub drift: i64,
}

impl Desk<'_> {
    /// Enrols someone with these authenticators. What was spent elsewhere is on disk as spent before they are in
    /// force; recovery codes are new.
    ///
    /// # Errors
    /// [`Why::AlreadyEnrolled`], [`Why::MustEnroll`], [`Why::OtherUid`], [`Why::TooManyAuthenticators`],
    /// [`Why::KeyTaken`], [`Why::NoRoom`], keys or labels that cannot be, or [`Problem`].
    pub fn take_over(
        &self,
        account: &Account,
        terms: Terms<'_>,
        incoming: &[Incoming],
    ) -> Result<Confirmed, Problem> {
        self.revise_with_marks(&account.name, &mut |record| {
            let (mut enrolment, ledger) = or_new(record, account)?;
            match enrolment.state {
                State::NotEnrolled => {}
                State::Enrolled => return Err(Why::AlreadyEnrolled.into()),
                State::MustEnroll => return Err(Why::MustEnroll.into()),
            }
            let since = self.clock.now();
            enrolment.pending = None;
            let mut marks = Vec::new();
            for one in incoming {
                marks.push(admit(&mut enrolment, one, terms.sealing, since)?);
            }
            let result = switch_on(&mut enrolment, &ledger, terms.recovery_codes, since)?;
            Ok(Revision { enrolment, marks, result })
        })
    }
}

/// Adds one authenticator; the answer is its mark in the ledger.
fn admit(
    enrolment: &mut Enrolment,
    one: &Incoming,
    sealing: &SealingKey,
    added: Timestamp,
) -> Result<(u8, SlotMark), Problem> {
    check_label(&one.label)?;
    check_label_is_free(enrolment, &one.label, None)?;
    check_key_of_before(&one.key)?;
    check_key_is_free(enrolment, sealing, &one.key)?;
    if enrolment.authenticators.len() >= MAX_AUTHENTICATORS {
        return Err(Why::TooManyAuthenticators.into());
    }
    let slot = enrolment.free_slot().ok_or(Why::TooManyAuthenticators)?;
    let serial = enrolment.take_serial();
    let home = Home { user: &enrolment.user, slot, serial };
    let sealed = sealing.seal(home, &one.key)?;
    let authenticator =
        Authenticator { slot, serial, label: one.label.clone(), added, sealed, parameters: one.parameters };
    enrolment.authenticators.push(authenticator);
    let mark = SlotMark { drift: one.drift, ..SlotMark::fresh(serial) };
    Ok((slot, one.next.checked_sub(1).map_or(mark, |last| mark.spending(last))))
}

#[cfg(test)]
#[path = "take_over_tests.rs"]
mod tests;
