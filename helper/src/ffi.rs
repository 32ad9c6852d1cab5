//! What safe Rust has no word for: a copy of this process, and descriptors that outlive an exec.
#![allow(
    unsafe_code,
    reason = "fork has a condition, and descriptors are numbers; each block says why it is sound"
)]

use crate::sanitize::{Single, end_with};
use nix::fcntl::{FcntlArg, FdFlag, fcntl};
use nix::sys::signal::{SigSet, Signal};
use nix::sys::socket::{
    AddressFamily, SockType, SockaddrLike, SockaddrStorage, getsockname, getsockopt, sockopt,
};
use nix::unistd::{ForkResult, getpid};
use std::ffi::c_uint;
use std::io;
use std::os::fd::{BorrowedFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::net::UnixListener;

/// The signals that the resident process listens for. They are held back from its start, also while it becomes another
/// version.
pub(crate) fn heard() -> SigSet {
    [Signal::SIGHUP, Signal::SIGCHLD].into_iter().collect()
}

/// Lets signals do what they do, and holds those back that are listened for, whatever the program that started this
/// had ignored or blocked: that survives an exec.
pub(crate) fn heed_signals() {
    for signal in [libc::SIGALRM, libc::SIGCHLD, libc::SIGHUP, libc::SIGTERM] {
        // SAFETY: the default action is no function of ours.
        unsafe { libc::signal(signal, libc::SIG_DFL) };
    }
    let _ = heard().thread_set_mask();
}

/// Empties the environment, which PAM modules and look-ups read: the program that started this one made it.
pub(crate) fn clear_environment() {
    // SAFETY: the first that this process does: there is no other thread, and no pointer into the environment.
    unsafe { libc::clearenv() };
}

/// Makes a process that is a copy of this one, and ends with it.
///
/// # Errors
/// There is no room for another.
pub(crate) fn copy(_: &Single) -> io::Result<ForkResult> {
    let parent = getpid();
    // SAFETY: there was one thread, this one, when that was looked at, and the resident process starts none: the copy may do
    // what this process may.
    let made = unsafe { nix::unistd::fork() }?;
    if matches!(made, ForkResult::Child) {
        end_with(parent);
        // What tells the resident process to reload may reach all of its processes; a person may be typing to this one.
        let _ = SigSet::from(Signal::SIGHUP).thread_set_mask();
    }
    Ok(made)
}

/// Closes every descriptor but the first three and `but`: a process that serves strangers keeps nothing of who
/// started it.
pub(crate) fn close_all(but: Option<RawFd>) -> io::Result<()> {
    let but = but.and_then(|fd| c_uint::try_from(fd).ok());
    let ranges = match but {
        Some(but) => [(3, but.saturating_sub(1)), (but.saturating_add(1).max(3), c_uint::MAX)],
        None => [(3, c_uint::MAX); 2],
    };
    for (first, last) in ranges.into_iter().filter(|(first, last)| first <= last) {
        // SAFETY: called before this process has opened anything of its own, so that nothing refers to what is closed.
        if unsafe { libc::syscall(libc::SYS_close_range, first, last, 0) } != 0 {
            return Err(io::Error::last_os_error());
        }
    }
    Ok(())
}

/// The listening socket of this number, which was given to this process.
///
/// # Errors
/// It is nothing that was given, or no local socket that listens.
pub(crate) fn listener(number: RawFd) -> io::Result<UnixListener> {
    if number < 3 {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    // SAFETY: only system calls are made with it, and they refuse a number that is not open.
    let given = unsafe { BorrowedFd::borrow_raw(number) };
    let address: SockaddrStorage = getsockname(number)?;
    let listens = address.family() == Some(AddressFamily::Unix)
        && getsockopt(&given, sockopt::SockType)? == SockType::Stream
        && getsockopt(&given, sockopt::AcceptConn)?;
    if !listens {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    fcntl(given, FcntlArg::F_SETFD(FdFlag::FD_CLOEXEC))?;
    // SAFETY: it is open, it came with the start of this process, and this is called once: nobody else owns the number.
    Ok(unsafe { OwnedFd::from_raw_fd(number) }.into())
}
