//! A store that keeps all promises but one: it reads under one lock and writes under the next.

use wardkey_core::record::Record;
use wardkey_core::record::enrolment::Enrolment;
use wardkey_core::record::ledger::Ledger;
use wardkey_core::store::{Amendment, FileStore, Renaming, Store, StoreError};
use wardkey_core::user::UserName;
use wardkey_core::verify::{Judged, Verdict};

/// The wrong store, to see that wrong is seen.
#[derive(Debug)]
pub struct Unlocked(pub FileStore);

impl Store for Unlocked {
    fn enrolment(&self, user: &UserName) -> Result<Option<Enrolment>, StoreError> {
        self.0.enrolment(user)
    }

    fn record(&self, user: &UserName) -> Result<Option<Record>, StoreError> {
        self.0.record(user)
    }

    fn attempt(
        &self,
        user: &UserName,
        judge: &mut dyn FnMut(&Record) -> Judged,
    ) -> Result<Option<Verdict>, StoreError> {
        let Some(record) = self.0.record(user)? else { return Ok(None) };
        let written = |ledger: &Ledger| self.0.amend(user, &mut |_, _| Amendment::Ledger(ledger.clone()));
        judge(&record).once_durable(written).map(Some)
    }

    fn stand_in(&self, writes: bool) -> Result<(), StoreError> {
        self.0.stand_in(writes)
    }

    fn amend(
        &self,
        user: &UserName,
        amend: &mut dyn FnMut(Option<Enrolment>, &Ledger) -> Amendment,
    ) -> Result<(), StoreError> {
        self.0.amend(user, amend)
    }

    fn rename(&self, before: &Enrolment, after: &Enrolment) -> Result<Renaming, StoreError> {
        self.0.rename(before, after)
    }

    fn purge(&self, user: &UserName) -> Result<(), StoreError> {
        self.0.purge(user)
    }

    fn users(&self) -> Result<Vec<UserName>, StoreError> {
        self.0.users()
    }
}
