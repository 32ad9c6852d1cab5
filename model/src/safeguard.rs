//! What the protocol does so that it holds, to be taken out one by one.

/// One precaution, and where the product takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Safeguard {
    /// `store::lock::lock`: one process at a time.
    Lock,
    /// `RecordDir::ledger`: a ledger removed while a process waited for it is not judged by.
    SecondLook,
    /// `FileStore::locked`: a ledger missing beside its enrolment is looked for again before that is damage.
    AnotherLook,
    /// `FileStore::attempt`: the enrolment is read again under the lock, not judged by as it was before the prompt.
    ReadUnderLock,
    /// `RecordDir::matching`: an older generation's marks are void.
    Generation,
    /// `Blocks::read`: the checksum that tells half a block from a whole one.
    Checksum,
    /// `Blocks::next_offset`: the block that is the truth is never written over.
    SecondBlock,
    /// `OpenLedger::write`: `fdatasync` before the answer.
    LedgerSync,
    /// `Store::attempt` returns before anybody is told yes.
    YesLast,
    /// `OpenLedger::settle`: the truth is on disk before the other block is written over.
    TruthSettled,
    /// `OpenLedger::settle`, `FileStore::apply`: so are the names by which the record was read.
    NamesSettled,
    /// `new_file::unnamed`: a new enrolment's bytes are on disk before its name.
    NewFileSync,
    /// `new_file::unnamed`: so are a new ledger's.
    NewLedgerSync,
    /// `RecordDir::make_ledger`: a new ledger's name is on disk before an enrolment is written beside it.
    LedgerNameSync,
    /// `RecordDir::write_enrolment`: a new enrolment's name is on disk before it takes the old one's place.
    NewNameSync,
    /// `RecordDir::write_enrolment`: its place is on disk before anybody is told that it is done.
    ReplacedSync,
    /// `RecordDir::remove_files`: that the enrolment is gone is on disk before the ledger goes.
    UnlinkedSync,
    /// `RecordDir::remove_files`: that the ledger is gone is on disk before anybody is told.
    RemovedSync,
    /// `Desk::revise`: what was worked out from a record replaces that record only.
    Compare,
    /// `RecordDir::write_enrolment`: the word that all is settled is taken back before the name changes.
    WordTakenBack,
    /// `RecordDir::remove_files`: the enrolment goes before the ledger.
    EnrolmentFirst,
    /// `FileStore::purge`: a ledger that came since none was found is removed under its lock only.
    LockedRemoval,
    /// `FileStore::apply`: the code by which someone is enrolled is spent before the enrolment stands.
    MarkFirst,
    /// `verify::devices::spend`: a code is spent in every slot that it is right for, and not in one alone.
    EveryTwin,
}

impl Safeguard {
    /// All of them.
    pub const ALL: [Self; 24] = [
        Self::Lock,
        Self::SecondLook,
        Self::AnotherLook,
        Self::ReadUnderLock,
        Self::Generation,
        Self::Checksum,
        Self::SecondBlock,
        Self::LedgerSync,
        Self::YesLast,
        Self::TruthSettled,
        Self::NamesSettled,
        Self::NewFileSync,
        Self::NewLedgerSync,
        Self::LedgerNameSync,
        Self::NewNameSync,
        Self::ReplacedSync,
        Self::UnlinkedSync,
        Self::RemovedSync,
        Self::Compare,
        Self::WordTakenBack,
        Self::EnrolmentFirst,
        Self::LockedRemoval,
        Self::MarkFirst,
        Self::EveryTwin,
    ];
}

/// The protocol, whole or with a safeguard taken out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Protocol {
    /// What is taken out; none: as the product is.
    pub without: Option<Safeguard>,
    /// Whether all codes are hashed before the lock, as single-use codes are.
    pub hashes_all: bool,
}

impl Protocol {
    /// Whether it takes this precaution.
    #[must_use]
    pub fn has(self, safeguard: Safeguard) -> bool {
        self.without != Some(safeguard)
    }
}
