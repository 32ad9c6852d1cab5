//! Authenticators as the desk makes them, without a desk.

use super::known_key;
use crate::credential::secret::Secret;
use crate::credential::totp::Parameters;
use crate::desk::Wanted;
use crate::record::enrolment::{Authenticator, Enrolment};
use crate::record::seal::{Home, SealingKey};
use crate::system::clock::Timestamp;

/// An authenticator of the usual kind, with this key or a new one.
#[must_use]
pub fn wanted(key: Option<Secret>) -> Wanted {
    Wanted { label: "app".into(), parameters: Parameters::default(), key }
}

/// One with the key that tests know.
#[must_use]
pub fn phone() -> Wanted {
    Wanted { label: "phone".into(), ..wanted(Some(known_key())) }
}

/// An authenticator sealed for the next free slot of an enrolment, under the enrolment's next serial.
#[must_use]
pub fn authenticator(
    enrolment: &mut Enrolment,
    sealing: &SealingKey,
    wanted: &Wanted,
    added: Timestamp,
) -> Authenticator {
    let (slot, serial) = (enrolment.free_slot().expect("a free slot"), enrolment.take_serial());
    let key = wanted.key.as_ref().expect("a key");
    let sealed = sealing.seal(Home { user: &enrolment.user, slot, serial }, key).expect("a sealed key");
    Authenticator { slot, serial, label: wanted.label.clone(), added, sealed, parameters: wanted.parameters }
}
