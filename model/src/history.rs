//! What has happened so far, as far as the claims go by it. No process sees it.

use crate::record::{Enrolment, PLACES, Secret};

/// Enrolments that can be made in one run.
pub const ENROLMENTS: usize = 6;

/// What has happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct History {
    /// How often each code was told yes.
    pub told: [[u8; PLACES]; ENROLMENTS],
    /// Codes whose mark some process began to write.
    pub tried: [[bool; PLACES]; ENROLMENTS],
    /// Enrolments whose end somebody was told, one bit each.
    pub ended: u8,
    /// Enrolments that somebody was told are in force, one bit each.
    pub promised: u8,
    /// Enrolments that a removal took away, one bit each: what was promised of them is over.
    pub removed: u8,
    /// Something was judged by another record than the one that was there.
    pub is_stale: bool,
    /// A login made damage of a record that could be read.
    pub is_misjudged: bool,
    /// Enrolments that brought codes, one bit each: what people can type.
    pub with_codes: u8,
    /// The number of the next enrolment.
    pub next_id: u8,
}

impl History {
    /// How often this code was told yes.
    #[must_use]
    pub fn told(&self, secret: Secret) -> u8 {
        cell(&self.told, secret).copied().unwrap_or(0)
    }

    /// This code was told yes.
    pub fn tell(&mut self, secret: Secret) {
        if let Some(told) =
            self.told.get_mut(usize::from(secret.of)).and_then(|set| set.get_mut(usize::from(secret.place)))
        {
            *told = (*told + 1).min(2);
        }
    }

    /// Whether some process began to write this code's mark.
    #[must_use]
    pub fn is_tried(&self, secret: Secret) -> bool {
        cell(&self.tried, secret).copied().unwrap_or(true)
    }

    /// A process begins to write this code's mark.
    pub fn try_code(&mut self, secret: Secret) {
        if let Some(tried) =
            self.tried.get_mut(usize::from(secret.of)).and_then(|set| set.get_mut(usize::from(secret.place)))
        {
            *tried = true;
        }
    }

    /// This enrolment and all it came from are over.
    pub const fn end(&mut self, enrolment: &Enrolment) {
        self.ended |= enrolment.past | 1 << enrolment.id;
    }

    /// A removal takes this enrolment away.
    pub const fn remove(&mut self, enrolment: &Enrolment) {
        self.removed |= enrolment.past | 1 << enrolment.id;
    }

    /// Whether somebody was told that this code opens no more.
    #[must_use]
    pub const fn is_ended(&self, secret: Secret) -> bool {
        self.ended & 1 << secret.of != 0
    }

    /// Takes note of an enrolment that is about to be written: its codes may be on paper already.
    pub fn note(&mut self, enrolment: &Enrolment) {
        self.next_id += 1;
        self.with_codes |= u8::from(enrolment.is_enrolled()) << enrolment.id;
    }

    /// Every code that was ever given out.
    pub fn given_out(&self) -> impl Iterator<Item = Secret> + '_ {
        every_secret().filter(|secret| self.with_codes & 1 << secret.of != 0)
    }

    /// Every code that was told yes.
    pub fn all_told(&self) -> impl Iterator<Item = Secret> + '_ {
        every_secret().filter(|secret| self.told(*secret) > 0)
    }
}

fn every_secret() -> impl Iterator<Item = Secret> {
    let places = || (0u8..).take(PLACES);
    (0u8..).take(ENROLMENTS).flat_map(move |of| places().map(move |place| Secret { of, place }))
}

fn cell<T>(table: &[[T; PLACES]], secret: Secret) -> Option<&T> {
    table.get(usize::from(secret.of))?.get(usize::from(secret.place))
}
