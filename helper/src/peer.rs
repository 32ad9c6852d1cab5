//! Who is at the other end, by the kernel's word.

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::socket::getsockopt;
use nix::sys::socket::sockopt::{PeerCredentials, PeerPidfd};
use std::os::fd::AsFd;
use wardkey_core::grace::{Kernel, Process};

/// The process that connected, as it was at that moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Peer {
    /// Their effective uid.
    pub(crate) uid: u32,
    /// The process that connected, which may have ended since.
    pub(crate) pid: u32,
}

impl Peer {
    /// The peer of this connection.
    ///
    /// # Errors
    /// It is not a connection.
    pub(crate) fn of(connection: &impl AsFd) -> nix::Result<Self> {
        let credentials = getsockopt(connection, PeerCredentials)?;
        Ok(Self { uid: credentials.uid(), pid: u32::try_from(credentials.pid()).unwrap_or(0) })
    }

    /// The process that connected, unless it has ended.
    pub(crate) fn process<'k>(self, kernel: &'k Kernel, connection: &impl AsFd) -> Option<Process<'k>> {
        let process = Process::open(kernel, self.pid).ok()?;
        // By now its number may be another's: that it runs is asked afterwards.
        (!has_ended(connection)).then_some(process)
    }

    /// The uid for which this connection counts: the real one of root's programs, which is that of the person who started su
    /// or sudo. `None`: that program has ended, so that nobody waits for an answer.
    pub(crate) fn counted_for(self, kernel: &Kernel, connection: &impl AsFd) -> Option<u32> {
        if !self.is_root() {
            return Some(self.uid);
        }
        let process = Process::open(kernel, self.pid);
        if has_ended(connection) {
            return None;
        }
        // It ran a moment ago; one that the system does not show is nobody's but root's.
        process.map_or(Some(self.uid), |process| process.real_uid().ok())
    }

    /// Whether they may act for anyone.
    pub(crate) const fn is_root(self) -> bool {
        self.uid == 0
    }
}

/// Whether the process that connected has ended. Before Linux 6.5 it cannot be told; its number may be another process's by
/// then. Only one of the same account's counts, so the most that comes of it is that another session of that person is taken
/// for this one.
fn has_ended(connection: &impl AsFd) -> bool {
    match getsockopt(connection, PeerPidfd) {
        // Readable once it has ended.
        Ok(still) => poll(&mut [PollFd::new(still.as_fd(), PollFlags::POLLIN)], PollTimeout::ZERO) != Ok(0),
        // Its parent has asked how it ended.
        Err(why) => matches!(why, Errno::EINVAL | Errno::ESRCH),
    }
}
