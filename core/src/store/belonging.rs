//! Whose new files and directories are: root's, and of root's group, also where a person started the program that makes them.

use crate::system::owner::Owner;
use nix::fcntl::{AtFlags, OFlag, openat};
use nix::sys::stat::Mode;
use nix::unistd::{Gid, Uid, fchownat, getegid};
use std::os::fd::AsFd;
use std::path::Path;

/// Gives what was just made as `name` in `dir` to root's group, where this program has another: su and sudo are root, in the
/// group of the person who started them. Where that is not allowed it stays in that group, whose members its mode lets do
/// nothing more than everybody.
pub(crate) fn give_to_root(dir: impl AsFd, name: impl AsRef<Path>) {
    if getegid().as_raw() != 0 {
        let root = (Some(Uid::from_raw(0)), Some(Gid::from_raw(0)));
        let _ = fchownat(dir, name.as_ref(), root.0, root.1, AtFlags::AT_SYMLINK_NOFOLLOW);
    }
}

/// The same where the files may be an account's: that has been given its own by then.
pub(super) fn give(owner: Owner, dir: impl AsFd, name: impl AsRef<Path>) {
    if owner == Owner::ROOT {
        give_to_root(dir, name);
    }
}

/// The same of a directory, which the account is given by its descriptor: the account may put anything
/// in its place meanwhile, and of what it can put there no directory is another's.
pub(super) fn give_dir(owner: Owner, dir: impl AsFd, name: impl AsRef<Path>) -> nix::Result<()> {
    if owner == Owner::ROOT {
        give_to_root(dir, name);
        return Ok(());
    }
    let flags = OFlag::O_RDONLY | OFlag::O_DIRECTORY | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
    owner.take(openat(dir, name.as_ref(), flags, Mode::empty())?)
}
