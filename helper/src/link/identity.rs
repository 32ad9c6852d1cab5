//! The seat's key and certificates: read as root, used as `wardkey`.

use super::tls;
use nix::unistd::geteuid;
use rustls::ClientConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use wardkey_core::policy::config::Store;
use wardkey_core::store::write_instead;
use wardkey_core::system::trusted_file::{Readers, open_foreign_dir, read, read_foreign_in};
use zeroize::Zeroizing;

/// Largest key or certificate, in bytes.
const MAX_LEN: u64 = 64 * 1024;

/// What to do where one is missing.
const JOIN: &str = "to make this machine a seat: wardkey fleet join";

/// Where they lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Places {
    key: PathBuf,
    authority: PathBuf,
    directory: PathBuf,
    certificate: &'static str,
}

/// What root alone can read, and the directory of what the link renews.
pub(super) struct Material {
    key: Zeroizing<Vec<u8>>,
    authority: Vec<u8>,
    directory: OwnedFd,
    places: Places,
}

/// Who this seat is, and whom it believes.
pub(super) struct Identity {
    material: Material,
    /// By which it connects.
    pub(super) config: Arc<ClientConfig>,
}

impl Places {
    pub(crate) fn of(store: &Store) -> Self {
        let (directory, certificate) = store.certificate();
        Self { key: store.seat_key(), authority: store.authority(), directory, certificate }
    }

    /// # Errors
    /// One is not there, or not to be believed.
    pub(super) fn read(self) -> Result<Material, String> {
        let failed = |e| format!("{e}; {JOIN}");
        let key = read(&self.key, Readers::RootOnly, MAX_LEN).map_err(failed)?;
        let authority = read(&self.authority, Readers::Anyone, MAX_LEN).map_err(failed)?;
        let directory = open_foreign_dir(&self.directory).map_err(failed)?;
        Ok(Material { key: Zeroizing::new(key), authority, directory, places: self })
    }
}

impl Material {
    fn shown(&self) -> PathBuf {
        self.places.directory.join(self.places.certificate)
    }

    /// By a certificate as PEM.
    fn config(&self, certificate: &[u8]) -> Result<ClientConfig, String> {
        let authority = certificates(&self.authority, &self.places.authority)?;
        let chain = certificates(certificate, &self.shown())?;
        let key = PrivateKeyDer::from_pem_slice(&self.key)
            .map_err(|_| format!("{}: holds no key", self.places.key.display()))?;
        tls::as_a_seat(authority, chain, key).map_err(|e| {
            let (key, certificate) = (self.places.key.display(), self.shown());
            format!("{key} and {} are not one seat's: {e}; {JOIN}", certificate.display())
        })
    }
}

impl Identity {
    /// # Errors
    /// The certificate cannot be read, or they do not belong together.
    pub(super) fn new(material: Material) -> Result<Self, String> {
        debug_assert!(
            !geteuid().is_root() || cfg!(test),
            "a certificate that wardkey wrote is no reading for root"
        );
        let name = Path::new(material.places.certificate);
        let read = read_foreign_in(Some(material.directory.as_fd()), name, &material.shown(), MAX_LEN);
        let certificate = read.map_err(|e| format!("{e}; {JOIN}"))?;
        let config = Arc::new(material.config(&certificate)?);
        Ok(Self { material, config })
    }

    /// The key, as PEM.
    ///
    /// # Errors
    /// It is no text.
    pub(super) fn key(&self) -> Result<Zeroizing<String>, String> {
        let key = std::str::from_utf8(&self.material.key).map_err(|_| "the key is no text".to_owned())?;
        Ok(Zeroizing::new(key.to_owned()))
    }

    /// Goes by a renewed certificate from now on: it is on the disk before it is used.
    ///
    /// # Errors
    /// It is not this key's, or cannot be written.
    pub(super) fn renew(&mut self, certificate: &str) -> Result<(), String> {
        let config = self.material.config(certificate.as_bytes())?;
        let Material { directory, places, .. } = &self.material;
        write_instead(directory.as_fd(), places.certificate, &self.material.shown(), certificate.as_bytes())
            .map_err(|e| e.to_string())?;
        self.config = Arc::new(config);
        Ok(())
    }
}

fn certificates(pem: &[u8], shown: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let found = read.ok().filter(|found| !found.is_empty());
    found.ok_or_else(|| format!("{}: holds no certificate", shown.display()))
}
