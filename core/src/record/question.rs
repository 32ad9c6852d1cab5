//! Which question of which seat changed a record, so that a lost answer is told again and not guessed.

use crate::credential::secret::NoEntropy;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// The number of a seat, never given to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct SeatNumber(pub u32);

impl SeatNumber {
    /// The host of the verifier itself, whose own logins are judged there without a question.
    pub const VERIFIER: Self = Self(0);
}

/// A question's own name: 128 random bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct QuestionId(pub [u8; 16]);

impl QuestionId {
    /// A new one.
    ///
    /// # Errors
    /// [`NoEntropy`].
    pub fn random() -> Result<Self, NoEntropy> {
        let mut id = [0; 16];
        getrandom::fill(&mut id).map_err(|_| NoEntropy)?;
        Ok(Self(id))
    }
}

/// From where a check is asked for, in a clinic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asking {
    /// The seat.
    pub seat: SeatNumber,
    /// By which question; none: the verifier's own host, where no answer is lost.
    pub question: Option<AskedOnce>,
}

/// A question that may be sent more than once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AskedOnce {
    /// Its id.
    pub id: QuestionId,
    /// A keyed digest of all that is asked: without the verifier's key it says nothing of what was typed.
    pub digest: [u8; 16],
    /// For so long after the first answer the same question gets it again.
    pub within: Duration,
}
