//! One step of one process: what it does to the directory, and what comes next.

mod ledger;
mod names;

use crate::disk::Disk;
use crate::history::{ENROLMENTS, History};
use crate::process::{Answer, At, Process, Task};
use crate::record::{Enrolment, OF_AUTHENTICATOR, Secret, Verdict, decide, matching};
use crate::safeguard::{Protocol, Safeguard};

/// What a step works on.
pub(crate) struct Step<'a> {
    pub(crate) protocol: Protocol,
    pub(crate) disk: &'a mut Disk,
    pub(crate) history: &'a mut History,
    /// Whether another process holds the lock of this ledger.
    pub(crate) is_locked: &'a dyn Fn(u8) -> bool,
}

/// What becomes of the process.
pub(crate) enum Next {
    /// It cannot move now.
    Waits,
    /// It goes on.
    Goes(Process),
    /// It has said its answer.
    Ended(Answer),
}

impl Step<'_> {
    fn has(&self, safeguard: Safeguard) -> bool {
        self.protocol.has(safeguard)
    }

    pub(crate) fn take(&mut self, process: Process) -> Next {
        let next = match process.at {
            At::Prompt => self.prompt(process),
            At::WorkOut => return self.work_out(process),
            At::LookAlone => self.look_alone(process),
            At::Lock => return self.lock(process),
            At::Tell => return self.tell(process),
            At::Open => self.open(process),
            At::Read => self.read(process),
            At::Decide => self.decide(process),
            At::Compare => self.compare(process),
            At::Unlock => process.anew().to(At::Tell),
            At::Settle | At::SettleSync | At::SettleNames | At::HalfBlock | At::WholeBlock => {
                self.write(process)
            }
            At::SyncLedger | At::SayWritten => self.write(process),
            _ => self.change_names(process),
        };
        self.note_refusal(process, next);
        Next::Goes(next)
    }

    /// Takes note of a login that makes damage of a record that can be read.
    fn note_refusal(&mut self, process: Process, next: Process) {
        let gives_up = next.answer == Answer::Unavailable && process.answer != Answer::Unavailable;
        if gives_up && matches!(process.task, Task::Login(_)) {
            self.history.is_misjudged |= self.disk.record(self.protocol).is_ok();
        }
    }

    fn prompt(&self, mut process: Process) -> Process {
        match self.disk.names.enrolment {
            Some(file) if !file.is_whole() => return process.ending(Answer::Unavailable),
            seen => process.before = seen.map(|file| file.enrolment),
        }
        process.to(At::Open)
    }

    fn open(&self, mut process: Process) -> Process {
        process.file = self.disk.names.ledger;
        match (process.file, process.task) {
            (Some(_), _) => process.to(At::Lock),
            (None, Task::Remove) if process.looks_again => process.ending(Answer::Yes),
            (None, Task::Remove) => process.to(At::UnlinkEnrolment),
            (None, Task::Login(_)) => process.to(At::LookAlone),
            (None, _) => process.ending(Answer::Unavailable),
        }
    }

    /// Somebody may have been enrolled since the ledger was looked for.
    fn look_alone(&self, mut process: Process) -> Process {
        match self.disk.names.enrolment {
            None => process.ending(Answer::No),
            Some(file) if !file.is_whole() => process.ending(Answer::Unavailable),
            Some(_) if process.looks_again || !self.has(Safeguard::AnotherLook) => {
                process.ending(Answer::Unavailable)
            }
            Some(_) => {
                process.looks_again = true;
                process.to(At::Open)
            }
        }
    }

    fn lock(&self, mut process: Process) -> Next {
        let Some(file) = process.file else { return Next::Waits };
        if self.has(Safeguard::Lock) && (self.is_locked)(file) {
            return Next::Waits;
        }
        if self.has(Safeguard::SecondLook) && self.disk.names.ledger != Some(file) {
            return Next::Goes(process.anew().to(At::Open));
        }
        (process.has_lock, process.looks_again) = (true, false);
        Next::Goes(process.to(At::Read))
    }

    fn read(&self, mut process: Process) -> Process {
        process.truth = process.file.and_then(|file| self.disk.ledger(file)).and_then(|ledger| ledger.read());
        match (process.truth, process.task) {
            (_, Task::Remove) => process.to(At::UnlinkEnrolment),
            (None, _) => process.ending(Answer::Unavailable),
            (Some(_), Task::Login(_)) => process.to(At::Decide),
            (Some(_), _) => process.to(At::Compare),
        }
    }

    /// The whole of what `Store::attempt` does between reading the ledger and writing it.
    fn decide(&mut self, mut process: Process) -> Process {
        let (Task::Login(typed), Some(truth)) = (process.task, process.truth) else { return process };
        let Some(present) = self.disk.names.enrolment else { return process.ending(Answer::No) };
        if !present.is_whole() {
            return process.ending(Answer::Unavailable);
        }
        self.clear_debris();
        let by = if self.has(Safeguard::ReadUnderLock) { Some(present.enrolment) } else { process.before };
        let Some(enrolment) = by else { return process.ending(Answer::No) };
        let Ok(marks) = matching(self.protocol, &enrolment, truth.marks) else {
            return process.ending(Answer::Unavailable);
        };
        // Hashed with what stood there before the prompt: a code that came since is compared with nothing. An
        // authenticator's is computed under the lock.
        let was_there =
            |secret: &Secret| process.before.is_some_and(|seen| seen.serial_of(*secret).is_some());
        let is_live = |secret: &Secret| secret.place == OF_AUTHENTICATOR && !self.protocol.hashes_all;
        let typed = typed.filter(|secret| is_live(secret) || was_there(secret));
        let (marks, answer) = match decide(self.protocol, &enrolment, marks, typed) {
            Verdict::AlreadyUsed => return process.ending(Answer::No),
            Verdict::Wrong => (marks, Answer::No),
            Verdict::Accepted(marks) => (marks, Answer::Yes),
        };
        if let (Answer::Yes, Some(secret)) = (answer, typed) {
            self.history.try_code(secret);
            let is_present = present.enrolment == enrolment && self.disk.names.ledger == process.file;
            self.history.is_stale |= !is_present || self.history.is_ended(secret);
            if !self.has(Safeguard::YesLast) {
                self.history.tell(secret);
            }
        }
        (process.marks, process.answer, process.before) = (Some(marks), answer, None);
        self.begin_write(process)
    }

    /// `Desk::revise`: the record read under its lock, and a new enrolment made of it without one.
    fn work_out(&mut self, mut process: Process) -> Next {
        if self.has(Safeguard::Lock) && self.disk.names.ledger.is_some_and(|file| (self.is_locked)(file)) {
            return Next::Waits;
        }
        let Ok(record) = self.disk.record(self.protocol) else {
            return Next::Goes(process.ending(Answer::Unavailable));
        };
        let before = record.map(|(enrolment, _)| enrolment);
        let Some(enrolment) = self.made_from(before, process.task) else {
            return Next::Goes(process.ending(Answer::No));
        };
        process.before = before;
        let is_synced = self.has(Safeguard::NewFileSync);
        process.new = Some(crate::disk::EnrolmentFile { enrolment, is_synced });
        Next::Goes(process.to(if before.is_none() { At::MakeLedger } else { At::Open }))
    }

    fn made_from(&mut self, before: Option<Enrolment>, task: Task) -> Option<Enrolment> {
        let id = self.history.next_id;
        if usize::from(id) >= ENROLMENTS {
            return None;
        }
        let made = match (task, before) {
            (Task::NewCodes, Some(old)) if old.is_enrolled() => old.successor(id).with_codes(),
            (Task::Reset, Some(old)) => old.reset_by(id),
            (Task::Enrol, None) => Enrolment::first(id, 0),
            (Task::Enrol, Some(old)) if !old.is_enrolled() => old.successor(id).with_codes(),
            _ => return None,
        };
        self.history.note(&made);
        Some(made)
    }

    fn compare(&mut self, mut process: Process) -> Process {
        let (Some(truth), Some(mut new)) = (process.truth, process.new) else { return process };
        self.clear_debris();
        if self.has(Safeguard::NamesSettled) {
            self.disk.sync_names();
        }
        let present = self.disk.names.enrolment;
        if present.is_some_and(|file| !file.is_whole()) {
            return process.ending(Answer::Unavailable);
        }
        let present = present.map(|file| file.enrolment);
        let marks = match &present {
            Some(enrolment) => matching(self.protocol, enrolment, truth.marks),
            None => Ok(truth.marks),
        };
        let Ok(marks) = marks else { return process.ending(Answer::Unavailable) };
        if self.has(Safeguard::Compare) && present != process.before {
            // `Amendment::Keep`, which removes a ledger made in vain; then `revise` looks again.
            return match present {
                Some(_) => process.anew().to(At::WorkOut),
                None => process.to(At::UnlinkEnrolment),
            };
        }
        if present.is_none() {
            // `next_generation`, by a clock that stands still: time saves nobody here.
            new.enrolment.generation = truth.marks.generation + 1;
            process.new = Some(new);
        }
        if process.task != Task::Enrol {
            return process.to(At::NameNew);
        }
        self.history.try_code(new.enrolment.confirming());
        if !self.has(Safeguard::MarkFirst) {
            return process.to(At::NameNew);
        }
        process.marks = Some(new.enrolment.confirmed(self.protocol, marks));
        self.begin_write(process)
    }

    fn clear_debris(&mut self) {
        if self.disk.names.new.is_some() {
            self.disk.rename(crate::disk::Rename::Unlink(crate::disk::Name::New));
        }
    }

    fn tell(&mut self, process: Process) -> Next {
        if process.answer == Answer::Yes {
            match (process.task, process.before, process.new) {
                (Task::Login(Some(secret)), ..) if self.has(Safeguard::YesLast) => self.history.tell(secret),
                (Task::Login(_), ..) => {}
                (_, before, new) => {
                    before.iter().for_each(|old| self.history.end(old));
                    self.history.promised |= new.map_or(0, |new| 1 << new.enrolment.id);
                }
            }
        }
        Next::Ended(process.answer)
    }
}
