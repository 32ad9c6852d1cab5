//! One person's directory: what processes see of it (the page cache), what a power cut may leave of it.

mod block;
mod ledger_file;
mod names;

pub use block::{Block, Cell};
pub use ledger_file::{LedgerFile, Truth};
pub use names::{EnrolmentFile, Name, Names, Rename};

use crate::record::{Damage, Enrolment, Marks, matching};
use crate::safeguard::Protocol;

/// The directory and the ledgers in it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Disk {
    /// The names as processes see them.
    pub names: Names,
    /// The names that are certainly on disk.
    pub durable: Names,
    /// Changes of names since, in their order; each may or may not be on disk.
    pub pending: Vec<Rename>,
    /// Every ledger that still has a name, or a process that has it open.
    pub ledgers: Vec<LedgerFile>,
}

/// What a power cut leaves of what was not yet synced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Cut {
    /// Which of the pending changes of names are on disk, one bit each.
    pub names: u8,
    /// Per block of the ledger which of its possible contents.
    pub blocks: [u8; 2],
}

impl Disk {
    /// Someone who was enrolled long ago.
    #[must_use]
    pub fn of(enrolment: Enrolment) -> Self {
        let file = EnrolmentFile { enrolment, is_synced: true };
        let names = Names { enrolment: Some(file), new: None, ledger: Some(0) };
        Self { names, durable: names, pending: Vec::new(), ledgers: vec![LedgerFile::new(true)] }
    }

    /// What a removal leaves that was killed half-way: someone not enrolled.
    #[must_use]
    pub fn half_removed(enrolment: Enrolment) -> Self {
        let mut disk = Self::of(enrolment);
        disk.rename(Rename::Unlink(Name::Enrolment));
        disk.sync_names();
        disk
    }

    /// Changes a name; it is on disk at the next sync, or by chance.
    pub fn rename(&mut self, change: Rename) {
        self.names = self.names.after(change);
        self.pending.push(change);
    }

    /// As `new_file::sync_dir`.
    pub fn sync_names(&mut self) {
        self.durable = self.names;
        self.pending.clear();
    }

    /// A ledger by its number.
    #[must_use]
    pub fn ledger(&self, number: u8) -> Option<&LedgerFile> {
        self.ledgers.get(usize::from(number))
    }

    /// The same, to change it.
    pub fn ledger_mut(&mut self, number: u8) -> Option<&mut LedgerFile> {
        self.ledgers.get_mut(usize::from(number))
    }

    /// The record as the next process reads it.
    ///
    /// # Errors
    /// [`Damage`].
    pub fn record(&self, protocol: Protocol) -> Result<Option<(Enrolment, Marks)>, Damage> {
        let Some(file) = self.names.enrolment else { return Ok(None) };
        if !file.is_whole() {
            return Err(Damage::Enrolment);
        }
        let ledger = self.names.ledger.and_then(|number| self.ledger(number)).ok_or(Damage::NoLedger)?;
        let truth = ledger.read().ok_or(Damage::Blocks)?;
        matching(protocol, &file.enrolment, truth.marks).map(|marks| Some((file.enrolment, marks)))
    }

    /// Everything a power cut may leave.
    #[must_use]
    pub fn cuts(&self) -> Vec<Cut> {
        let mut cuts = Vec::new();
        for names in 0..1u8 << self.pending.len() {
            let ledger = self.names_after(names).ledger.and_then(|number| self.ledger(number));
            let [first, second] = ledger.map_or([1, 1], LedgerFile::chances);
            for a in 0..first {
                cuts.extend((0..second).map(|b| Cut { names, blocks: [a, b] }));
            }
        }
        cuts
    }

    /// The directory after the machine has started again.
    #[must_use]
    pub fn after(&self, cut: Cut) -> Self {
        let mut names = self.names_after(cut.names);
        let ledger = names.ledger.and_then(|number| self.ledger(number));
        let ledgers: Vec<LedgerFile> = ledger.map(|ledger| ledger.after(cut.blocks)).into_iter().collect();
        names.ledger = names.ledger.map(|_| 0);
        for file in [&mut names.enrolment, &mut names.new].into_iter().flatten() {
            file.lose_power();
        }
        Self { names, durable: names, pending: Vec::new(), ledgers }
    }

    fn names_after(&self, chosen: u8) -> Names {
        let arrived = self.pending.iter().enumerate().filter(|(at, _)| chosen & 1 << at != 0);
        arrived.fold(self.durable, |names, (_, change)| names.after(*change))
    }
}
