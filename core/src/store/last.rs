//! The enrolment that was parsed last. A login reads it twice, before the prompt and under the lock; most are the
//! same bytes, and to parse them costs more than the rest of the decision.

use crate::record::damage::Damage;
use crate::record::enrolment::Enrolment;
use crate::user::UserName;
use std::fmt;
use std::sync::{Mutex, PoisonError};

/// Bytes and what they say. Never older than its reader: a file is read each time, only its parsing is saved.
pub(super) struct Last(Mutex<Option<(Vec<u8>, Enrolment)>>);

impl Last {
    pub(super) const fn new() -> Self {
        Self(Mutex::new(None))
    }

    /// The enrolment of `user` that these bytes are. One that is given a second time is given away: a login looks twice.
    pub(super) fn parse(&self, bytes: Vec<u8>, user: &UserName) -> Result<Enrolment, Damage> {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((seen, enrolment)) = last.take()
            && seen == bytes
            && enrolment.user == *user
        {
            return Ok(enrolment);
        }
        let enrolment = Enrolment::from_bytes(&bytes, user)?;
        *last = Some((bytes, enrolment.clone()));
        Ok(enrolment)
    }
}

impl fmt::Debug for Last {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_bytes_and_other_people_are_looked_at_anew() {
        let (roy, ann) = (UserName::new(b"roy").unwrap(), UserName::new(b"ann").unwrap());
        let text = |uid| Enrolment::new(roy.clone(), uid, 7).to_bytes();
        let last = Last::new();
        assert_eq!(format!("{last:?}"), "***", "what it keeps is nobody's to print");
        for uid in [1000, 1000, 1001, 1000] {
            assert_eq!(last.parse(text(uid), &roy).unwrap().uid, uid);
        }
        assert!(last.parse(text(1000), &ann).is_err(), "the same bytes, another person");
        let mut spoilt = text(1000);
        spoilt.push(b' ');
        assert!(last.parse(spoilt, &roy).is_err());
        assert_eq!(last.parse(text(1000), &roy).unwrap().uid, 1000, "damage is not remembered");
    }
}
