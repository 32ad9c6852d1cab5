//! Who is at the other end, by the kernel's word.

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::socket::getsockopt;
use nix::sys::socket::sockopt::{PeerCredentials, PeerPidfd};
use std::os::fd::AsFd;
use wardkey_core::grace::{Kernel, Process};

/// Whoever connected, as they were at that moment.
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
    /// It is no connection.
    pub(crate) fn of(connection: &impl AsFd) -> nix::Result<Self> {
        let credentials = getsockopt(connection, PeerCredentials)?;
        Ok(Self { uid: credentials.uid(), pid: u32::try_from(credentials.pid()).unwrap_or(0) })
    }

    /// The process that connected, unless it has ended.
    pub(crate) fn process<'k>(self, kernel: &'k Kernel, connection: &impl AsFd) -> Option<Process<'k>> {
        let process = Process::open(kernel, self.pid).ok()?;
        let still = match getsockopt(connection, PeerPidfd) {
            Ok(still) => still,
            // Before Linux 6.5. The number may be another process's by now, which gains whoever asked nothing: the
            // answer goes to their own program.
            Err(Errno::ENOPROTOOPT) => return Some(process),
            Err(_) => return None,
        };
        // Readable once the process has ended.
        let mut ended = [PollFd::new(still.as_fd(), PollFlags::POLLIN)];
        let runs = poll(&mut ended, PollTimeout::ZERO) == Ok(0);
        runs.then_some(process)
    }

    /// The uid for which this connection counts: the real one of root's programs, which is that of whoever started su or sudo.
    /// Nobody waits for an answer to one that has ended.
    pub(crate) fn counted_for(self, kernel: &Kernel, connection: &impl AsFd) -> u32 {
        if !self.is_root() {
            return self.uid;
        }
        self.process(kernel, connection).and_then(|process| process.real_uid().ok()).unwrap_or(self.uid)
    }

    /// Whether they may act for anyone.
    pub(crate) const fn is_root(self) -> bool {
        self.uid == 0
    }
}
