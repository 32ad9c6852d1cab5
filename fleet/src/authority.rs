//! The clinic's own authority: it says who its verifiers and its seats are, and is trusted for nothing else.

use crate::VERIFIER;
use crate::fingerprint::Fingerprint;
use crate::seat_name::SeatName;
use rcgen::{
    BasicConstraints, CertificateParams, CertificateSigningRequestParams, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose, PublicKeyData, SanType, SerialNumber,
    date_time_ymd,
};
use std::fmt;
use std::time::Duration;
use time::OffsetDateTime;
use wardkey_core::system::clock::Timestamp;
use zeroize::Zeroizing;

/// How long a seat's certificate is good. It is renewed at two thirds of that.
pub const SEAT_LIFE: Duration = Duration::from_secs(90 * 86400);

/// What the authority calls itself in certificates.
const NAME: &str = "wardkey clinic authority";

/// Longest request for a certificate, in bytes, as PEM: one for P-256 has some four hundred.
const LONGEST_REQUEST: usize = 4096;

/// Why no certificate is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoCertificate {
    /// What was sent is no request for one, or not signed by its own key.
    NoRequest,
    /// The request is for another key than the one that asks.
    OtherKey,
    /// The authority's files hold no key, or no certificate of it.
    NoAuthority(String),
}

impl fmt::Display for NoCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRequest => f.write_str("this is no request for a certificate"),
            Self::OtherKey => f.write_str("the request is for another key"),
            Self::NoAuthority(why) => write!(f, "the authority's key cannot be used: {why}"),
        }
    }
}

impl std::error::Error for NoCertificate {}

fn broken(error: rcgen::Error) -> NoCertificate {
    NoCertificate::NoAuthority(error.to_string())
}

/// The authority with its key.
pub struct Authority(Issuer<'static, KeyPair>);

/// What `fleet init` makes: keys and certificates as PEM.
pub struct Founded {
    /// The authority's key.
    pub authority_key: Zeroizing<String>,
    /// Its certificate.
    pub authority: String,
    /// The verifier's key.
    pub verifier_key: Zeroizing<String>,
    /// Its certificate.
    pub verifier: String,
}

/// A certificate that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// As PEM.
    pub pem: String,
    /// By which the registry knows it.
    pub fingerprint: Fingerprint,
    /// Until when it is good.
    pub ends: Timestamp,
}

impl Authority {
    /// A new authority, and a verifier of it.
    ///
    /// # Errors
    /// [`NoCertificate`]: the system has no randomness.
    pub fn found() -> Result<Founded, NoCertificate> {
        let key = KeyPair::generate().map_err(broken)?;
        let authority_key = Zeroizing::new(key.serialize_pem());
        let authority = own_params()?.self_signed(&key).map_err(broken)?.pem();
        let authority_itself = Self(Issuer::new(own_params()?, key));
        let (verifier_key, verifier) = authority_itself.verifier()?;
        Ok(Founded { authority_key, authority, verifier_key, verifier })
    }

    /// The authority of this key.
    ///
    /// # Errors
    /// [`NoCertificate::NoAuthority`].
    pub fn of_key(pem: &str) -> Result<Self, NoCertificate> {
        let key = KeyPair::from_pem(pem).map_err(broken)?;
        Ok(Self(Issuer::new(own_params()?, key)))
    }

    /// A key for a verifier and its certificate, which has no end: a seat looks at no date.
    fn verifier(&self) -> Result<(Zeroizing<String>, String), NoCertificate> {
        let key = KeyPair::generate().map_err(broken)?;
        let mut params = params(VERIFIER, ExtendedKeyUsagePurpose::ServerAuth)?;
        (params.not_before, params.not_after) = without_end();
        let certificate = params.signed_by(&key, &self.0).map_err(broken)?;
        Ok((Zeroizing::new(key.serialize_pem()), certificate.pem()))
    }

