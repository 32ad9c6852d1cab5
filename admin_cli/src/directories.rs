//! Making directories of root's that are not there yet, or only half made; what else is there is looked at and left alone.

use nix::sys::stat::Mode;
use std::os::fd::OwnedFd;
use std::path::Path;
use wardkey_core::store::make_dir_all;
use wardkey_core::system::trusted_file::{Readers, Untrusted, open_dir};

/// Whether something was made or was there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    /// It is new.
    Made,
    /// It was there, as it should be.
    Present,
}

/// A directory, made with exactly `mode` if it was missing (and those above it with 0755). One that a killed maker left
/// without its mode is given it.
pub(crate) fn ensure(path: &Path, mode: Mode, readers: Readers) -> Result<(Presence, OwnedFd), Untrusted> {
    match open_dir(None, path, path, readers) {
        Err(e) if !e.is_missing() => return Err(e),
        _ => {}
    }
    let made = if make_dir_all(path, mode)? { Presence::Made } else { Presence::Present };
    let dir = open_dir(None, path, path, readers)?;
    let _ = nix::unistd::fsync(&dir);
    Ok((made, dir))
}
