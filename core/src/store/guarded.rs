//! A store for what a person does for themself: their record changes only as long as it is the one they showed who they
//! are for.

use super::{Amendment, Store, StoreError};
use crate::enrolment::{Enrolment, State};
use crate::ledger::Ledger;
use crate::user::UserName;
use crate::verify::{Change, Record};

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
        decide: &mut dyn FnMut(&Record) -> Change,
    ) -> Result<Option<()>, StoreError> {
        self.store.attempt(user, decide)
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

    fn purge(&self, user: &UserName) -> Result<(), StoreError> {
        self.store.purge(user)
    }

    fn users(&self) -> Result<Vec<UserName>, StoreError> {
        self.store.users()
    }
}
