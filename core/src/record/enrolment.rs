//! `enrolment`: who someone is. Written by commands, never by a login.

use crate::credential::Place;
use crate::credential::mailed::{Registered, Unverified};
use crate::credential::single_use::{Kind, StoredCode};
use crate::credential::totp::KEY_MIN;
use crate::credential::totp::Parameters;
use crate::record::damage::Flaw;
use crate::record::seal::{Home, Sealed};
use crate::system::clock::Timestamp;
use crate::user::UserName;

/// Authenticators a person may have at once.
pub const MAX_AUTHENTICATORS: usize = 8;

/// Slots of the ledger: one more, so that a person who has all eight can still replace one.
pub const SLOTS: usize = MAX_AUTHENTICATORS + 1;

/// Largest file, in bytes: eight authenticators and 32 codes take a tenth of it.
pub const MAX_LEN: u64 = 64 * 1024;

/// Whether a person has a second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Never confirmed one; a pass may already stand here.
    NotEnrolled,
    /// Has confirmed one.
    Enrolled,
    /// Was reset: only a pass opens, and leads into enrolment.
    MustEnroll,
}

/// One app or token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authenticator {
    /// Its slot in the ledger, below [`SLOTS`].
    pub slot: u8,
    /// Its serial; a ledger mark of another serial is not its own.
    pub serial: u64,
    /// What the person calls it.
    pub label: String,
    /// When it was enrolled.
    pub added: Timestamp,
    /// Its key.
    pub sealed: Sealed,
    /// What it computes.
    pub parameters: Parameters,
}

impl Authenticator {
    /// The bits of its key, where they are fewer than RFC 4226 §4 R6 wants: it came from another verifier.
    #[must_use]
    pub const fn short_key_bits(&self) -> Option<usize> {
        let bytes = self.sealed.secret_len();
        if bytes < KEY_MIN { Some(8 * bytes) } else { None }
    }

    /// What its key was sealed for.
    #[must_use]
    pub const fn home<'a>(&self, user: &'a UserName) -> Home<'a> {
        Home { user, slot: self.slot, serial: self.serial }
    }
}

/// An authenticator that has not shown a live code yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// When it ends unconfirmed.
    pub expires: Timestamp,
    /// The serial of the authenticator that ends when this one has shown a code; none: it comes beside the others.
    pub replaces: Option<u64>,
    /// Codes typed for it by somebody who may not have seen its key.
    pub tries: u8,
    /// The authenticator.
    pub authenticator: Authenticator,
}

/// One person's record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// Whose it is: a file moved to another directory is refused.
    pub user: UserName,
    /// The account's uid at enrolment.
    pub uid: u32,
    /// The state.
    pub state: State,
    /// Grows only in reset and remove: an older ledger is void.
    pub generation: u64,
    /// The serial of the next credential.
    pub next_serial: u64,
    /// Since when a second factor has been on.
    pub enrolled: Option<Timestamp>,
    /// When an authenticator last took another's place: a second after the success with which it did.
    pub replaced: Option<Timestamp>,
    /// An authenticator waiting for its first code.
    pub pending: Option<Pending>,
    /// The address that codes go to.
    pub email: Option<Registered>,
    /// An address waiting for its code.
    pub unverified_email: Option<Unverified>,
    /// The confirmed authenticators.
    pub authenticators: Vec<Authenticator>,
    /// The single-use codes, spent ones included until their set is replaced.
    pub codes: Vec<StoredCode>,
}

impl Enrolment {
    /// Someone about to be enrolled for the first time in this generation.
    #[must_use]
    pub const fn new(user: UserName, uid: u32, generation: u64) -> Self {
        Self {
            user,
            uid,
            state: State::NotEnrolled,
            generation,
            next_serial: 1,
            enrolled: None,
            replaced: None,
            pending: None,
            email: None,
            unverified_email: None,
            authenticators: Vec::new(),
            codes: Vec::new(),
        }
    }

