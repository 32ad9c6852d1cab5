//! The names in the directory.

use crate::record::Enrolment;

/// An enrolment's file. Its bytes are written once and never changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EnrolmentFile {
    /// What it says.
    pub enrolment: Enrolment,
    /// Whether its bytes are on disk.
    pub is_synced: bool,
}

/// The mark of a file whose bytes were lost.
const LOST: u8 = u8::MAX;

impl EnrolmentFile {
    /// What was not synced may be missing when the power is back; the worst is supposed.
    pub const fn lose_power(&mut self) {
        if !self.is_synced {
            self.enrolment.generation = LOST;
        }
    }

    /// Whether its checksum is right.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        self.enrolment.generation != LOST
    }
}

/// What stands where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Names {
    /// `enrolment`
    pub enrolment: Option<EnrolmentFile>,
    /// `.enrolment.new`
    pub new: Option<EnrolmentFile>,
    /// `ledger`: which of the ledgers.
    pub ledger: Option<u8>,
}

/// A name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Name {
    /// `enrolment`
    Enrolment,
    /// `.enrolment.new`
    New,
    /// `ledger`
    Ledger,
}

/// A change of names; each is on disk whole or not at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rename {
    /// `linkat` of an unnamed file.
    LinkNew(EnrolmentFile),
    /// `linkat` of an unnamed ledger.
    LinkLedger(u8),
    /// `renameat` of the new enrolment over the old one.
    Replace(EnrolmentFile),
    /// `unlinkat`
    Unlink(Name),
}

impl Names {
    /// The names after a change.
    #[must_use]
    pub const fn after(mut self, change: Rename) -> Self {
        match change {
            Rename::LinkNew(file) => self.new = Some(file),
            Rename::LinkLedger(number) => self.ledger = Some(number),
            Rename::Replace(file) => {
                self.new = None;
                self.enrolment = Some(file);
            }
            Rename::Unlink(Name::Enrolment) => self.enrolment = None,
            Rename::Unlink(Name::New) => self.new = None,
            Rename::Unlink(Name::Ledger) => self.ledger = None,
        }
        self
    }
}
