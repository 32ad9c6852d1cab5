//! All records, read once: `config check` has several questions about them, and a hospital has thousands.

use crate::context::Context;
use wardkey_core::record::enrolment::Enrolment;
use wardkey_core::store::{Store, StoreError};
use wardkey_core::system::clock::Timestamp;
use wardkey_core::user::UserName;

/// Everybody of whom something is kept.
pub(crate) struct Everybody {
    /// Those whose record can be read.
    pub(crate) people: Vec<Enrolment>,
    /// The others, and why not.
    pub(crate) unread: Vec<(UserName, StoreError)>,
    /// When anybody's code was last accepted.
    pub(crate) newest: Timestamp,
    /// Why nobody could be looked for.
    pub(crate) failed: Option<StoreError>,
}

impl Everybody {
    /// Reads enrolment and ledger of each, as a login does.
    pub(crate) fn read(context: &Context) -> Self {
        let newest = Timestamp::default();
        let mut all = Self { people: Vec::new(), unread: Vec::new(), newest, failed: None };
        match context.store.users() {
            Err(e) => all.failed = Some(e),
            Ok(users) => users.into_iter().for_each(|user| match context.store.record(&user) {
                Ok(record) => {
                    all.newest = all.newest.max(record.as_ref().map_or(newest, |r| r.ledger.last_success));
                    all.people.extend(record.map(|record| record.enrolment));
                }
                Err(e) => all.unread.push((user, e)),
            }),
        }
        all
    }

    /// Those who have an authenticator.
    pub(crate) fn with_authenticators(&self) -> impl Iterator<Item = &Enrolment> {
        self.people.iter().filter(|person| !person.authenticators.is_empty())
    }
}
