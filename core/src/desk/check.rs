//! Trying one code as a login would.

use super::{Desk, Problem};
use crate::credential::Typed;
use crate::policy::account::Account;
use crate::record::seal::SealingKey;
use crate::verify::{Attempt, Entry, Purpose, Refusal, Rules, Verdict, decide};

impl Desk<'_> {
    /// Judges what was typed at the separate prompt and spends it if it is right. What it says is on disk before
    /// it is returned.
    ///
    /// # Errors
    /// [`Problem`]; nothing may be told then but that codes cannot be checked now.
    pub fn spend(
        &self,
        account: &Account,
        rules: &Rules,
        sealing: Option<&SealingKey>,
        typed: &Typed,
    ) -> Result<Verdict, Problem> {
        let enrolment = self.store.enrolment(&account.name)?;
        let entry = Entry::separate(typed.clone(), enrolment.as_ref())?;
        let attempt = Attempt { entry: &entry, uid: account.uid, purpose: Purpose::Login };
        let verdict = self.store.attempt(&account.name, &mut |record| {
            decide(rules, record, sealing, attempt, self.clock.now())
        })?;
        Ok(verdict.unwrap_or(Verdict::Refused(Refusal::NotEnrolled)))
    }
}
