//! Why a record is not believed. Damage is reported and left alone, never mended here.

use std::fmt;

/// Why a record is not believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Damage {
    /// A later version of wardkey wrote it.
    Newer,
    /// Not the record it should be; with what was seen first.
    Unreadable(Flaw),
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Newer => f.write_str("was written by a newer version of wardkey"),
            Self::Unreadable(flaw) => write!(f, "is damaged: {flaw}"),
        }
    }
}

/// What was seen first of a damage. It never quotes the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// The checksum is not that of the rest.
    Checksum,
    /// The checksum is right, and yet no record is read from what it is of.
    Content,
    /// A version that never was.
    Version,
    /// Another person's record.
    OtherPerson,
    /// Two authenticators in one slot, or a slot that is none.
    Slots,
    /// Two codes in one place, or a place that is none.
    Places,
    /// A serial given out twice, or never.
    Serials,
    /// A hash of a cost that no login may be made to spend.
    Hashes,
    /// Enrolled without an authenticator or an address, or the reverse.
    State,
    /// No block of the ledger is proven.
    Blocks,
    /// A ledger shorter or longer than all are.
    Size,
    /// An enrolment without its ledger: it would be open to replay.
    NoLedger,
    /// An enrolment older than its ledger.
    Restored,
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Checksum => "its content does not match its checksum",
            Self::Content => "its content cannot be read, although it matches its checksum",
            Self::Version => "its version is unknown",
            Self::OtherPerson => "it is another person's",
            Self::Slots => "authenticator slots",
            Self::Places => "code places",
            Self::Serials => "serials",
            Self::Hashes => "code hashes",
            Self::State => "state and authenticators disagree",
            Self::Blocks => "neither block has a valid checksum",
            Self::Size => "it does not have its full size",
            Self::NoLedger => "it is missing beside its enrolment",
            Self::Restored => "it is older than its ledger; was it restored from a backup?",
        })
    }
}