    /// The serial for a new credential; never given out again in this generation.
    pub const fn take_serial(&mut self) -> u64 {
        let serial = self.next_serial;
        self.next_serial += 1;
        serial
    }

    /// A slot no authenticator holds, if one is left.
    #[must_use]
    pub fn free_slot(&self) -> Option<u8> {
        (0..).take(SLOTS).find(|slot| !self.authenticators.iter().any(|a| a.slot == *slot))
    }

    /// A place no code holds, if one is left.
    #[must_use]
    pub fn free_place(&self) -> Option<Place> {
        Place::all().find(|place| !self.codes.iter().any(|c| usize::from(c.place) == place.index()))
    }

    /// The pending authenticator, unless its day is over.
    #[must_use]
    pub fn pending_at(&self, now: Timestamp) -> Option<&Authenticator> {
        self.pending.as_ref().filter(|p| now <= p.expires).map(|p| &p.authenticator)
    }

    /// The digit counts this person's codes can have.
    #[must_use]
    pub fn digits(&self) -> Vec<usize> {
        let mut digits: Vec<usize> =
            self.authenticators.iter().map(|a| a.parameters.digits.get() as usize).collect();
        digits.sort_unstable();
        digits.dedup();
        digits
    }

    /// The codes of one kind.
    pub fn codes_of(&self, kind: Kind) -> impl Iterator<Item = &StoredCode> {
        self.codes.iter().filter(move |c| c.kind == kind)
    }

    fn fit_in_slots(&self) -> bool {
        let slots = || self.all().map(|a| a.slot);
        self.authenticators.len() <= MAX_AUTHENTICATORS
            && slots().all(|slot| usize::from(slot) < SLOTS)
            && !has_twins(slots())
    }

    /// Whether what the pending authenticator is to replace is there.
    fn has_what_is_replaced(&self) -> bool {
        let replaced = self.pending.as_ref().and_then(|pending| pending.replaces);
        replaced.is_none_or(|serial| self.authenticators.iter().any(|a| a.serial == serial))
    }

    /// The confirmed authenticators and the pending one.
    fn all(&self) -> impl Iterator<Item = &Authenticator> {
        self.authenticators.iter().chain(self.pending.iter().map(|p| &p.authenticator))
    }

    /// Every serial given out to what is here.
    fn serials(&self) -> impl Iterator<Item = u64> {
        let addresses = self.email.iter().map(|e| e.serial);
        let addresses = addresses.chain(self.unverified_email.iter().map(|e| e.serial));
        self.all().map(|a| a.serial).chain(self.codes.iter().map(|c| c.serial)).chain(addresses)
    }

    /// Whether something here opens a login by itself: an authenticator, or mail where the site made it a factor.
    const fn has_method(&self) -> bool {
        !self.authenticators.is_empty() || self.email.is_some()
    }

    /// Whether what it says can be, of this person.
    pub(super) fn check(&self, user: &UserName) -> Result<(), Flaw> {
        let places = || self.codes.iter().map(|c| c.place);
        if self.user != *user {
            Err(Flaw::OtherPerson)
        } else if !self.fit_in_slots() {
            Err(Flaw::Slots)
        } else if places().any(|p| Place::new(p).is_none()) || has_twins(places()) {
            Err(Flaw::Places)
        } else if self.serials().any(|s| s == 0 || s >= self.next_serial)
            || has_twins(self.serials())
            || !self.has_what_is_replaced()
        {
            Err(Flaw::Serials)
        } else if self.codes.iter().any(|c| !c.image.is_sound()) {
            Err(Flaw::Hashes)
        } else if (self.state == State::Enrolled) != self.has_method() {
            Err(Flaw::State)
        } else {
            Ok(())
        }
    }
}

fn has_twins<T: Ord>(items: impl Iterator<Item = T>) -> bool {
    let mut items: Vec<T> = items.collect();
    items.sort_unstable();
    items.windows(2).any(|pair| matches!(pair, [a, b] if a == b))
}

#[cfg(test)]
#[path = "enrolment_tests.rs"]
mod tests;
