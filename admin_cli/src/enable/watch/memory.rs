//! What the watch has found and said, so that it says it once.

use super::super::journal_file::DIRECTORY;
use crate::directories::ensure;
use nix::sys::stat::Mode;
use std::collections::BTreeMap;
use std::os::fd::AsFd;
use std::path::Path;
use wardkey_core::store::{Doing, StoreError, write_instead};
use wardkey_core::system::trusted_file::{self, Readers};

/// The file beside the journal.
const FILE: &str = "watched.json";
/// Its largest size, in bytes.
const MAX_LEN: u64 = 1 << 20;

/// What is wrong with each service: the name of each trouble, and its words.
pub(crate) type WatchMemory = BTreeMap<String, BTreeMap<String, String>>;

/// What was found last. What cannot be read was never said.
pub(crate) fn recall(state: &Path) -> WatchMemory {
    let bytes = trusted_file::read(&state.join(DIRECTORY).join(FILE), Readers::RootOnly, MAX_LEN);
    bytes.ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
}

/// Notes it.
///
/// # Errors
/// The next look says it once more.
pub(crate) fn remember(state: &Path, seen: &WatchMemory) -> Result<(), StoreError> {
    let directory = state.join(DIRECTORY);
    let path = directory.join(FILE);
    let (_, dir) = ensure(&directory, Mode::S_IRWXU, Readers::RootOnly).map_err(StoreError::Untrusted)?;
    let bytes = serde_json::to_vec_pretty(seen)
        .map_err(|e| StoreError::Io(path.clone(), Doing::Writing, e.into()))?;
    write_instead(dir.as_fd(), FILE, &path, &bytes)
}

/// Nothing is on any more.
pub(crate) fn forget(state: &Path) {
    let _ = std::fs::remove_file(state.join(DIRECTORY).join(FILE));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_seen_is_remembered_and_nonsense_is_nothing() {
        let state = tempfile::tempdir().unwrap();
        assert_eq!(recall(state.path()), WatchMemory::new());
        let seen =
            WatchMemory::from([("sudo".to_owned(), [("not-asked".to_owned(), "é".to_owned())].into())]);
        remember(state.path(), &seen).unwrap();
        assert_eq!(recall(state.path()), seen);
        std::fs::write(state.path().join(DIRECTORY).join(FILE), "{").unwrap();
        assert_eq!(recall(state.path()), WatchMemory::new());
        forget(state.path());
        assert!(!state.path().join(DIRECTORY).join(FILE).exists());
    }
}
