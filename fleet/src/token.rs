//! A joining token: it makes one machine a seat, once.

use crate::digest::sha256;
use crate::fingerprint::Fingerprint;
use crate::seat_name::SeatName;
use constant_time_eq::constant_time_eq;
use data_encoding::{BASE32_NOPAD, HEXLOWER};
use serde::{Deserialize, Serialize};
use std::fmt;
use wardkey_core::system::clock::Timestamp;
use zeroize::Zeroizing;

/// Bytes of the secret: nobody guesses 160 bits.
const SECRET_LEN: usize = 20;

/// As it is printed: the seat's name, the secret, and the fingerprint of the authority that the machine will believe.
#[derive(Clone)]
pub struct JoiningToken {
    /// Which seat the machine becomes.
    pub seat: SeatName,
    /// What only somebody has who was given the token.
    pub secret: Zeroizing<String>,
    /// The authority.
    pub authority: Fingerprint,
}

impl fmt::Debug for JoiningToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl JoiningToken {
    /// A new one; `None`: there is no randomness.
    #[must_use]
    pub fn random(seat: SeatName, authority: Fingerprint) -> Option<Self> {
        let mut secret = Zeroizing::new([0; SECRET_LEN]);
        getrandom::fill(&mut *secret).ok()?;
        let secret = Zeroizing::new(BASE32_NOPAD.encode(&*secret).to_lowercase());
        Some(Self { seat, secret, authority })
    }

    /// As it is printed.
    #[must_use]
    pub fn printed(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("{}:{}:{}", self.seat, &*self.secret, self.authority))
    }

    /// Reads what was printed; `None`: it is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let [seat, secret, authority] = text.trim().split(':').collect::<Vec<_>>()[..] else { return None };
        let is_secret = BASE32_NOPAD
            .decode(secret.to_uppercase().as_bytes())
            .is_ok_and(|bytes| bytes.len() == SECRET_LEN);
        is_secret.then_some(())?;
        Some(Self {
            seat: SeatName::new(seat).ok()?,
            secret: Zeroizing::new(secret.to_lowercase()),
            authority: Fingerprint::parse(authority)?,
        })
    }
}

/// What the verifier keeps of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KeptToken {
    hash: String,
    /// Until when it opens.
    pub(crate) until: Timestamp,
    /// When it did.
    pub(crate) used: Option<Timestamp>,
}

impl KeptToken {
    pub(crate) fn of(token: &JoiningToken, until: Timestamp) -> Self {
        Self { hash: hash(&token.seat, &token.secret), until, used: None }
    }

    pub(crate) fn used_at(self, now: Timestamp) -> Self {
        Self { used: Some(now), ..self }
    }

    pub(crate) fn is(&self, seat: &SeatName, secret: &str) -> bool {
        constant_time_eq(self.hash.as_bytes(), hash(seat, secret).as_bytes())
    }
}

/// The secret is random and long: a fast hash keeps it.
fn hash(seat: &SeatName, secret: &str) -> String {
    HEXLOWER.encode(&sha256(&[
        b"wardkey joining token\0",
        seat.as_str().as_bytes(),
        b"\0",
        secret.as_bytes(),
    ]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_as_it_is_printed_and_only_its_hash_is_kept() {
        let ward = SeatName::new("ward-3").unwrap();
        let token = JoiningToken::random(ward.clone(), Fingerprint::of(b"authority")).unwrap();
        let printed = token.printed();
        let read = JoiningToken::parse(&format!(" {}\n", *printed)).unwrap();
        assert_eq!((read.seat, &read.secret, read.authority), (ward.clone(), &token.secret, token.authority));
        assert_eq!(format!("{token:?}"), "***");
        let kept = KeptToken::of(&token, Timestamp(7));
        assert!(kept.is(&ward, &token.secret) && !kept.is(&ward, "other"));
        assert!(!kept.is(&SeatName::new("ward-4").unwrap(), &token.secret), "it is for one seat");
        assert!(!serde_json::to_string(&kept).unwrap().contains(&**token.secret));
        for none in ["", "a:b", "ward-3:x:y", &printed.replace("ward-3", "-"), &printed[..printed.len() - 1]]
        {
            assert!(JoiningToken::parse(none).is_none(), "{none}");
        }
    }
}
