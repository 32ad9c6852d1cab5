//! Who is at the other end, by the kernel's word.

use nix::sys::socket::getsockopt;
use nix::sys::socket::sockopt::PeerCredentials;
use std::os::fd::AsFd;

/// Whoever connected, as they were at that moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Peer {
    /// Their effective uid.
    pub(crate) uid: u32,
}

impl Peer {
    /// The peer of this connection.
    ///
    /// # Errors
    /// It is no connection.
    pub(crate) fn of(connection: &impl AsFd) -> nix::Result<Self> {
        let credentials = getsockopt(connection, PeerCredentials)?;
        Ok(Self { uid: credentials.uid() })
    }

    /// Whether they may act for anyone.
    pub(crate) const fn is_root(self) -> bool {
        self.uid == 0
    }
}
