//! Hidden names: those that files have while they are made, where they cannot be made without one.

use super::listing::names;
use nix::errno::Errno;
use nix::fcntl::AtFlags;
use nix::sys::stat::{FileStat, fstatat};
use nix::unistd::{UnlinkatFlags, unlinkat};
use std::os::fd::BorrowedFd;
use std::path::Path;

/// How a hidden name begins; 16 random hexadecimal digits follow, so that none is ever used twice.
const PREFIX: &str = ".wardkey.";

const DIGITS: usize = 16;

/// A hidden name that nothing has.
///
/// # Errors
/// The system gives no random numbers.
pub(crate) fn new_name() -> Result<String, Errno> {
    let mut random = [0; DIGITS / 2];
    getrandom::fill(&mut random).map_err(|_| Errno::EAGAIN)?;
    Ok(format!("{PREFIX}{:016x}", u64::from_ne_bytes(random)))
}

/// Whether a name is one.
pub(crate) fn is_hidden(name: &str) -> bool {
    let digits = name.strip_prefix(PREFIX).map(str::as_bytes);
    digits.is_some_and(|digits| digits.len() == DIGITS && digits.iter().all(u8::is_ascii_hexdigit))
}

/// Takes away the hidden name of a file that has its own, where a process was killed, or still is, between the two.
pub(crate) fn finish(dir: BorrowedFd<'_>, file: &FileStat) {
    let all = names(dir, Path::new(".")).unwrap_or_default();
    for name in all.iter().filter(|name| is_hidden(name)) {
        let is_same = fstatat(dir, name.as_str(), AtFlags::AT_SYMLINK_NOFOLLOW)
            .is_ok_and(|other| (other.st_dev, other.st_ino) == (file.st_dev, file.st_ino));
        if is_same {
            let _ = unlinkat(dir, name.as_str(), UnlinkatFlags::NoRemoveDir);
        }
    }
}
