//! The system log of this namespace: takes every line and keeps none.

use std::io;
use std::os::unix::net::UnixDatagram;

const SOCKET: &str = "/dev/log";

/// A log that is emptied between two logins, so that nobody reads it while one is measured.
pub(crate) struct Syslog(UnixDatagram);

impl Syslog {
    /// Binds the socket, which must not exist: the namespace has a `/dev` of its own.
    pub(crate) fn listen() -> io::Result<Self> {
        let socket = UnixDatagram::bind(SOCKET)?;
        socket.set_nonblocking(true)?;
        Ok(Self(socket))
    }

    pub(crate) fn empty(&self) {
        let mut line = [0; 4096];
        while self.0.recv(&mut line).is_ok() {}
    }
}
