//! A process: what it was started for, and which step is its next.

use crate::disk::{EnrolmentFile, Truth};
use crate::record::{Enrolment, Marks, Secret};

/// What a process is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Task {
    /// `Judge::check`, `Desk::spend`: somebody types this; `None` is a wrong code.
    Login(Option<Secret>),
    /// `Desk::recovery_codes`: another set.
    NewCodes,
    /// `Desk::reset`: another generation, in which nothing opens.
    Reset,
    /// `Desk::activate`: someone is enrolled, with the mark of the code they showed in the ledger first.
    Enrol,
    /// `Store::purge`
    Remove,
}

/// The next step, and the function of `wardkey_core` that it stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum At {
    /// `Store::enrolment` before the prompt, for `Proof::compute`; no lock.
    Prompt,
    /// `Store::record` in `Desk::revise`, and the new enrolment that is worked out from it.
    WorkOut,
    /// `RecordDir::make_ledger`: written, synced, named.
    MakeLedger,
    /// `new_file::sync_dir` after it.
    SyncLedgerName,
    /// `RecordDir::ledger`: opened.
    Open,
    /// `FileStore::locked`: the enrolment looked for where there was no ledger.
    LookAlone,
    /// `store::lock::lock`, and the look at the links.
    Lock,
    /// `OpenLedger::read`
    Read,
    /// `RecordDir::enrolment`, `RecordDir::clear_debris`, `RecordDir::matching`, and `verify::decide`.
    Decide,
    /// `FileStore::apply`: debris away and names synced, enrolment read and compared.
    Compare,
    /// `OpenLedger::settle`: the truth written again where it is.
    Settle,
    /// `OpenLedger::settle`: `fdatasync`.
    SettleSync,
    /// `OpenLedger::settle`: `new_file::sync_dir`.
    SettleNames,
    /// `OpenLedger::write`: half of the block.
    HalfBlock,
    /// `OpenLedger::write`: the other half.
    WholeBlock,
    /// `OpenLedger::write`: `fdatasync`.
    SyncLedger,
    /// `OpenLedger::write`: the word that all is settled.
    SayWritten,
    /// `new_file::write_new`: a file without a name, synced, then named.
    NameNew,
    /// `new_file::sync_dir` after it.
    SyncNew,
    /// `RecordDir::write_enrolment`: the word taken back.
    Unsettle,
    /// `RecordDir::write_enrolment`: `renameat`.
    Replace,
    /// `new_file::sync_dir` after it.
    SyncReplaced,
    /// `RecordDir::write_enrolment`: the word given again.
    SaySettled,
    /// `RecordDir::remove_files`: the enrolment goes.
    UnlinkEnrolment,
    /// `new_file::sync_dir` after it.
    SyncUnlinked,
    /// `RecordDir::remove_files`: the ledger goes.
    UnlinkLedger,
    /// `new_file::sync_dir` after it.
    SyncRemoved,
    /// `OpenLedger` dropped.
    Unlock,
    /// The caller is told.
    Tell,
}

/// What it will say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Answer {
    /// `Outcome::Accepted`, or that the action is done.
    Yes,
    /// `Outcome::Refused`, or why the action cannot be.
    No,
    /// `Outcome::Unavailable`: the store's error.
    Unavailable,
}

/// A running process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Process {
    /// What for.
    pub task: Task,
    /// Its next step.
    pub at: At,
    /// The enrolment it read first: what was typed is hashed by it, or what is written was worked out from it.
    pub before: Option<Enrolment>,
    /// Whether it has found no ledger where one may have come since, and looks once more.
    pub looks_again: bool,
    /// The ledger it has open.
    pub file: Option<u8>,
    /// Whether it has that one's lock.
    pub has_lock: bool,
    /// What it read there.
    pub truth: Option<Truth>,
    /// What it will write there.
    pub marks: Option<Marks>,
    /// The enrolment it will write.
    pub new: Option<EnrolmentFile>,
    /// What it will say.
    pub answer: Answer,
}

impl Process {
    /// A process about to begin.
    #[must_use]
    pub const fn new(task: Task) -> Self {
        let at = match task {
            Task::Login(_) => At::Prompt,
            Task::Remove => At::Open,
            Task::NewCodes | Task::Reset | Task::Enrol => At::WorkOut,
        };
        let (before, file, truth, marks, new) = (None, None, None, None, None);
        let looks_again = false;
        Self { task, at, before, looks_again, file, has_lock: false, truth, marks, new, answer: Answer::No }
    }

    /// Goes to a step.
    #[must_use]
    pub const fn to(mut self, at: At) -> Self {
        self.at = at;
        self
    }

    /// Ends with this answer, the lock given back first.
    #[must_use]
    pub const fn ending(mut self, answer: Answer) -> Self {
        self.answer = answer;
        self.to(if self.has_lock { At::Unlock } else { At::Tell })
    }

    /// Forgets what it read under the lock.
    #[must_use]
    pub const fn anew(mut self) -> Self {
        (self.file, self.truth, self.marks, self.has_lock) = (None, None, None, false);
        self
    }
}
