//! Making directories of root's that are not there yet; what is there is looked at and left alone.

use nix::errno::Errno;
use nix::sys::stat::Mode;
use nix::unistd::mkdir;
use std::os::fd::OwnedFd;
use std::path::Path;
use wardkey_core::trusted_file::{Readers, Reason, Untrusted, open_dir};

/// Whether something was made or was there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found {
    /// It is new.
    Made,
    /// It was there, as it should be.
    Present,
}

/// A directory, made with `mode` if it was missing (and those above it with 0755).
pub(crate) fn ensure(path: &Path, mode: Mode, readers: Readers) -> Result<(Found, OwnedFd), Untrusted> {
    match open_dir(None, path, path, readers) {
        Err(e) if e.is_missing() => {}
        other => return other.map(|dir| (Found::Present, dir)),
    }
    if let Some(parent) = path.parent() {
        make_parents(parent)?;
    }
    let made = make(path, mode)?;
    let dir = open_dir(None, path, path, readers)?;
    let _ = nix::unistd::fsync(&dir);
    Ok((made, dir))
}

/// Directories on the way are not ours: whose they are is not looked at.
fn make_parents(path: &Path) -> Result<(), Untrusted> {
    if path.exists() {
        return Ok(());
    }
    if let Some(parent) = path.parent() {
        make_parents(parent)?;
    }
    make(path, Mode::from_bits_truncate(0o755)).map(drop)
}

fn make(path: &Path, mode: Mode) -> Result<Found, Untrusted> {
    match mkdir(path, mode) {
        Ok(()) => Ok(Found::Made),
        Err(Errno::EEXIST) => Ok(Found::Present),
        Err(e) => Err(Untrusted { path: path.to_path_buf(), reason: Reason::Io(e.into()) }),
    }
}
