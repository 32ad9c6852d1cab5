//! Why a record cannot be used. None of these is a yes, and none changes anything.

use super::Holder;
use crate::record::damage::Damage;
use crate::system::os_error::English;
use crate::system::trusted_file::{Reason, Untrusted};
use nix::errno::Errno;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// What stands between a login and its record.
#[derive(Debug)]
pub enum StoreError {
    /// A file or directory is missing or not to be believed.
    Untrusted(Untrusted),
    /// A file's content is not believed.
    Damaged(PathBuf, Damage),
    /// The system refused.
    Io(PathBuf, Doing, io::Error),
    /// Someone else has held the record for longer than a login waits; who, where that can be told.
    Busy(PathBuf, Option<Holder>),
    /// The caller's `ulimit -f` forbids the write that must come before any answer.
    FileSizeLimit,
}

/// What was being done to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doing {
    /// Making it.
    Creating,
    /// Making it root's alone.
    SettingMode,
    /// Giving it its name.
    Naming,
    /// Putting it in the old one's place.
    Replacing,
    /// Removing it.
    Removing,
    /// Locking it.
    Locking,
    /// Asking what it is.
    Looking,
    /// Reading it.
    Reading,
    /// Writing it.
    Writing,
    /// Waiting until it is on disk.
    Syncing,
    /// Waiting until its name is.
    SyncingDirectory,
}

impl fmt::Display for Doing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Creating => "creating",
            Self::SettingMode => "setting its mode",
            Self::Naming => "naming",
            Self::Replacing => "replacing",
            Self::Removing => "removing",
            Self::Locking => "locking",
            Self::Looking => "looking at it",
            Self::Reading => "reading",
            Self::Writing => "writing",
            Self::Syncing => "writing to disk",
            Self::SyncingDirectory => "writing its directory to disk",
        })
    }
}

impl StoreError {
    /// Whether this process may not write there, in which another one might: a read-only mount of its own, or what
    /// confines it.
    #[must_use]
    pub fn is_of_this_process(&self) -> bool {
        let refused = match self {
            Self::Untrusted(Untrusted { reason: Reason::Io(e), .. }) | Self::Io(_, _, e) => e.raw_os_error(),
            _ => None,
        };
        refused.is_some_and(|e| [Errno::EROFS, Errno::EACCES, Errno::EPERM].contains(&Errno::from_raw(e)))
    }

    pub(crate) fn io(path: &Path, doing: Doing) -> impl FnOnce(io::Error) -> Self {
        move |e| Self::Io(path.to_path_buf(), doing, e)
    }

    pub(crate) fn nix(path: &Path, doing: Doing) -> impl FnOnce(nix::Error) -> Self {
        move |e| Self::Io(path.to_path_buf(), doing, e.into())
    }
}

impl From<Untrusted> for StoreError {
    fn from(e: Untrusted) -> Self {
        Self::Untrusted(e)
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Untrusted(e) => e.fmt(f),
            Self::Damaged(path, damage) => write!(f, "{}: {damage}", path.display()),
            Self::Io(path, doing, e) => write!(f, "{}: {doing}: {}", path.display(), English(e)),
            Self::Busy(path, None) => write!(f, "{}: locked by another process for too long", path.display()),
            Self::Busy(path, Some(holder)) => {
                write!(f, "{}: locked by {holder} for too long", path.display())
            }
            Self::FileSizeLimit => {
                f.write_str("the file size limit (ulimit -f) keeps codes from being recorded as spent")
            }
        }
    }
}
