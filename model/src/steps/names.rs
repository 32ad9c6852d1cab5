//! Names made, replaced and removed: `RecordDir::make_ledger`, `RecordDir::write_enrolment`, `RecordDir::remove_files`.

use super::Step;
use crate::disk::{EnrolmentFile, LedgerFile, Name, Rename};
use crate::process::{Answer, At, Process, Task};
use crate::safeguard::Safeguard;

impl Step<'_> {
    pub(super) fn change_names(&mut self, mut process: Process) -> Process {
        let is_enrolment_first = self.has(Safeguard::EnrolmentFirst);
        match process.at {
            At::MakeLedger => self.make_ledger(process),
            At::SyncLedgerName => self.sync(process, At::Open),
            At::Unsettle => self.unsettle(process),
            At::NameNew => {
                process.new.iter().for_each(|file| self.disk.rename(Rename::LinkNew(*file)));
                process.to(At::SyncNew)
            }
            At::SyncNew => self.sync(process, At::Unsettle),
            At::Replace => {
                process.new.iter().for_each(|file| self.replace(process.task, *file));
                process.to(At::SyncReplaced)
            }
            At::SyncReplaced if process.marks.is_some() => self.sync(process, At::SaySettled),
            At::SyncReplaced => {
                let process = self.sync(process, At::Unlock);
                self.replaced(process)
            }
            At::SaySettled => {
                self.say_settled(process);
                self.replaced(process)
            }
            At::UnlinkEnrolment => {
                self.clear_debris();
                self.unlink(&mut process, is_enrolment_first);
                process.to(At::SyncUnlinked)
            }
            At::SyncUnlinked if !process.has_lock && self.has(Safeguard::LockedRemoval) => {
                process.looks_again = true;
                self.sync(process, At::Open)
            }
            At::SyncUnlinked => self.sync(process, At::UnlinkLedger),
            At::UnlinkLedger => {
                self.unlink(&mut process, !is_enrolment_first);
                process.to(At::SyncRemoved)
            }
            At::SyncRemoved if process.task == Task::Remove => {
                self.sync(process, At::Unlock).ending(Answer::Yes)
            }
            At::SyncRemoved => self.sync(process, At::WorkOut).anew(),
            _ => process,
        }
    }

    fn sync(&mut self, process: Process, next: At) -> Process {
        let safeguard = match process.at {
            At::SyncLedgerName => Safeguard::LedgerNameSync,
            At::SyncNew => Safeguard::NewNameSync,
            At::SyncUnlinked => Safeguard::UnlinkedSync,
            At::SyncRemoved => Safeguard::RemovedSync,
            _ => Safeguard::ReplacedSync,
        };
        if self.has(safeguard) {
            self.disk.sync_names();
        }
        process.to(next)
    }

    /// Who is enrolled is so by a code, which is accepted as soon as that stands.
    fn replace(&mut self, task: Task, file: EnrolmentFile) {
        self.disk.rename(Rename::Replace(file));
        if task == Task::Enrol {
            self.history.tell(file.enrolment.confirming());
        }
    }

    fn replaced(&self, mut process: Process) -> Process {
        if process.task != Task::Enrol || self.has(Safeguard::MarkFirst) {
            return process.ending(Answer::Yes);
        }
        process.marks = process
            .truth
            .zip(process.new)
            .map(|(truth, new)| new.enrolment.confirmed(self.protocol, truth.marks));
        self.begin_write(process)
    }

    fn unlink(&mut self, process: &mut Process, is_enrolment: bool) {
        if is_enrolment && process.task == Task::Remove {
            let present = self.disk.names.enrolment.map(|file| file.enrolment);
            present.iter().for_each(|old| self.history.remove(old));
            process.before = present.or(process.before);
        }
        self.disk.rename(Rename::Unlink(if is_enrolment { Name::Enrolment } else { Name::Ledger }));
    }

    /// One that appeared meanwhile is as good.
    fn make_ledger(&mut self, process: Process) -> Process {
        if self.disk.names.ledger.is_some() {
            return process.to(At::Open);
        }
        let number = u8::try_from(self.disk.ledgers.len()).unwrap_or(u8::MAX);
        self.disk.ledgers.push(LedgerFile::new(self.has(Safeguard::NewLedgerSync)));
        self.disk.rename(Rename::LinkLedger(number));
        process.to(At::SyncLedgerName)
    }

    /// Takes the word back, and remembers in `marks` whether it was given.
    fn unsettle(&mut self, mut process: Process) -> Process {
        let truth = process.file.and_then(|file| self.disk.ledger(file)).and_then(LedgerFile::read);
        process.truth = truth;
        let takes_back = self.has(Safeguard::WordTakenBack);
        let Some(ledger) = process.file.and_then(|file| self.disk.ledger_mut(file)) else { return process };
        let was_settled = truth.is_some_and(|truth| truth.sequence == ledger.settled);
        process.marks = truth.map(|truth| truth.marks).filter(|_| was_settled);
        if takes_back {
            ledger.settled = 0;
        }
        process.to(At::Replace)
    }

    fn say_settled(&mut self, process: Process) {
        let (Some(file), Some(truth)) = (process.file, process.truth) else { return };
        self.disk.ledger_mut(file).into_iter().for_each(|ledger| ledger.settled = truth.sequence);
    }
}
