//! What a certificate of the clinic says. Its signature is TLS's to check.

use crate::fingerprint::Fingerprint;
use crate::seat_name::SeatName;
use wardkey_core::system::clock::Timestamp;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::{FromDer, X509Certificate};

/// A seat's certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeatCertificate {
    /// Whose.
    pub name: SeatName,
    /// By which the registry knows it.
    pub fingerprint: Fingerprint,
    /// From when it is good.
    pub begins: Timestamp,
    /// Until when.
    pub ends: Timestamp,
    /// Its key (`SubjectPublicKeyInfo`, DER).
    pub key: Vec<u8>,
}

impl SeatCertificate {
    /// Reads one as it is sent (DER); `None`: it is none of a seat.
    #[must_use]
    pub fn read(der: &[u8]) -> Option<Self> {
        let (rest, certificate) = X509Certificate::from_der(der).ok()?;
        let names = &certificate.subject_alternative_name().ok()??.value.general_names;
        let [GeneralName::DNSName(name)] = names[..] else { return None };
        let second = |time: i64| u64::try_from(time).ok().map(Timestamp);
        rest.is_empty().then_some(())?;
        Some(Self {
            name: SeatName::from_certificate(name)?,
            fingerprint: Fingerprint::of(der),
            begins: second(certificate.validity().not_before.timestamp())?,
            ends: second(certificate.validity().not_after.timestamp())?,
            key: certificate.public_key().raw.to_vec(),
        })
    }
}
