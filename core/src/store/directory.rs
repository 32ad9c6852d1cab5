//! Making directories that others need, whatever umask their maker has.

use super::names::names;
use crate::system::trusted_file::{Reason, Untrusted};
use nix::fcntl::{AT_FDCWD, OFlag, openat};
use nix::sys::stat::{Mode, fchmod, fstat, mkdirat};
use std::os::fd::OwnedFd;
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

/// Makes a directory of exactly that mode; `false` where there is one, which stays as it is unless its maker was killed.
///
/// # Errors
/// [`Reason::Io`].
pub(crate) fn make_dir(path: &Path, mode: Mode) -> Result<bool, Untrusted> {
    let fail = |e: nix::Error| Untrusted { path: path.to_path_buf(), reason: Reason::Io(e.into()) };
    let is_new = match mkdirat(AT_FDCWD, path, mode) {
        Ok(()) => true,
        Err(nix::Error::EEXIST) => false,
        Err(e) => return Err(fail(e)),
    };
    // Not by mkdir alone: root's umask may be 077, and that of a login's host is not ours to set.
    match set_mode(path, mode, is_new) {
        Err(e) if is_new => Err(fail(e)),
        _ => Ok(is_new),
    }
}

/// Gives a new directory its mode, and one that its maker was killed before it could: it is empty, and root's umask took
/// bits from it. Any other that is there stays as it is.
fn set_mode(path: &Path, mode: Mode, is_new: bool) -> Result<(), nix::Error> {
    let flags = OFlag::O_DIRECTORY | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
    let dir = openat(AT_FDCWD, path, flags, Mode::empty())?;
    if is_new || is_unfinished(&dir, mode)? { fchmod(dir, mode) } else { Ok(()) }
}

fn is_unfinished(dir: &OwnedFd, mode: Mode) -> Result<bool, nix::Error> {
    let stat = fstat(dir)?;
    let now = Mode::from_bits_truncate(stat.st_mode & 0o7777);
    let lacks_bits_alone = now != mode && mode.contains(now);
    let is_empty = || names(dir, Path::new("."), Path::new(".")).is_ok_and(|names| names.is_empty());
    Ok(stat.st_uid == 0 && lacks_bits_alone && is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{MetadataExt, PermissionsExt};

    /// What `make_dir` makes of a directory that is there with this mode.
    fn mode_after(before: u32, fill: impl Fn(&Path)) -> u32 {
        let above = tempfile::tempdir().unwrap();
        let path = above.path().join("d");
        fs::create_dir(&path).unwrap();
        fill(&path);
        fs::set_permissions(&path, Permissions::from_mode(before)).unwrap();
        assert!(!make_dir(&path, FOR_EVERYBODY).unwrap());
        fs::metadata(&path).unwrap().mode() & 0o7777
    }

    #[test]
    fn what_a_killed_maker_left_is_finished_and_nothing_else_is_touched() {
        for strict in [0o700, 0o750, 0o000] {
            assert_eq!(mode_after(strict, |_| {}), 0o755, "{strict:o}");
        }
        for own in [0o755, 0o775, 0o1777, 0o2750] {
            assert_eq!(mode_after(own, |_| {}), own, "{own:o}");
        }
        let filled = |path: &Path| fs::write(path.join("wardkey.toml"), "").unwrap();
        assert_eq!(mode_after(0o700, filled), 0o700, "somebody's own choice");
        let foreign = |path: &Path| std::os::unix::fs::chown(path, Some(7), None).unwrap();
        assert_eq!(mode_after(0o700, foreign), 0o700);
    }

    #[test]
    fn a_link_is_not_followed() {
        let above = tempfile::tempdir().unwrap();
        let (dir, link) = (above.path().join("d"), above.path().join("l"));
        fs::create_dir(&dir).unwrap();
        fs::set_permissions(&dir, Permissions::from_mode(0o700)).unwrap();
        std::os::unix::fs::symlink(&dir, &link).unwrap();
        assert!(!make_dir(&link, FOR_EVERYBODY).unwrap());
        assert_eq!(fs::metadata(&dir).unwrap().mode() & 0o7777, 0o700);
    }
}
