//! Who runs the command, for the audit line.

use nix::unistd::{Uid, User, getuid, ttyname};
use std::os::fd::{AsFd, BorrowedFd};
use std::path::Path;
use wardkey_core::system::trusted_file::{self, Readers};

/// The uid of somebody who never logged in (credentials(7), audit).
const UNSET: u32 = u32::MAX;

/// Before a name that only sudo vouches for.
const SUDO: &str = "sudo:";

/// The one who logged in, if the kernel knows; and whom sudo names, if that is another or the kernel does not know,
/// which is only their word; else the uid's own name.
pub(crate) fn name() -> String {
    match (logged_in(), by_sudo()) {
        (Some(who), Some(sudo)) if who != sudo => format!("{who} {SUDO}{sudo}"),
        (Some(who), _) => who,
        (None, Some(sudo)) => format!("{SUDO}{sudo}"),
        (None, None) => user_name(getuid()),
    }
}

/// Whether `user` is who runs the command, as far as that can be told.
pub(crate) fn is(user: &str) -> bool {
    logged_in().or_else(by_sudo).unwrap_or_else(|| user_name(getuid())) == user
}

/// The terminal, if there is one: a code may come from elsewhere, and the answer go there.
pub(crate) fn tty() -> Option<String> {
    let name = |stream: BorrowedFd<'_>| ttyname(stream).ok().map(|path| path.display().to_string());
    let (stdin, stderr, stdout) = (std::io::stdin(), std::io::stderr(), std::io::stdout());
    [stdin.as_fd(), stderr.as_fd(), stdout.as_fd()].into_iter().find_map(name)
}

fn logged_in() -> Option<String> {
    login_uid().map(|uid| user_name(Uid::from_raw(uid)))
}

fn login_uid() -> Option<u32> {
    let text = trusted_file::read(Path::new("/proc/self/loginuid"), Readers::Anyone, 64).ok()?;
    let uid: u32 = std::str::from_utf8(&text).ok()?.trim().parse().ok()?;
    (uid != UNSET).then_some(uid)
}

/// Whom sudo names; only their word.
#[expect(clippy::disallowed_methods, reason = "a word in the audit line, marked as hearsay; decides nothing")]
pub(crate) fn by_sudo() -> Option<String> {
    std::env::var("SUDO_USER").ok().filter(|name| !name.is_empty())
}

/// The name of an account, or its uid.
pub(crate) fn user_name(uid: Uid) -> String {
    User::from_uid(uid).ok().flatten().map_or_else(|| format!("uid {uid}"), |user| user.name)
}
