//! What changes who someone is: enrolling, confirming, new codes, resets. Commands use it as root; so can
//! whatever else acts for a person. No terminal and no text; time comes from a [`Clock`].

pub mod action;
mod address;
mod authenticators;
mod begin;
mod check;
mod codes;
mod confirm;
mod draft;
pub mod importing;
mod otpauth;
mod problem;
pub mod qr;
mod rebind;
mod rename;
mod replace;
mod request;
mod reset;
pub mod status;
mod take_over;

pub use address::{AddressConfirmed, Issued};
pub use begin::{Begun, LABEL_MAX, Wanted};
pub use codes::{Keep, MAX_COUNT, Pass};
pub use confirm::{Confirmed, Terms};
pub use draft::{Draft, Proven, Ready, Right};
pub use otpauth::Uri;
pub use problem::{Problem, Why};
pub use rebind::Rebound;
pub use rename::Renamed;
pub use replace::{Effect, Successor};
pub use request::{
    Delivery, DeskAnswer, DeskReply, DeskRequest, DeskWork, NotDone, Terminal, Wish, ask_with,
};
pub use take_over::Incoming;

use crate::policy::account::Account;
use crate::record::Record;
use crate::record::enrolment::Enrolment;
use crate::record::ledger::{Ledger, SlotMark};
use crate::site::Site;
use crate::store::{Amendment, Store};
use crate::system::clock::{Clock, Timestamp};
use crate::user::UserName;

/// How often a record may change under a command's hands before it gives up.
const TRIES: usize = 10;

/// Where records are changed, and by which clock.
#[derive(Clone, Copy)]
pub struct Desk<'a> {
    /// The records.
    pub store: &'a dyn Store,
    /// The time.
    pub clock: &'a dyn Clock,
}

impl<'a> Desk<'a> {
    /// That of a site.
    #[must_use]
    pub const fn of(site: &Site<'a>) -> Self {
        Self { store: site.store, clock: site.clock }
    }
}

impl Desk<'_> {
    /// Lets `make` work out a new enrolment from the record as it is, without holding anyone up (a set of codes
    /// takes Argon2id a moment), and writes it if nothing changed meanwhile; else `make` is asked again.
    fn revise<T>(
        &self,
        user: &UserName,
        make: &mut dyn FnMut(Option<Record>) -> Result<(Enrolment, T), Problem>,
    ) -> Result<T, Problem> {
        self.revise_with_marks(user, &mut |record| {
            make(record).map(|(enrolment, result)| Revision { enrolment, marks: Vec::new(), result })
        })
    }

    /// The same, with marks that must be in the ledger before the enrolment is in force.
    fn revise_with_marks<T>(
        &self,
        user: &UserName,
        make: &mut dyn FnMut(Option<Record>) -> Result<Revision<T>, Problem>,
    ) -> Result<T, Problem> {
        for _ in 0..TRIES {
            let seen = self.store.record(user)?;
            let before = seen.as_ref().map(|record| record.enrolment.clone());
            let Revision { enrolment, marks, result } = make(seen)?;
            let mut written = false;
            self.store.amend(user, &mut |current, ledger| {
                written = current == before;
                if !written {
                    return Amendment::Keep;
                }
                let mut enrolment = enrolment.clone();
                if before.is_none() {
                    enrolment.generation = next_generation(ledger.generation, self.clock.now());
                }
                let marked = (!marks.is_empty()).then(|| marked(ledger, &enrolment, &marks));
                Amendment::Write(Box::new(enrolment), marked)
            })?;
            if written {
                return Ok(result);
            }
        }
        Err(Problem::Changing)
    }
}

/// A new enrolment, what must be in its ledger before it is in force, and what follows.
struct Revision<T> {
    enrolment: Enrolment,
    marks: Vec<(u8, SlotMark)>,
    result: T,
}

/// The ledger of `enrolment` with these marks; one of an older generation is void.
fn marked(ledger: &Ledger, enrolment: &Enrolment, marks: &[(u8, SlotMark)]) -> Ledger {
    let generation = enrolment.generation;
    let mut ledger = if ledger.generation == generation {
        ledger.clone()
    } else {
        Ledger { generation, ..Ledger::default() }
    };
    marks.iter().for_each(|(slot, mark)| ledger.set_slot(*slot, *mark));
    ledger
}

/// A generation after `last`: an older ledger, and one of an earlier record of the same name, is void.
fn next_generation(last: u64, now: Timestamp) -> u64 {
    last.saturating_add(1).max(now.0)
}

/// The generation of a record that is not there yet.
const NO_RECORD: u64 = 0;

/// The record as something to add to: a new one for someone who has none yet.
fn or_new(record: Option<Record>, account: &Account) -> Result<(Enrolment, Ledger), Problem> {
    let Some(Record { enrolment, ledger }) = record else {
        return Ok((Enrolment::new(account.name.clone(), account.uid, NO_RECORD), Ledger::default()));
    };
    if enrolment.uid == account.uid { Ok((enrolment, ledger)) } else { Err(Why::OtherUid.into()) }
}
