//! The pair of sockets by which a copy hands the link one end of a pair of its own (`SCM_RIGHTS`, unix(7)). Both ends stay with the
//! resident process: what was handed over to a link that died waits for the next one.

use super::wait::left;
use crate::ffi;
use nix::errno::Errno;
use nix::fcntl::{FcntlArg, FdFlag, fcntl};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::socket::{AddressFamily, ControlMessage, MsgFlags, SockFlag, SockType, sendmsg, socketpair};
use std::io::{self, IoSlice};
use std::os::fd::{AsFd, AsRawFd, OwnedFd, RawFd};
use std::os::unix::net::UnixStream;
use std::time::Instant;

/// Its two ends.
#[derive(Debug)]
pub(crate) struct Door {
    /// Where copies hand over.
    pub(super) outside: OwnedFd,
    /// Where the link takes it.
    pub(super) inside: OwnedFd,
}

impl Door {
    /// A new one.
    ///
    /// # Errors
    /// No descriptors can be had.
    pub(super) fn new() -> io::Result<Self> {
        let (outside, inside) =
            socketpair(AddressFamily::Unix, SockType::SeqPacket, None, SockFlag::SOCK_CLOEXEC)?;
        Ok(Self { outside, inside })
    }

    /// The numbers of its ends, for the next image.
    pub(crate) fn numbers(&self) -> (RawFd, RawFd) {
        (self.outside.as_raw_fd(), self.inside.as_raw_fd())
    }

    /// That of an earlier image.
    ///
    /// # Errors
    /// These are not the ends of one.
    pub(super) fn inherited((outside, inside): (RawFd, RawFd)) -> io::Result<Self> {
        Ok(Self { outside: ffi::packet_socket(outside)?, inside: ffi::packet_socket(inside)? })
    }

    /// Whether an exec closes it.
    pub(super) fn close_on_exec(&self, closes: bool) {
        let flags = if closes { FdFlag::FD_CLOEXEC } else { FdFlag::empty() };
        for end in [&self.outside, &self.inside] {
            let _ = fcntl(end, FcntlArg::F_SETFD(flags));
        }
    }
}

/// Hands over one end of a new pair, and keeps the other. Waits where many do, until `end`.
///
/// # Errors
/// It was not taken in time, or nobody can take it.
pub(crate) fn hand_over(outside: &OwnedFd, end: Instant) -> io::Result<UnixStream> {
    let (own, theirs) = UnixStream::pair()?;
    let number = [theirs.as_raw_fd()];
    loop {
        let rights = [ControlMessage::ScmRights(&number)];
        let flags = MsgFlags::MSG_DONTWAIT | MsgFlags::MSG_NOSIGNAL;
        match sendmsg::<()>(outside.as_raw_fd(), &[IoSlice::new(&[0])], &rights, flags, None) {
            Ok(_) => return Ok(own),
            Err(Errno::EINTR) => {}
            // ETOOMANYREFS: as many descriptors are under way as this process may have.
            Err(Errno::EAGAIN | Errno::ETOOMANYREFS) => wait_for_room(outside, end)?,
            Err(e) => return Err(e.into()),
        }
    }
}

fn wait_for_room(outside: &OwnedFd, end: Instant) -> io::Result<()> {
    let left = left(end).ok_or(io::ErrorKind::TimedOut)?;
    let timeout = PollTimeout::try_from(left).unwrap_or(PollTimeout::MAX);
    poll(&mut [PollFd::new(outside.as_fd(), PollFlags::POLLOUT)], timeout)?;
    Ok(())
}
