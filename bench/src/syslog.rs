//! The system log of this namespace: takes every line and keeps none.

use nix::poll::{PollFd, PollFlags, poll};
use std::fs::{Permissions, set_permissions};
use std::io;
use std::os::fd::AsFd;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixDatagram;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

const SOCKET: &str = "/dev/log";

/// How soon it is noticed that nobody writes any more, in milliseconds.
const LOOK: u8 = 5;

/// A log that is emptied between two logins, so that nobody reads it while one is measured.
pub(crate) struct Syslog(UnixDatagram);

impl Syslog {
    /// Binds the socket, which must not exist: the namespace has a `/dev` of its own. Everyone may write to it.
    pub(crate) fn listen() -> io::Result<Self> {
        let socket = UnixDatagram::bind(SOCKET)?;
        set_permissions(SOCKET, Permissions::from_mode(0o666))?;
        socket.set_nonblocking(true)?;
        Ok(Self(socket))
    }

    pub(crate) fn empty(&self) {
        let mut line = [0; 4096];
        while self.0.recv(&mut line).is_ok() {}
    }

    /// Does something that may write more lines than the socket holds, where the next writer would wait: they are
    /// taken meanwhile, as a log does.
    pub(crate) fn taking<T>(&self, work: impl FnOnce() -> T) -> T {
        let stop = AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    let _ = poll(&mut [PollFd::new(self.0.as_fd(), PollFlags::POLLIN)], LOOK);
                    self.empty();
                }
            });
            let done = work();
            stop.store(true, Ordering::Relaxed);
            done
        })
    }
}
