//! Files that must not change before others have.

use super::SSHD;
use super::source::ServiceText;
use super::sshd::DROP_IN;
use std::path::{Path, PathBuf};

/// Whether the file, which is to hold this, stays as it is while lines of ours stay in one of `held`. One that would include that
/// service would be asked by them, and its program has one field; sshd's password method would answer their question with the password.
pub(super) fn needs(path: &Path, after: Option<&str>, held: &[PathBuf]) -> bool {
    if path == Path::new(DROP_IN) {
        return held.iter().any(|path| path.file_name().is_some_and(|name| name == SSHD));
    }
    ServiceText::read(after.unwrap_or_default()).is_some_and(|source| source.includes(held))
}
