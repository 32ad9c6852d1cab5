//! What is kept of a person: who they are, what has been spent, and the seal over their keys.

mod checksum;
pub mod damage;
pub mod enrolment;
mod field;
mod form;
pub mod ledger;
pub mod question;
pub mod seal;
mod slot_mark;

pub use checksum::{CHECKSUM, checksum};

use crate::credential::single_use::{Kind, StoredCode};
use crate::system::clock::Timestamp;
use enrolment::Enrolment;
use ledger::Ledger;
use std::time::Duration;

/// A clock this far behind the last success is worth a word.
const BEHIND: Duration = Duration::from_secs(300);

/// Everything known of one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Who they are.
    pub enrolment: Enrolment,
    /// What has been spent.
    pub ledger: Ledger,
}

impl Record {
    /// How far `now` is behind the last login, if that is further than clocks differ.
    #[must_use]
    pub fn clock_behind(&self, now: Timestamp) -> Option<Duration> {
        Some(self.ledger.last_success.since(now)).filter(|behind| *behind > BEHIND)
    }

    /// Recovery codes that still open.
    #[must_use]
    pub fn recovery_left(&self) -> usize {
        self.codes_left(Kind::Recovery)
    }

    /// Codes of one kind that are not spent.
    #[must_use]
    pub fn codes_left(&self, kind: Kind) -> usize {
        self.enrolment.codes_left(&self.ledger, kind)
    }
}

impl Enrolment {
    /// Codes of one kind that are not spent in this ledger.
    #[must_use]
    pub(crate) fn codes_left(&self, ledger: &Ledger, kind: Kind) -> usize {
        let left = |c: &&StoredCode| !ledger.is_spent(c.place, c.serial);
        self.codes_of(kind).filter(left).count()
    }
}
