//! The files of a clinic's verifier, in a folder of the records' own: they are saved and restored together.

use nix::sys::stat::Mode;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt;
use std::fs::File;
use std::os::fd::{AsFd, OwnedFd};
use std::path::{Path, PathBuf};
use wardkey_core::policy::config::Config;
use wardkey_core::store::{StoreError, make_dir_all, names, while_locked, write_instead_of, write_new_of};
use wardkey_core::system::owner::Owner;
use wardkey_core::system::trusted_file::{Access, Demand, Readers, open, open_dir_of, read_of};
use zeroize::Zeroizing;

/// Largest file that is read, in bytes.
const MAX_LEN: u64 = 64 * 1024;

/// The file that is locked while the registry is changed.
const LOCK: &str = "lock";

/// The folder itself.
pub(crate) const HERE: &str = "";

/// Why a file of the fleet cannot be used.
#[derive(Debug)]
pub enum FleetError {
    /// As for a record.
    Store(StoreError),
    /// It does not say what it must.
    Damaged(PathBuf),
    /// There is no randomness.
    NoEntropy,
}

impl fmt::Display for FleetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store(e) => e.fmt(f),
            Self::Damaged(path) => write!(f, "{}: is damaged", path.display()),
            Self::NoEntropy => f.write_str("the system has no random numbers"),
        }
    }
}

impl std::error::Error for FleetError {}

impl From<StoreError> for FleetError {
    fn from(e: StoreError) -> Self {
        Self::Store(e)
    }
}

/// The folder `fleet` beside the records, and whose it may be.
#[derive(Debug, Clone)]
pub struct FleetFiles {
    root: PathBuf,
    owner: Owner,
}

impl FleetFiles {
    /// As the configuration has it.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        Self::at(config.store.path.path(), config.owner())
    }

    /// In this state directory.
    #[must_use]
    pub const fn at(root: PathBuf, owner: Owner) -> Self {
        Self { root, owner }
    }

    /// Whose they may be besides root's.
    #[must_use]
    pub const fn owner(&self) -> Owner {
        self.owner
    }

    /// Where a file or folder of it is.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.root.join("fleet").join(name)
    }

    /// Makes the folder and those in it, where they are missing.
    pub(crate) fn make(&self, folders: &[&str]) -> Result<(), FleetError> {
        for name in [&[HERE], folders].concat() {
            let path = self.path(name);
            make_dir_all(&path, Mode::S_IRWXU).map_err(StoreError::from)?;
            self.owner.take(self.dir(name)?).map_err(|e| refused(&path, e))?;
        }
        Ok(())
    }

    fn dir(&self, folder: &str) -> Result<OwnedFd, StoreError> {
        let seen = (self.owner, Readers::RootOnly);
        let root = open_dir_of(None, &self.root, &self.root, seen)?;
        let fleet = open_dir_of(Some(root.as_fd()), Path::new("fleet"), &self.path(HERE), seen)?;
        if folder == HERE {
            return Ok(fleet);
        }
        Ok(open_dir_of(Some(fleet.as_fd()), Path::new(folder), &self.path(folder), seen)?)
    }

    /// Whether there is such a file.
    pub(crate) fn has(&self, name: &str) -> Result<bool, FleetError> {
        match self.read(HERE, name) {
            Ok(found) => Ok(found.is_some()),
            Err(FleetError::Store(StoreError::Untrusted(e))) if e.is_missing() => Ok(false),
            Err(e) => Err(e),
        }
    }

    /// A file's bytes; `None` where there is none.
    pub(crate) fn read(&self, folder: &str, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, FleetError> {
        let dir = self.dir(folder)?;
        let seen = (self.owner, Readers::RootOnly);
        match read_of(Some(dir.as_fd()), Path::new(name), &self.shown(folder, name), seen, MAX_LEN) {
            Ok(bytes) => Ok(Some(Zeroizing::new(bytes))),
            Err(e) if e.is_missing() => Ok(None),
            Err(e) => Err(StoreError::from(e).into()),
        }
    }

    /// A file's text, which must be there.
    pub(crate) fn text(&self, name: &str) -> Result<Zeroizing<String>, FleetError> {
        let damaged = || FleetError::Damaged(self.path(name));
        let bytes = self.read(HERE, name)?.ok_or_else(damaged)?;
        String::from_utf8(bytes.to_vec()).map(Zeroizing::new).map_err(|_| damaged())
    }

    /// What a file says; `None` where there is none.
    pub(crate) fn value<T: DeserializeOwned>(
        &self,
        folder: &str,
        name: &str,
    ) -> Result<Option<T>, FleetError> {
        let Some(bytes) = self.read(folder, name)? else { return Ok(None) };
        let value = serde_json::from_slice(&bytes);
        value.map(Some).map_err(|_| FleetError::Damaged(self.shown(folder, name)))
    }

    /// Puts a file in its place, whole and on disk.
    pub(crate) fn put(&self, folder: &str, name: &str, value: &impl Serialize) -> Result<(), FleetError> {
        let shown = self.shown(folder, name);
        let mut bytes = serde_json::to_vec(value).map_err(|_| FleetError::Damaged(shown.clone()))?;
        bytes.push(b'\n');
        let dir = self.dir(folder)?;
        Ok(write_instead_of(dir.as_fd(), name, &shown, (&bytes, self.owner))?)
    }

    /// Puts a file of the folder itself in its place, whole and on disk.
    pub(crate) fn put_text(&self, name: &str, content: &[u8]) -> Result<(), FleetError> {
        let dir = self.dir(HERE)?;
        Ok(write_instead_of(dir.as_fd(), name, &self.path(name), (content, self.owner))?)
    }

    /// Makes a file that is not there yet.
    fn make_file(&self, name: &str, content: &[u8]) -> Result<(), FleetError> {
        let dir = self.dir(HERE)?;
        Ok(write_new_of(dir.as_fd(), name, &self.path(name), (content, self.owner))?)
    }

    /// The names in one of its folders, in order.
    pub(crate) fn names(&self, folder: &str) -> Result<Vec<String>, FleetError> {
        let mut found = names(self.dir(folder)?, Path::new("."), &self.path(folder))?;
        found.sort_unstable();
        Ok(found)
    }

    /// Makes the file of the lock.
    pub(crate) fn make_lock(&self) -> Result<(), FleetError> {
        if self.has(LOCK)? { Ok(()) } else { self.make_file(LOCK, b"") }
    }

    /// Does `work` while nobody else changes the registry.
    pub(crate) fn alone<T>(&self, work: impl FnOnce() -> Result<T, FleetError>) -> Result<T, FleetError> {
        let shown = self.path(LOCK);
        let demand = Demand {
            access: Access::ReadWrite,
            readers: Readers::RootOnly,
            owner: self.owner,
            max_len: 0,
            may_be_linked: false,
        };
        let file: File =
            open(Some(self.dir(HERE)?.as_fd()), Path::new(LOCK), &shown, demand).map_err(StoreError::from)?;
        while_locked(file, &shown, work)?
    }

    fn shown(&self, folder: &str, name: &str) -> PathBuf {
        self.path(folder).join(name)
    }
}

fn refused(path: &Path, error: nix::Error) -> FleetError {
    StoreError::Io(path.to_path_buf(), wardkey_core::store::Doing::SettingMode, error.into()).into()
}
