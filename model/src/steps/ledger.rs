//! The ledger written: `OpenLedger::write`.

use super::Step;
use crate::disk::Block;
use crate::process::{Answer, At, Process, Task};
use crate::safeguard::Safeguard;

impl Step<'_> {
    /// The first step of a write: settling, where somebody before was killed half-way.
    pub(super) fn begin_write(&self, process: Process) -> Process {
        let settled = process.file.and_then(|file| self.disk.ledger(file)).map(|ledger| ledger.settled);
        let is_settled = process.truth.map(|truth| truth.sequence) == settled;
        if is_settled {
            process.to(At::HalfBlock)
        } else if self.has(Safeguard::TruthSettled) {
            process.to(At::Settle)
        } else if self.has(Safeguard::NamesSettled) {
            process.to(At::SettleNames)
        } else {
            process.to(At::HalfBlock)
        }
    }

    pub(super) fn write(&mut self, process: Process) -> Process {
        let (Some(truth), Some(file), Some(marks)) = (process.truth, process.file, process.marks) else {
            return process;
        };
        let is_synced = self.has(Safeguard::LedgerSync);
        let names_settled = self.has(Safeguard::NamesSettled);
        let is_checked = self.has(Safeguard::Checksum);
        let target = if self.has(Safeguard::SecondBlock) { 1 - truth.block } else { truth.block };
        let sequence = truth.sequence + 1;
        let after = self.after_write(process);
        let Some(ledger) = self.disk.ledger_mut(file) else { return process };
        match process.at {
            At::Settle => {
                let block = Block::Whole { sequence: truth.sequence, marks: truth.marks };
                ledger.block_mut(truth.block).into_iter().for_each(|cell| cell.write(block));
                return process.to(At::SettleSync);
            }
            At::SettleSync => {
                ledger.sync();
                return process.to(if names_settled { At::SettleNames } else { At::HalfBlock });
            }
            At::SettleNames => {
                self.disk.sync_names();
                return process.to(At::HalfBlock);
            }
            At::HalfBlock => {
                if let Some(cell) = ledger.block_mut(target) {
                    // Without a checksum half a write is read: the new number, and the marks that were there.
                    let read = match cell.cache {
                        Block::Whole { marks, .. } if !is_checked => Block::Whole { sequence, marks },
                        _ => Block::Torn,
                    };
                    cell.write(read);
                }
                return process.to(At::WholeBlock);
            }
            At::WholeBlock => {
                let block = Block::Whole { sequence, marks };
                ledger.block_mut(target).into_iter().for_each(|cell| cell.write(block));
                return process.to(At::SyncLedger);
            }
            At::SyncLedger if is_synced => ledger.sync(),
            At::SayWritten => ledger.settled = sequence,
            _ => {}
        }
        if process.at == At::SyncLedger { process.to(At::SayWritten) } else { after }
    }

    fn after_write(&self, process: Process) -> Process {
        match process.task {
            Task::Login(_) => process.ending(process.answer),
            _ if !self.has(Safeguard::MarkFirst) => process.ending(Answer::Yes),
            _ => process.to(At::NameNew),
        }
    }
}
