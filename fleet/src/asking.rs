//! By which a question that is sent again is told from another.

use crate::enquiry::{Enquiry, Subject};
use blake2::Blake2bMac512;
use blake2::digest::{KeyInit, Mac};
use std::time::Duration;
use wardkey_core::login::Reply;
use wardkey_core::record::question::{AskedOnce, Asking, SeatNumber};

/// What the ledger keeps of a question of this seat: its id, and a digest of person, service, kind, and what was typed. Without
/// `key`, the verifier's own, the digest says nothing of that.
#[must_use]
pub fn asking(key: &[u8; 32], seat: SeatNumber, enquiry: &Enquiry) -> Asking {
    let (kind, typed) = match &enquiry.subject {
        Subject::Code { reply, counts: true, .. } => ("code", bytes(reply)),
        Subject::Code { reply, counts: false, .. } => ("free code", bytes(reply)),
        Subject::Nobody(reply) => ("nobody", bytes(reply)),
        Subject::Known | Subject::LivePass | Subject::Renewal(_) => ("", ("", &[][..])),
    };
    let (form, entry) = typed;
    let parts: [&[u8]; 5] =
        [enquiry.user.as_bytes(), enquiry.items.service.as_bytes(), kind.as_bytes(), form.as_bytes(), entry];
    let digest = digest(key, &parts);
    let within = Duration::from_millis(enquiry.within.into());
    Asking { seat, question: Some(AskedOnce { id: enquiry.id, digest, within }) }
}

fn bytes(reply: &Reply) -> (&'static str, &[u8]) {
    match reply {
        Reply::Separate(typed) => ("separate", typed.expose()),
        Reply::Combined(typed) => ("combined", typed.expose()),
        Reply::NoCode => ("no code", &[]),
    }
}

/// Keyed `BLAKE2b` (RFC 7693 §2.9), each part with its length before it.
fn digest(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 16] {
    let mut whole = [0; 16];
    // A key of 32 bytes is one.
    let Ok(mut mac) = Blake2bMac512::new_from_slice(key) else { return whole };
    for part in parts {
        mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
        mac.update(part);
    }
    let bytes = mac.finalize().into_bytes();
    for (into, from) in whole.iter_mut().zip(bytes.iter()) {
        *into = *from;
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;
    use wardkey_core::credential::secret::Secret;
    use wardkey_core::login::PamItems;
    use wardkey_core::record::question::QuestionId;
    use wardkey_core::user::UserName;

    fn enquiry(user: &str, service: &str, code: &str, counts: bool) -> Enquiry {
        Enquiry {
            id: QuestionId([7; 16]),
            within: 2500,
            user: UserName::new(user.as_bytes()).unwrap(),
            items: PamItems { service: service.to_owned(), ..PamItems::default() },
            subject: Subject::Code {
                uid: 1000,
                reply: Reply::Separate(Secret::new(code.into())),
                counts,
                place: Ok(()),
            },
        }
    }

    #[test]
    fn the_same_question_has_one_digest_and_every_other_another() {
        let of =
            |key: u8, enquiry: &Enquiry| asking(&[key; 32], SeatNumber(3), enquiry).question.unwrap().digest;
        let own = enquiry("roy", "sshd", "123456", true);
        let asked = asking(&[1; 32], SeatNumber(3), &own);
        assert_eq!(asked.seat, SeatNumber(3));
        assert_eq!(asked.question.unwrap().within, Duration::from_millis(2500));
        assert_eq!(of(1, &own), of(1, &enquiry("roy", "sshd", "123456", true)));
        let others = [
            enquiry("ann", "sshd", "123456", true),
            enquiry("roy", "login", "123456", true),
            enquiry("roy", "sshd", "123457", true),
            enquiry("roy", "sshd", "123456", false),
            enquiry("roys", "shd", "123456", true),
        ];
        assert!(others.iter().all(|other| of(1, other) != of(1, &own)));
        assert_ne!(of(2, &own), of(1, &own), "it says nothing without the key");
    }
}
