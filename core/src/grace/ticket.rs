//! Names one login to the process that opens its session, which in sshd is not the one that asked for the code.

use crate::credential::secret::{NoEntropy, Secret};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

const BYTES: usize = 20;

/// A random word of one login. Nobody else knows it: a person may write into PAM's environment what they like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket(Secret);

impl Ticket {
    /// A new one.
    ///
    /// # Errors
    /// [`NoEntropy`].
    pub fn random() -> Result<Self, NoEntropy> {
        Secret::random(BYTES).map(Self)
    }

    /// As text without blanks.
    #[must_use]
    pub fn to_text(&self) -> String {
        self.0.to_base32().to_string()
    }

    /// Reads it; `None` for any other text.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        Secret::from_base32(text).ok().filter(|secret| secret.len() == BYTES).map(Self)
    }

    /// What a file may hold of it.
    pub(super) fn digest(&self) -> String {
        HEXLOWER.encode(&Sha256::digest(self.0.expose()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_survives_its_text_and_nothing_else_is_one() {
        let ticket = Ticket::random().unwrap();
        assert_eq!(Ticket::from_text(&ticket.to_text()), Some(ticket.clone()));
        assert!(!ticket.to_text().contains([' ', '=']) && !ticket.digest().contains(&ticket.to_text()));
        for other in ["", "A", "ABCDEFGH", &ticket.to_text()[1..], &format!("{}AAAAAAAA", ticket.to_text())] {
            assert_eq!(Ticket::from_text(other), None, "{other}");
        }
    }
}
