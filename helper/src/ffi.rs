//! What safe Rust has no word for: a copy of this process, and descriptors that outlive an exec.
#![allow(
    unsafe_code,
    reason = "fork has a condition, and descriptors are numbers; each block says why it is sound"
)]

use crate::sanitize::{Single, end_with};
use nix::cmsg_space;
use nix::fcntl::{FcntlArg, FdFlag, fcntl};
use nix::sys::signal::{SigSet, Signal};
use nix::sys::socket::{
    AddressFamily, ControlMessageOwned, MsgFlags, SockType, SockaddrLike, SockaddrStorage, getsockname,
    getsockopt, recvmsg, sockopt,
};
use nix::unistd::{ForkResult, getpid};
use std::ffi::c_uint;
use std::io::{self, IoSliceMut};
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::net::{UnixListener, UnixStream};

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

/// Closes every descriptor but the first three and `kept`: a process that serves strangers keeps nothing of who
/// started it.
pub(crate) fn close_all(kept: &[RawFd]) -> io::Result<()> {
    let mut kept: Vec<c_uint> = kept.iter().filter_map(|fd| c_uint::try_from(*fd).ok()).collect();
    kept.sort_unstable();
    let mut first: c_uint = 3;
    for last in kept.into_iter().filter(|fd| *fd >= 3).map(Some).chain([None]) {
        let end = last.map_or(c_uint::MAX, |kept| kept - 1);
        // SAFETY: called before this process has opened anything of its own, so that nothing refers to what is closed.
        if first <= end && unsafe { libc::syscall(libc::SYS_close_range, first, end, 0) } != 0 {
            return Err(io::Error::last_os_error());
        }
        first = last.map_or(c_uint::MAX, |kept| kept.saturating_add(1));
    }
    Ok(())
}

/// The listening socket of this number, which was given to this process.
///
/// # Errors
/// It is nothing that was given, or no local socket that listens.
pub(crate) fn listener(number: RawFd) -> io::Result<UnixListener> {
    Ok(local_socket(number, (SockType::Stream, true))?.into())
}

/// One end of the pair of this number, which an earlier image of this process left.
///
/// # Errors
/// It is no such socket.
pub(crate) fn packet_socket(number: RawFd) -> io::Result<OwnedFd> {
    local_socket(number, (SockType::SeqPacket, false))
}

fn local_socket(number: RawFd, (kind, listens): (SockType, bool)) -> io::Result<OwnedFd> {
    if number < 3 {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    // SAFETY: only system calls are made with it, and they refuse a number that is not open.
    let given = unsafe { BorrowedFd::borrow_raw(number) };
    let address: SockaddrStorage = getsockname(number)?;
    let is_it = address.family() == Some(AddressFamily::Unix)
        && getsockopt(&given, sockopt::SockType)? == kind
        && getsockopt(&given, sockopt::AcceptConn)? == listens;
    if !is_it {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    fcntl(given, FcntlArg::F_SETFD(FdFlag::FD_CLOEXEC))?;
    // SAFETY: it is open, it came with the start of this process, and each is asked for once: nobody else owns the number.
    Ok(unsafe { OwnedFd::from_raw_fd(number) })
}

/// Takes what is handed over, which is one socket; `None`: nobody is left who could hand over. What is none is closed.
///
/// # Errors
/// What the kernel said.
pub(crate) fn take_over(door: &OwnedFd) -> io::Result<Option<UnixStream>> {
    let (mut byte, mut room) = ([0], cmsg_space!([RawFd; 1]));
    let mut parts = [IoSliceMut::new(&mut byte)];
    let flags = MsgFlags::MSG_CMSG_CLOEXEC | MsgFlags::MSG_DONTWAIT;
    let message = recvmsg::<()>(door.as_raw_fd(), &mut parts, Some(&mut room), flags)?;
    let rights = message.cmsgs()?.filter_map(|part| match part {
        ControlMessageOwned::ScmRights(numbers) => Some(numbers),
        _ => None,
    });
    // SAFETY: the kernel has just made these numbers for this process: nobody else owns them.
    let mut taken: Vec<OwnedFd> =
        rights.flatten().map(|number| unsafe { OwnedFd::from_raw_fd(number) }).collect();
    match (taken.pop(), message.bytes) {
        (Some(socket), _) => Ok(Some(socket.into())),
        (None, 0) => Ok(None),
        (None, _) => Err(io::ErrorKind::Interrupted.into()),
    }
}
