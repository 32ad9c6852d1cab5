//! Where records live. The file store is one way to keep them; another store implements the same trait.

mod belonging;
mod directory;
mod error;
mod faults;
mod files;
mod guarded;
mod handing_over;
mod hidden;
mod holder;
mod last;
mod lock;
mod names;
mod new_file;
mod origin;
mod record_dir;
mod renaming;
mod spare;
mod walked;

pub(crate) use belonging::give_to_root;
pub(crate) use directory::make_dir;
pub use directory::{FOR_EVERYBODY, make_dir_all};
pub use error::{Doing, StoreError};
pub use files::FileStore;
pub use guarded::Guarded;
pub use handing_over::hand_over;
pub use holder::Holder;
pub use lock::{LOCK_DEADLINE, while_locked};
pub(crate) use lock::{Locked, Section};
pub use names::names;
pub(crate) use names::remove;
pub use new_file::{write_instead, write_instead_of, write_new, write_new_of};

use crate::record::Record;
use crate::record::enrolment::Enrolment;
use crate::record::ledger::Ledger;
use crate::user::UserName;
use crate::verify::{Judged, Verdict};

/// What a command makes of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Amendment {
    /// Leaves it.
    Keep,
    /// Changes the ledger only.
    Ledger(Ledger),
    /// Replaces the enrolment, after the ledger where one is given.
    Write(Box<Enrolment>, Option<Ledger>),
}

/// What became of a record that was to have another name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Renaming {
    /// It has it, on disk.
    Done,
    /// It is no longer the record that was seen; nothing was changed.
    Changed,
    /// The other name has a record of its own; nothing was changed.
    Taken,
}

/// Keeps one record a person. All changes to one person's record are serialised; different people never wait
/// for each other.
pub trait Store {
    /// The enrolment as it stands, without waiting for anyone; `None` for someone never enrolled.
    ///
    /// # Errors
    /// [`StoreError`].
    fn enrolment(&self, user: &UserName) -> Result<Option<Enrolment>, StoreError>;

    /// Enrolment and ledger as they stand, for showing.
    ///
    /// # Errors
    /// [`StoreError`].
    fn record(&self, user: &UserName) -> Result<Option<Record>, StoreError>;

    /// Lets `judge` see the record under its lock, and opens what it answers once the change is durable; `None` for someone
    /// never enrolled. An error means that nothing may be told but that codes cannot be checked now.
    ///
    /// # Errors
    /// [`StoreError`].
    fn attempt(
        &self,
        user: &UserName,
        judge: &mut dyn FnMut(&Record) -> Judged,
    ) -> Result<Option<Verdict>, StoreError>;

    /// Costs what an attempt costs, for someone of whom nothing is kept: whatever an attempt opens is opened, and where
    /// `writes` as much is written and waited for. It changes nothing.
    ///
    /// # Errors
    /// [`StoreError`], as in an attempt.
    fn stand_in(&self, writes: bool) -> Result<(), StoreError>;

    /// Lets `amend` see the record and makes durable what it says; it may be asked more than once.
    ///
    /// # Errors
    /// [`StoreError`].
    fn amend(
        &self,
        user: &UserName,
        amend: &mut dyn FnMut(Option<Enrolment>, &Ledger) -> Amendment,
    ) -> Result<(), StoreError>;

    /// Gives the record of `before.user` to `after.user`, as `after` has it, with its ledger. At any moment one of the two
    /// names has it, whole, and never both.
    ///
    /// # Errors
    /// [`StoreError`].
    fn rename(&self, before: &Enrolment, after: &Enrolment) -> Result<Renaming, StoreError>;

    /// Removes everything kept of someone, damaged or not; the enrolment goes first.
    ///
    /// # Errors
    /// [`StoreError`].
    fn purge(&self, user: &UserName) -> Result<(), StoreError>;

    /// Everyone who has a record.
    ///
    /// # Errors
    /// [`StoreError`].
    fn users(&self) -> Result<Vec<UserName>, StoreError>;
}
