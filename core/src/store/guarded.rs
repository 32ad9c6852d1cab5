//! A store for what a person does for themself: their record changes only as long as it is the one they showed who they
//! are for.

use super::{Amendment, Renaming, Store, StoreError};
use crate::record::Record;
use crate::record::enrolment::{Enrolment, State};
use crate::record::ledger::Ledger;
use crate::user::UserName;
use crate::verify::{Judged, Verdict};

/// What an enrolment must still be.
type Seen = Option<(u64, State)>;

/// The store behind it, in which a record that was reset or enrolled meanwhile stays as it is.
#[derive(Clone, Copy)]
pub struct Guarded<'a> {
    store: &'a dyn Store,
    seen: Seen,
}

fn seen(enrolment: Option<&Enrolment>) -> Seen {
    enrolment.map(|e| (e.generation, e.state))
}

impl<'a> Guarded<'a> {
    /// Guards `store` for someone whose enrolment was this one.
    #[must_use]
    pub fn new(store: &'a dyn Store, enrolment: Option<&Enrolment>) -> Self {
        Self { store, seen: seen(enrolment) }
    }
}

impl Store for Guarded<'_> {
    fn enrolment(&self, user: &UserName) -> Result<Option<Enrolment>, StoreError> {
        self.store.enrolment(user)
    }

    fn record(&self, user: &UserName) -> Result<Option<Record>, StoreError> {
        self.store.record(user)
    }

    fn attempt(
        &self,
        user: &UserName,
        judge: &mut dyn FnMut(&Record) -> Judged,
    ) -> Result<Option<Verdict>, StoreError> {
        self.store.attempt(user, judge)
    }

    fn stand_in(&self, writes: bool) -> Result<(), StoreError> {
        self.store.stand_in(writes)
    }

    fn amend(
        &self,
        user: &UserName,
        amend: &mut dyn FnMut(Option<Enrolment>, &Ledger) -> Amendment,
    ) -> Result<(), StoreError> {
        self.store.amend(user, &mut |current, ledger| {
            if seen(current.as_ref()) == self.seen { amend(current, ledger) } else { Amendment::Keep }
        })
    }

    fn rename(&self, before: &Enrolment, after: &Enrolment) -> Result<Renaming, StoreError> {
        if seen(Some(before)) == self.seen { self.store.rename(before, after) } else { Ok(Renaming::Changed) }
    }

    fn purge(&self, user: &UserName) -> Result<(), StoreError> {
        self.store.purge(user)
    }

    fn users(&self) -> Result<Vec<UserName>, StoreError> {
        self.store.users()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Fixture;
    use crate::verify::Refusal;

    /// Writes down what this store is asked to change, and whether it was.
    fn spends(store: &Guarded<'_>, user: &UserName) -> bool {
        let mut asked = false;
        let amended = store.amend(user, &mut |enrolment, ledger| {
            asked = true;
            let spent = Ledger { last_success: crate::system::clock::Timestamp(77), ..ledger.clone() };
            enrolment.map_or(Amendment::Keep, |_| Amendment::Ledger(spent))
        });
        amended.unwrap();
        asked
    }

    #[test]
    fn a_record_changes_as_long_as_it_is_the_one_that_was_seen() {
        let fixture = Fixture::new();
        fixture.enrolled();
        let (roy, seen) = (&fixture.roy.name, fixture.record().enrolment);
        let store = Guarded::new(&fixture.store, Some(&seen));
        assert_eq!(store.enrolment(roy).unwrap(), Some(seen.clone()));
        assert_eq!(store.record(roy).unwrap(), Some(fixture.record()));
        assert_eq!(store.users().unwrap(), std::slice::from_ref(roy));
        assert!(spends(&store, roy) && fixture.record().ledger.last_success.0 == 77);
        let mut judged = None;
        store
            .attempt(roy, &mut |record| (judged = Some(record.clone()), Judged::refused(Refusal::Wrong)).1)
            .unwrap();
        assert_eq!(judged, Some(fixture.record()));
        fixture.desk().reset(&fixture.roy).unwrap();
        let before = fixture.record();
        assert!(!spends(&store, roy) && fixture.record() == before, "it was reset meanwhile");
        store.purge(roy).unwrap();
        assert!(fixture.store.users().unwrap().is_empty());
    }

    #[test]
    fn nobody_enrolled_meanwhile_is_overwritten() {
        let fixture = Fixture::new();
        let store = Guarded::new(&fixture.store, None);
        fixture.enrolled();
        let before = fixture.record();
        assert!(!spends(&store, &fixture.roy.name) && fixture.record() == before);
    }
}
