//! Making directories that others need, whatever umask their maker has.

use crate::trusted_file::{Reason, Untrusted};
use nix::fcntl::{AT_FDCWD, OFlag, openat};
use nix::sys::stat::{Mode, fchmod, mkdirat};
use std::path::Path;

/// What everybody may enter, and root alone may change.
pub const FOR_EVERYBODY: Mode =
    Mode::S_IRWXU.union(Mode::S_IRGRP).union(Mode::S_IXGRP).union(Mode::S_IROTH).union(Mode::S_IXOTH);

/// Makes a directory of exactly that mode, with what is missing above it, which everybody may enter; `false` where there
/// is one, which stays as it is.
///
/// # Errors
/// [`Reason::Io`].
pub fn make_dir_all(path: &Path, mode: Mode) -> Result<bool, Untrusted> {
    if let Some(above) = path.parent().filter(|above| !above.as_os_str().is_empty() && !above.exists()) {
        make_dir_all(above, FOR_EVERYBODY)?;
    }
    make_dir(path, mode)
}

/// Makes a directory of exactly that mode; `false` where there is one, which stays as it is.
///
/// # Errors
/// [`Reason::Io`].
pub(crate) fn make_dir(path: &Path, mode: Mode) -> Result<bool, Untrusted> {
    let fail = |e: nix::Error| Untrusted { path: path.to_path_buf(), reason: Reason::Io(e.into()) };
    match mkdirat(AT_FDCWD, path, Mode::S_IRWXU) {
        Ok(()) => {}
        Err(nix::Error::EEXIST) => return Ok(false),
        Err(e) => return Err(fail(e)),
    }
    // Not by mkdir: root's umask may be 077, and that of a login's host is not ours to set.
    let flags = OFlag::O_DIRECTORY | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
    let made = openat(AT_FDCWD, path, flags, Mode::empty());
    made.and_then(|dir| fchmod(dir, mode)).map_err(fail)?;
    Ok(true)
}
