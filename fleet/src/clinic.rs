//! What the verifier is: authority, key, certificate, and the key by which it tells questions apart. Made once.

use crate::authority::{Authority, NoCertificate};
use crate::files::{FleetError, FleetFiles};
use crate::fingerprint::Fingerprint;
use data_encoding::BASE64;
use std::fmt;
use std::path::PathBuf;
use x509_parser::pem::parse_x509_pem;
use zeroize::Zeroizing;

const AUTHORITY_KEY: &str = "authority.key";
const AUTHORITY: &str = "authority.crt";
const VERIFIER_KEY: &str = "verifier.key";
const VERIFIER: &str = "verifier.crt";
const QUESTIONS_KEY: &str = "questions.key";

/// Bytes of the key over questions.
const QUESTIONS_LEN: usize = 32;

/// Folders of the registry.
pub(crate) const SEATS: &str = "seats";
pub(crate) const TOKENS: &str = "tokens";
pub(crate) const SEEN: &str = "seen";

/// Why the clinic's keys cannot be used, or made.
#[derive(Debug)]
pub enum ClinicError {
    /// A file.
    Files(FleetError),
    /// A certificate.
    Certificate(NoCertificate),
}

impl fmt::Display for ClinicError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Files(e) => e.fmt(f),
            Self::Certificate(e) => e.fmt(f),
        }
    }
}

impl std::error::Error for ClinicError {}

impl From<FleetError> for ClinicError {
    fn from(e: FleetError) -> Self {
        Self::Files(e)
    }
}

impl From<NoCertificate> for ClinicError {
    fn from(e: NoCertificate) -> Self {
        Self::Certificate(e)
    }
}

/// Whether this folder has an authority already.
///
/// # Errors
/// [`FleetError`].
pub fn is_founded(files: &FleetFiles) -> Result<bool, FleetError> {
    files.has(AUTHORITY)
}

/// Makes what is missing, and replaces nothing: keys first, the authority's certificate last, since it says that all is there.
/// What was begun and killed before that is made again from its beginning, since nobody has joined by it.
///
/// # Errors
/// [`ClinicError`].
pub fn found(files: &FleetFiles) -> Result<Vec<PathBuf>, ClinicError> {
    files.make(&[SEATS, TOKENS, SEEN])?;
    files.make_lock()?;
    if is_founded(files)? {
        return Ok(Vec::new());
    }
    let founded = Authority::found()?;
    let mut key = Zeroizing::new([0; QUESTIONS_LEN]);
    getrandom::fill(&mut *key).map_err(|_| FleetError::NoEntropy)?;
    let questions = Zeroizing::new(BASE64.encode(&*key));
    let all = [
        (QUESTIONS_KEY, questions.as_bytes()),
        (AUTHORITY_KEY, founded.authority_key.as_bytes()),
        (VERIFIER_KEY, founded.verifier_key.as_bytes()),
        (VERIFIER, founded.verifier.as_bytes()),
        (AUTHORITY, founded.authority.as_bytes()),
    ];
    for (name, content) in all {
        files.put_text(name, content)?;
    }
    Ok(all.iter().map(|(name, _)| files.path(name)).collect())
}

/// All of it, in memory.
pub struct Clinic {
    /// Signs certificates of seats.
    pub authority: Authority,
    /// The authority's certificate, DER.
    pub authority_certificate: Vec<u8>,
    /// The same as PEM, as seats keep it.
    pub authority_pem: String,
    /// The verifier's certificate, DER.
    pub certificate: Vec<u8>,
    /// The verifier's key, as PEM (PKCS #8).
    pub key: Zeroizing<String>,
    /// The key of the digests over questions.
    pub questions: Zeroizing<[u8; QUESTIONS_LEN]>,
}

impl Clinic {
    /// Reads it.
    ///
    /// # Errors
    /// [`ClinicError`].
    pub fn read(files: &FleetFiles) -> Result<Self, ClinicError> {
        let damaged = |name: &str| FleetError::Damaged(files.path(name));
        let der = |name: &str| -> Result<(String, Vec<u8>), FleetError> {
            let text = files.text(name)?;
            let pem = parse_x509_pem(text.as_bytes()).map_err(|_| damaged(name))?.1;
            Ok((text.to_string(), pem.contents))
        };
        let questions =
            Zeroizing::new(BASE64.decode(files.text(QUESTIONS_KEY)?.as_bytes()).unwrap_or_default());
        let questions = questions.as_slice().try_into().map_err(|_| damaged(QUESTIONS_KEY))?;
        let (authority_pem, authority_certificate) = der(AUTHORITY)?;
        Ok(Self {
            authority: Authority::of_key(&files.text(AUTHORITY_KEY)?)?,
            authority_certificate,
            authority_pem,
            certificate: der(VERIFIER)?.1,
            key: files.text(VERIFIER_KEY)?,
            questions: Zeroizing::new(questions),
        })
    }
}

/// The fingerprint of the clinic's authority, by which a machine that joins knows it.
///
/// # Errors
/// [`FleetError`].
pub fn authority_fingerprint(files: &FleetFiles) -> Result<Fingerprint, FleetError> {
    let text = files.text(AUTHORITY)?;
    let pem = parse_x509_pem(text.as_bytes()).map_err(|_| FleetError::Damaged(files.path(AUTHORITY)))?.1;
    Ok(Fingerprint::of(&pem.contents))
}
