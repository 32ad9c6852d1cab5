//! One connection to the helper, as its caller has it.

use super::frame::{receive, send};
use super::question::Answered;
use super::silence::Silence;
use nix::errno::Errno;
use nix::sys::socket::sockopt::{PeerCredentials, ReceiveTimeout, SendTimeout};
use nix::sys::socket::{
    AddressFamily, MsgFlags, SockFlag, SockType, UnixAddr, connect, getsockopt, recv, setsockopt, socket,
};
use nix::sys::time::TimeVal;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::io::{self, ErrorKind, Read};
use std::os::fd::{AsRawFd, OwnedFd};
use std::path::Path;
use std::time::{Duration, Instant};

/// One connection. Each call on it gets what is left of the deadline.
pub(super) struct Connection {
    fd: OwnedFd,
    end: Instant,
}

impl Connection {
    #[expect(clippy::disallowed_methods, reason = "a deadline's own clock; it decides nothing else")]
    pub(super) fn open(socket_path: &Path, deadline: Duration) -> Result<Self, Silence> {
        let not_there = Silence::NotThere;
        let fd = socket(AddressFamily::Unix, SockType::Stream, SockFlag::SOCK_CLOEXEC, None)
            .map_err(|e| Silence::Broken(e.into()))?;
        let connection = Self { fd, end: Instant::now() + deadline };
        // connect waits where many others do, and no longer than this.
        connection.limit().map_err(Silence::Broken)?;
        let address = UnixAddr::new(socket_path).map_err(not_there)?;
        match connect(connection.fd.as_raw_fd(), &address) {
            Ok(()) => {}
            Err(Errno::EAGAIN | Errno::EINTR) => return Err(Silence::Slow),
            Err(e) => return Err(not_there(e)),
        }
        // The credentials of the process that made the socket.
        let listener = getsockopt(&connection.fd, PeerCredentials).map_err(|e| Silence::Broken(e.into()))?;
        if listener.uid() == 0 { Ok(connection) } else { Err(Silence::NotRoot) }
    }

    /// Lets the next call take what is left.
    #[expect(clippy::disallowed_methods, reason = "a deadline's own clock; it decides nothing else")]
    fn limit(&self) -> io::Result<()> {
        let left = self.end.saturating_duration_since(Instant::now());
        let micros = i64::try_from(left.as_micros()).unwrap_or(i64::MAX);
        if micros == 0 {
            return Err(ErrorKind::TimedOut.into());
        }
        let left = TimeVal::new(micros / 1_000_000, micros % 1_000_000);
        setsockopt(&self.fd, SendTimeout, &left)?;
        Ok(setsockopt(&self.fd, ReceiveTimeout, &left)?)
    }

    #[expect(clippy::disallowed_methods, reason = "a deadline's own clock; it decides nothing else")]
    pub(super) fn begin_again(&mut self, deadline: Duration) {
        self.end = Instant::now() + deadline;
    }

    pub(super) fn read<A: DeserializeOwned>(&mut self) -> Result<A, Silence> {
        match receive::<Answered<A>>(self) {
            Ok(Answered::Answered(answer)) => Ok(answer),
            Ok(Answered::Denied(denial)) => Err(Silence::Denied(denial)),
            Err(e) if matches!(e.kind(), ErrorKind::TimedOut | ErrorKind::WouldBlock) => Err(Silence::Slow),
            Err(e) => Err(Silence::Broken(e)),
        }
    }

    pub(super) fn write(&self, message: &impl Serialize) -> Result<(), Silence> {
        let frame = send(message).map_err(Silence::Broken)?;
        let mut bytes = &frame[..];
        while !bytes.is_empty() {
            self.limit().map_err(|_| Silence::Slow)?;
            // Without the flag, a helper that is gone would end the program we are a guest of.
            match nix::sys::socket::send(self.fd.as_raw_fd(), bytes, MsgFlags::MSG_NOSIGNAL) {
                Ok(sent) => bytes = bytes.get(sent..).unwrap_or_default(),
                Err(Errno::EINTR) => {}
                Err(Errno::EAGAIN) => return Err(Silence::Slow),
                // It has gone without reading all. It may have answered before: that says why.
                Err(Errno::EPIPE | Errno::ECONNRESET) => return Ok(()),
                Err(e) => return Err(Silence::Broken(e.into())),
            }
        }
        Ok(())
    }
}

impl Read for Connection {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.limit()?;
        Ok(recv(self.fd.as_raw_fd(), buffer, MsgFlags::empty())?)
    }
}
