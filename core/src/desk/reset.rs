//! What the desk does for someone stuck: unlock, or start over.

use super::{Desk, Problem, Why, next_generation};
use crate::credential::throttle::Kind;
use crate::policy::account::Account;
use crate::record::enrolment::{Enrolment, State};
use crate::store::Amendment;
use crate::user::UserName;

impl Desk<'_> {
    /// Voids every credential of someone: only a pass opens, and leads into a new enrolment. The account's
    /// present uid is taken over.
    ///
    /// # Errors
    /// [`Why::NotEnrolled`] for someone who never confirmed an authenticator, or [`Problem`].
    pub fn reset(&self, account: &Account) -> Result<(), Problem> {
        self.revise(&account.name, &mut |record| {
            let old = record.ok_or(Why::NotEnrolled)?.enrolment;
            if old.state == State::NotEnrolled {
                return Err(Why::NotEnrolled.into());
            }
            let generation = next_generation(old.generation, self.clock.now());
            let mut enrolment = Enrolment::new(account.name.clone(), account.uid, generation);
            enrolment.state = State::MustEnroll;
            Ok((enrolment, ()))
        })
    }

    /// Ends waiting and disabled, of every kind of credential.
    ///
    /// # Errors
    /// [`Why::NotEnrolled`] for someone of whom nothing is kept, or [`Problem`].
    pub fn unlock(&self, user: &UserName) -> Result<(), Problem> {
        let mut is_known = false;
        self.store.amend(user, &mut |enrolment, ledger| {
            is_known = enrolment.is_some();
            if !is_known {
                return Amendment::Keep;
            }
            let mut ledger = ledger.clone();
            Kind::ALL.into_iter().for_each(|kind| ledger.tally_mut(kind).forgive());
            Amendment::Ledger(ledger)
        })?;
        if is_known { Ok(()) } else { Err(Why::NotEnrolled.into()) }
    }
}

#[cfg(test)]
#[path = "reset_tests.rs"]
mod tests;
