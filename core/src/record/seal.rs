//! Secrets at rest: XChaCha20-Poly1305, bound to one person, slot and serial.

use crate::credential::secret::{NoEntropy, Secret};
use crate::system::owner::Owner;
use crate::system::trusted_file::{self, Readers, Untrusted};
use crate::user::UserName;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use std::fmt;
use std::path::Path;
use zeroize::Zeroizing;

/// Bytes of the key.
const KEY_LEN: usize = 32;

/// Bytes of a nonce; 192 bits are safe to draw at random.
const NONCE_LEN: usize = 24;

/// Largest key file, in bytes.
const MAX_KEY_FILE: u64 = 256;

/// A secret as the record keeps it: nonce and ciphertext.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed(pub(super) Vec<u8>);

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// Bytes that Poly1305 adds.
const TAG_LEN: usize = 16;

impl Sealed {
    /// How many bytes the secret has; no secret itself.
    #[must_use]
    pub const fn secret_len(&self) -> usize {
        self.0.len().saturating_sub(NONCE_LEN + TAG_LEN)
    }
}

/// Where a secret belongs; a sealed one moved elsewhere, or back from an older set, does not open.
#[derive(Debug, Clone, Copy)]
pub struct Home<'a> {
    /// Whose.
    pub user: &'a UserName,
    /// The slot of the authenticator.
    pub slot: u8,
    /// Its serial.
    pub serial: u64,
}

impl Home<'_> {
    fn associated_data(&self) -> Vec<u8> {
        let mut data = b"wardkey seal 1\0".to_vec();
        data.push(self.slot);
        data.extend_from_slice(&self.serial.to_le_bytes());
        data.extend_from_slice(self.user.as_bytes());
        data
    }
}

/// Why secrets cannot be sealed or opened.
#[derive(Debug)]
pub enum SealError {
    /// The key file is missing or not to be believed.
    File(Untrusted),
    /// The key file does not hold a key.
    NotAKey(std::path::PathBuf),
    /// The key is not the one the secret was sealed with, or the secret was moved or changed.
    Foreign,
    /// No randomness for a nonce.
    NoEntropy(NoEntropy),
}

impl fmt::Display for SealError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(e) => write!(f, "sealing key {e}"),
            Self::NotAKey(path) => write!(f, "sealing key {}: does not hold a key", path.display()),
            Self::Foreign => f.write_str("a sealed secret does not open with this sealing key"),
            Self::NoEntropy(e) => e.fmt(f),
        }
    }
}

/// The site's sealing key.
pub struct SealingKey(Secret);

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl SealingKey {
    /// A new random key.
    ///
    /// # Errors
    /// [`NoEntropy`].
    pub fn generate() -> Result<Self, NoEntropy> {
        Secret::random(KEY_LEN).map(Self)
    }

    /// The key as its file holds it: one line of base64 (RFC 4648 §4).
    #[must_use]
    pub fn to_file(&self) -> Zeroizing<String> {
        Zeroizing::new([&self.0.to_base64(), "\n"].concat())
    }

    /// Reads the key file, which only root may read.
    ///
    /// # Errors
    /// [`SealError::File`] or [`SealError::NotAKey`].
    pub fn load(path: &Path) -> Result<Self, SealError> {
        Self::load_of(path, (Owner::ROOT, Readers::RootOnly))
    }

    /// The same of a file that may also be this account's.
    ///
    /// # Errors
    /// As [`Self::load`].
    pub fn load_of(path: &Path, whose: (Owner, Readers)) -> Result<Self, SealError> {
        let text = trusted_file::read_of(None, path, path, whose, MAX_KEY_FILE).map_err(SealError::File)?;
        let text = Zeroizing::new(text);
        let key = str::from_utf8(text.trim_ascii()).ok().and_then(Secret::from_base64);
        key.filter(|key| key.len() == KEY_LEN).map(Self).ok_or_else(|| SealError::NotAKey(path.to_path_buf()))
    }

    /// Seals `secret` for its one home.
    ///
    /// # Errors
    /// [`SealError::NoEntropy`].
    pub fn seal(&self, home: Home<'_>, secret: &Secret) -> Result<Sealed, SealError> {
        let mut nonce = [0; NONCE_LEN];
        getrandom::fill(&mut nonce).map_err(|_| SealError::NoEntropy(NoEntropy))?;
        let payload = Payload { msg: secret.expose(), aad: &home.associated_data() };
        let sealed = self.cipher()?.encrypt(&XNonce::from(nonce), payload).map_err(|_| SealError::Foreign)?;
        Ok(Sealed([&nonce[..], &sealed[..]].concat()))
    }

    /// Opens what was sealed for `home`.
    ///
    /// # Errors
    /// [`SealError::Foreign`].
    pub fn open(&self, home: Home<'_>, sealed: &Sealed) -> Result<Secret, SealError> {
        let (nonce, text) = sealed.0.split_first_chunk::<NONCE_LEN>().ok_or(SealError::Foreign)?;
        let payload = Payload { msg: text, aad: &home.associated_data() };
        self.cipher()?
            .decrypt(&XNonce::from(*nonce), payload)
            .map(Secret::new)
            .map_err(|_| SealError::Foreign)
    }

    fn cipher(&self) -> Result<XChaCha20Poly1305, SealError> {
        let key: &Key = self.0.expose().try_into().map_err(|_| SealError::Foreign)?;
        Ok(XChaCha20Poly1305::new(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_secret_opens_only_at_home() {
        let key = SealingKey::generate().unwrap();
        let (roy, ann) = (UserName::new(b"roy").unwrap(), UserName::new(b"ann").unwrap());
        let home = Home { user: &roy, slot: 0, serial: 1 };
        let secret = Secret::new(b"12345678901234567890".to_vec());
        let sealed = key.seal(home, &secret).unwrap();
        assert_eq!(key.open(home, &sealed).unwrap(), secret);
        for elsewhere in [Home { user: &ann, ..home }, Home { slot: 1, ..home }, Home { serial: 2, ..home }] {
            assert!(matches!(key.open(elsewhere, &sealed), Err(SealError::Foreign)));
        }
        assert!(SealingKey::generate().unwrap().open(home, &sealed).is_err());
        assert!(key.open(home, &Sealed(vec![0; 10])).is_err());
    }

    #[test]
    fn the_key_file_is_read_back_and_anything_else_refused() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("seal.key");
        let key = SealingKey::generate().unwrap();
        for (text, sound) in
            [(key.to_file().as_str(), true), ("", false), ("AAAA", false), ("not base64", false)]
        {
            std::fs::write(&path, text).unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
            assert_eq!(SealingKey::load(&path).is_ok(), sound, "{text}");
        }
    }
}
