//! Whose new files and directories are: root's, and of root's group, also where a person started the program that makes them.

use nix::fcntl::AtFlags;
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
