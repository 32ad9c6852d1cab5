//! What the two files say, as far as the protocol goes by it, and the decision.

use crate::safeguard::{Protocol, Safeguard};
use std::cmp::Ordering;

/// Codes of one set: one that is hashed before the lock, and one that is computed under it.
pub const PLACES: usize = 2;

/// The place of the second.
pub const OF_AUTHENTICATOR: u8 = 1;

/// One code that works once: the enrolment that brought it, and its place there. No two ever are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Secret {
    /// The enrolment's number.
    pub of: u8,
    /// Its place.
    pub place: u8,
}

/// `enrolment`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Enrolment {
    /// Its number among all that were ever made here; not in the file, where the hashes tell one from another.
    pub id: u8,
    /// The numbers of those it came from, one bit each; for the claims alone.
    pub past: u8,
    /// Grows in reset.
    pub generation: u8,
    /// The serial of the next code.
    pub next_serial: u8,
    /// Per place the serial of the code there; 0: none.
    pub serials: [u8; PLACES],
}

impl Enrolment {
    /// Someone enrolled, with a set of codes.
    #[must_use]
    pub fn first(id: u8, generation: u8) -> Self {
        Self { id, past: 0, generation, next_serial: 1, serials: [0; PLACES] }.with_codes()
    }

    /// As `codes::replace_recovery`: new serials in the same places.
    #[must_use]
    pub fn with_codes(mut self) -> Self {
        for serial in &mut self.serials {
            *serial = self.next_serial;
            self.next_serial += 1;
        }
        self
    }

    /// The one that comes after it.
    #[must_use]
    pub fn successor(self, id: u8) -> Self {
        Self { id, past: self.past | 1 << self.id, ..self }
    }

    /// As `Desk::reset`: another generation, nothing that opens, serials from the start.
    #[must_use]
    pub fn reset_by(self, id: u8) -> Self {
        let next = self.successor(id);
        Self { generation: self.generation + 1, next_serial: 1, serials: [0; PLACES], ..next }
    }

    /// Whether it has codes.
    #[must_use]
    pub fn is_enrolled(&self) -> bool {
        self.serials.iter().any(|serial| *serial > 0)
    }

    /// The serial of the code that was typed, if it is of this set.
    #[must_use]
    pub fn serial_of(&self, secret: Secret) -> Option<u8> {
        let serial = self.serials.get(usize::from(secret.place)).copied();
        serial.filter(|serial| *serial > 0 && self.id == secret.of)
    }

    /// The code that its person showed to be enrolled with it.
    #[must_use]
    pub const fn confirming(&self) -> Secret {
        Secret { of: self.id, place: OF_AUTHENTICATOR }
    }

    /// These marks, in its generation, with that code spent.
    #[must_use]
    pub fn confirmed(&self, protocol: Protocol, marks: Marks) -> Marks {
        let void = Marks { generation: self.generation, ..Marks::default() };
        let marks = if marks.generation == self.generation { marks } else { void };
        let serial = self.serial_of(self.confirming()).unwrap_or_default();
        let marks = marks.spending(OF_AUTHENTICATOR, serial);
        if protocol.has(Safeguard::EveryTwin) { marks.spending_twin(serial) } else { marks }
    }

    /// Whether it is `id` or came from it.
    #[must_use]
    pub fn descends_from(&self, id: u8) -> bool {
        self.id == id || self.past & 1 << id != 0
    }
}

/// The ledger, as far as codes go. Counters of failures are left out: a wrong code writes the same marks again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Marks {
    /// The enrolment's generation it belongs to.
    pub generation: u8,
    /// Per place the highest serial spent.
    pub spent: [u8; PLACES],
    /// The same of a second slot that has the authenticator's key.
    pub twin: u8,
}

impl Marks {
    /// As `Ledger::is_spent`.
    #[must_use]
    pub fn is_spent(&self, place: u8, serial: u8) -> bool {
        self.spent.get(usize::from(place)).is_none_or(|spent| *spent >= serial)
    }

    /// As `Ledger::spend`.
    #[must_use]
    pub fn spending(mut self, place: u8, serial: u8) -> Self {
        if let Some(spent) = self.spent.get_mut(usize::from(place)) {
            *spent = (*spent).max(serial);
        }
        self
    }
}

impl Marks {
    /// The step spent in the second slot.
    const fn spending_twin(mut self, serial: u8) -> Self {
        if self.twin < serial {
            self.twin = serial;
        }
        self
    }
}

/// Why a record is not judged by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Damage {
    /// The enrolment's bytes.
    Enrolment,
    /// Neither block of the ledger.
    Blocks,
    /// An enrolment without a ledger.
    NoLedger,
    /// A ledger newer than its enrolment.
    Restored,
}

/// As `RecordDir::matching`: the marks that hold for this enrolment.
///
/// # Errors
/// [`Damage::Restored`].
pub fn matching(protocol: Protocol, enrolment: &Enrolment, marks: Marks) -> Result<Marks, Damage> {
    if !protocol.has(Safeguard::Generation) {
        return Ok(Marks { generation: enrolment.generation, ..marks });
    }
    match marks.generation.cmp(&enrolment.generation) {
        Ordering::Equal => Ok(marks),
        Ordering::Less => Ok(Marks { generation: enrolment.generation, ..Marks::default() }),
        Ordering::Greater => Err(Damage::Restored),
    }
}

/// As `verify::single_use::judge`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Yes, once these marks are durable.
    Accepted(Marks),
    /// No, and nothing changes.
    AlreadyUsed,
    /// No, and it counts.
    Wrong,
}

/// As `verify::decide`; `None` is a code that never was any. The authenticator's key is in two slots: its code is right for
/// both. Where all codes are hashed there is no authenticator.
#[must_use]
pub fn decide(protocol: Protocol, enrolment: &Enrolment, marks: Marks, typed: Option<Secret>) -> Verdict {
    let found = typed.and_then(|secret| Some((secret.place, enrolment.serial_of(secret)?)));
    let Some((place, serial)) = found else { return Verdict::Wrong };
    let has_twin = place == OF_AUTHENTICATOR && !protocol.hashes_all;
    let (is_first, is_second) = (!marks.is_spent(place, serial), has_twin && marks.twin < serial);
    match (is_first, is_second) {
        (false, false) => Verdict::AlreadyUsed,
        _ if !has_twin => Verdict::Accepted(marks.spending(place, serial)),
        _ if protocol.has(Safeguard::EveryTwin) => {
            Verdict::Accepted(marks.spending(place, serial).spending_twin(serial))
        }
        (true, _) => Verdict::Accepted(marks.spending(place, serial)),
        (false, true) => Verdict::Accepted(marks.spending_twin(serial)),
    }
}
