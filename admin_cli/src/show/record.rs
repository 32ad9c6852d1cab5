//! What `status --json` tells root of a record's file, which is not text: all of it but keys and hashes.

use serde::Serialize;
use wardkey_core::credential::single_use::{Kind, StoredCode};
use wardkey_core::record::enrolment::{Authenticator, Enrolment, State};
use wardkey_core::system::clock::Timestamp;

/// An enrolment without its secrets.
#[derive(Debug, Serialize)]
pub(crate) struct RecordShape<'a> {
    uid: u32,
    state: &'static str,
    generation: u64,
    next_serial: u64,
    enrolled: Option<Timestamp>,
    authenticators: Vec<DeviceShape<'a>>,
    pending: Option<PendingShape<'a>>,
    email: Option<AddressShape<'a>>,
    unverified_email: Option<AddressShape<'a>>,
    codes: Vec<CodeShape>,
}

#[derive(Debug, Serialize)]
struct DeviceShape<'a> {
    slot: u8,
    serial: u64,
    label: &'a str,
    added: Timestamp,
    algorithm: &'static str,
    digits: u32,
    period: u32,
}

#[derive(Debug, Serialize)]
struct PendingShape<'a> {
    expires: Timestamp,
    replaces: Option<u64>,
    tries: u8,
    authenticator: DeviceShape<'a>,
}

#[derive(Debug, Serialize)]
struct AddressShape<'a> {
    address: &'a str,
    serial: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    verified: Option<Timestamp>,
}

#[derive(Debug, Serialize)]
struct CodeShape {
    place: u8,
    serial: u64,
    kind: Kind,
    issued: Timestamp,
    expires: Option<Timestamp>,
    memory: u32,
    passes: u32,
}

impl<'a> From<&'a Enrolment> for RecordShape<'a> {
    fn from(enrolment: &'a Enrolment) -> Self {
        let address = |address, serial, verified| AddressShape { address, serial, verified };
        let (email, unverified) = (enrolment.email.as_ref(), enrolment.unverified_email.as_ref());
        Self {
            uid: enrolment.uid,
            state: match enrolment.state {
                State::NotEnrolled => "not-enrolled",
                State::Enrolled => "enrolled",
                State::MustEnroll => "must-enroll",
            },
            generation: enrolment.generation,
            next_serial: enrolment.next_serial,
            enrolled: enrolment.enrolled,
            authenticators: enrolment.authenticators.iter().map(DeviceShape::from).collect(),
            pending: enrolment.pending.as_ref().map(|pending| PendingShape {
                expires: pending.expires,
                replaces: pending.replaces,
                tries: pending.tries,
                authenticator: DeviceShape::from(&pending.authenticator),
            }),
            email: email.map(|e| address(e.address.as_str(), e.serial, Some(e.verified))),
            unverified_email: unverified.map(|e| address(e.address.as_str(), e.serial, None)),
            codes: enrolment.codes.iter().map(CodeShape::from).collect(),
        }
    }
}

impl<'a> From<&'a Authenticator> for DeviceShape<'a> {
    fn from(authenticator: &'a Authenticator) -> Self {
        let Authenticator { slot, serial, label, added, parameters, .. } = authenticator;
        Self {
            slot: *slot,
            serial: *serial,
            label,
            added: *added,
            algorithm: parameters.algorithm.name(),
            digits: parameters.digits.get(),
            period: parameters.period.get(),
        }
    }
}

impl From<&StoredCode> for CodeShape {
    fn from(code: &StoredCode) -> Self {
        let StoredCode { place, serial, kind, issued, expires, image } = code;
        let cost = image.cost();
        Self {
            place: *place,
            serial: *serial,
            kind: *kind,
            issued: *issued,
            expires: *expires,
            memory: cost.memory,
            passes: cost.passes,
        }
    }
}
