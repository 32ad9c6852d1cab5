//! Whose files are believed besides root's, and to whom root gives what it makes among them.
//!
//! Files of a clinic's records belong to the account of its verifier, which never runs as root. That account may do with them
//! whatever it likes at any moment: nothing is given to it by name, and what is opened is judged by its descriptor.

use nix::unistd::{Gid, Uid, fchown, geteuid};
use std::os::fd::AsFd;

/// Root, or an account with files of its own that root's programs believe too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Owner(Option<(u32, u32)>);

impl Owner {
    /// Root alone.
    pub const ROOT: Self = Self(None);

    /// An account, and its group.
    #[must_use]
    pub const fn account(uid: u32, gid: u32) -> Self {
        Self(Some((uid, gid)))
    }

    /// The account's uid; none: root alone.
    #[must_use]
    pub fn uid(self) -> Option<u32> {
        self.0.map(|(uid, _)| uid)
    }

    /// Whether a file of this uid is believed.
    #[must_use]
    pub fn is_believed(self, uid: u32) -> bool {
        uid == 0 || self.uid() == Some(uid)
    }

    /// Lets it enter a directory of root's that only root's group may: by group alone, so that it makes and moves nothing there.
    ///
    /// # Errors
    /// The system refused.
    pub fn let_in(self, dir: impl AsFd) -> nix::Result<()> {
        match self.0 {
            Some((_, gid)) if geteuid().is_root() => fchown(dir, None, Some(Gid::from_raw(gid))),
            _ => Ok(()),
        }
    }

    /// Gives it a file or directory that was just made: before it has its name, or by a descriptor that was opened without
    /// following a link. What the account makes itself is its own already.
    ///
    /// # Errors
    /// The system refused.
    pub fn take(self, fd: impl AsFd) -> nix::Result<()> {
        match self.0 {
            Some((uid, gid)) if geteuid().is_root() => {
                fchown(fd, Some(Uid::from_raw(uid)), Some(Gid::from_raw(gid)))
            }
            _ => Ok(()),
        }
    }
}
