//! Making directories of root's that are not there yet, or only half made; what else is there is looked at and left alone.

use nix::sys::stat::Mode;
use std::os::fd::OwnedFd;
use std::path::Path;
use wardkey_core::store::make_dir_all;
use wardkey_core::system::owner::Owner;
use wardkey_core::system::trusted_file::{Readers, Reason, Untrusted, open_dir_of};

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
    ensure_of(path, mode, (Owner::ROOT, readers))
}

/// The same of a directory that may also be this account's, and is given to it when it is made.
pub(crate) fn ensure_of(
    path: &Path,
    mode: Mode,
    whose: (Owner, Readers),
) -> Result<(Presence, OwnedFd), Untrusted> {
    match open_dir_of(None, path, path, whose) {
        Err(e) if !e.is_missing() => return Err(e),
        _ => {}
    }
    let made = if make_dir_all(path, mode)? { Presence::Made } else { Presence::Present };
    let dir = open_dir_of(None, path, path, whose)?;
    if made == Presence::Made {
        let refused = |e: nix::Error| Untrusted { path: path.to_path_buf(), reason: Reason::Io(e.into()) };
        whose.0.take(&dir).map_err(refused)?;
    }
    let _ = nix::unistd::fsync(&dir);
    Ok((made, dir))
}
