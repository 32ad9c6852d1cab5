//! Files that must not change before others have.

use super::SSHD;
use super::change::Change;
use super::source::{Content, ServiceText};
use super::sshd::DROP_IN;
use std::path::{Path, PathBuf};

/// Whether the file stays as it is while lines of ours stay in one of `held`. One that would include that service would be
/// asked by them, and its program has one field; sshd's password method would answer their question with the password.
pub(super) fn needs(change: &Change, held: &[PathBuf]) -> bool {
    let is_held = |name: &str| held.iter().any(|path| path.file_name().is_some_and(|of| of == name));
    if change.path == Path::new(DROP_IN) {
        return is_held(SSHD);
    }
    let text = change.after.as_deref().unwrap_or_default();
    let parts = ServiceText::read(text).map(|source| source.entries).unwrap_or_default();
    parts.iter().any(|entry| match &entry.content {
        Content::Whole(name) | Content::Part(_, name) => is_held(name),
        Content::Of(_) => false,
    })
}