    /// A certificate for a seat's key, from `now`. Nothing of the request is used but its key. Where `key` is given, as the
    /// certificate has it that asks, the request must be for the same.
    ///
    /// # Errors
    /// [`NoCertificate`].
    pub fn seat(
        &self,
        name: &SeatName,
        request: &str,
        key: Option<&[u8]>,
        now: Timestamp,
    ) -> Result<Made, NoCertificate> {
        if request.len() > LONGEST_REQUEST {
            return Err(NoCertificate::NoRequest);
        }
        let mut request =
            CertificateSigningRequestParams::from_pem(request).map_err(|_| NoCertificate::NoRequest)?;
        if key.is_some_and(|key| key != request.public_key.subject_public_key_info()) {
            return Err(NoCertificate::OtherKey);
        }
        let ends = now.plus(SEAT_LIFE);
        request.params = params(&name.in_certificate(), ExtendedKeyUsagePurpose::ClientAuth)?;
        request.params.not_before = moment(now)?;
        request.params.not_after = moment(ends)?;
        let certificate = request.signed_by(&self.0).map_err(broken)?;
        Ok(Made { pem: certificate.pem(), fingerprint: Fingerprint::of(certificate.der()), ends })
    }
}

fn own_params() -> Result<CertificateParams, NoCertificate> {
    let mut own = CertificateParams::new(Vec::new()).map_err(broken)?;
    own.distinguished_name = named(NAME);
    own.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    own.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    (own.not_before, own.not_after) = without_end();
    Ok(own)
}

fn params(name: &str, usage: ExtendedKeyUsagePurpose) -> Result<CertificateParams, NoCertificate> {
    let mut params = CertificateParams::new(Vec::new()).map_err(broken)?;
    params.distinguished_name = named(name);
    params.subject_alt_names = vec![SanType::DnsName(name.try_into().map_err(broken)?)];
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![usage];
    params.use_authority_key_identifier_extension = true;
    params.serial_number = Some(serial()?);
    Ok(params)
}

fn named(name: &str) -> DistinguishedName {
    let mut distinguished = DistinguishedName::new();
    distinguished.push(DnType::CommonName, name);
    distinguished
}

/// A random serial number (RFC 5280 §4.1.2.2: positive, at most 20 bytes).
fn serial() -> Result<SerialNumber, NoCertificate> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|_| NoCertificate::NoAuthority("no randomness".into()))?;
    if let Some(first) = bytes.first_mut() {
        *first = *first & 0x7f | 0x40;
    }
    Ok(SerialNumber::from(bytes.to_vec()))
}

/// From a day before any machine to the day that RFC 5280 §4.1.2.5 has for "no end".
fn without_end() -> (OffsetDateTime, OffsetDateTime) {
    (date_time_ymd(1970, 1, 1), date_time_ymd(9999, 12, 31))
}

fn moment(time: Timestamp) -> Result<OffsetDateTime, NoCertificate> {
    let seconds = i64::try_from(time.0).unwrap_or(i64::MAX);
    OffsetDateTime::from_unix_timestamp(seconds)
        .map_err(|_| NoCertificate::NoAuthority("the clock is past the year 9999".into()))
}

/// A new key for a seat, and the request for a certificate of it, both as PEM.
///
/// # Errors
/// [`NoCertificate`]: the system has no randomness.
pub fn new_seat_key() -> Result<(Zeroizing<String>, String), NoCertificate> {
    let key = KeyPair::generate().map_err(broken)?;
    let pem = Zeroizing::new(key.serialize_pem());
    let request = request(&key)?;
    Ok((pem, request))
}

/// The request for another certificate of a seat's key, as PEM.
///
/// # Errors
/// [`NoCertificate::NoAuthority`]: this is no key.
pub fn renewal_request(key: &str) -> Result<String, NoCertificate> {
    request(&KeyPair::from_pem(key).map_err(broken)?)
}

fn request(key: &KeyPair) -> Result<String, NoCertificate> {
    let params = CertificateParams::new(Vec::new()).map_err(broken)?;
    params.serialize_request(key).and_then(|request| request.pem()).map_err(broken)
}

#[cfg(test)]
#[path = "authority_tests.rs"]
mod tests;
