//! Processes made before anybody connects, so that nobody waits for one. Who may have one is decided by whoever accepts:
//! a stock at the socket itself would be empty as soon as one account connected without end.

use crate::ffi;
use crate::serve::{TO_ASK, serve};
use nix::poll::{PollTimeout, poll};
use nix::sys::mman::{MlockAllFlags, mlockall, munlockall};
use nix::sys::socket::{ControlMessage, MsgFlags, sendmsg};
use nix::unistd::{ForkResult, Pid, Uid, User, alarm};
use std::collections::VecDeque;
use std::io::{self, IoSlice};
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;
use wardkey_core::config::Source;

/// As many as a ward's people press Enter in the same moment. Each costs half a mebibyte.
pub(crate) const MOST: usize = 16;

/// Milliseconds in which as many questions of one moment are answered.
const UNTIL_THEN: u16 = 25;

/// Whom every account database knows.
const ROOT: Uid = Uid::from_raw(0);

/// What goes with the connection: a message is at least one byte.
const HERE: &[u8] = &[0];

/// The processes that wait.
#[derive(Default)]
pub(crate) struct Stock(VecDeque<(Pid, UnixStream)>);

/// On which side of the making of a process this is.
pub(crate) enum Side {
    /// The one that listens.
    Listener,
    /// The new one, and where it will be given its connection.
    New(UnixStream),
}

impl Stock {
    /// Whether there is room for another.
    pub(crate) fn has_room(&self) -> bool {
        self.0.len() < MOST
    }

    /// Makes one more.
    ///
    /// # Errors
    /// No process or no socket can be had.
    pub(crate) fn add(&mut self) -> io::Result<Side> {
        let (to, from) = UnixStream::pair()?;
        match ffi::copy()? {
            ForkResult::Child => {
                // Else each would keep the lines of those before it open after the listener's end.
                self.0.clear();
                Ok(Side::New(from))
            }
            ForkResult::Parent { child } => {
                self.0.push_back((child, to));
                Ok(Side::Listener)
            }
        }
    }

    /// Gives a connection to the one that has waited longest and so is ready; `None`: there is none.
    pub(crate) fn hand_over(&mut self, connection: &UnixStream) -> Option<Pid> {
        while let Some((pid, to)) = self.0.pop_front() {
            let rights = [connection.as_raw_fd()];
            let sent = sendmsg::<()>(
                to.as_raw_fd(),
                &[IoSlice::new(HERE)],
                &[ControlMessage::ScmRights(&rights)],
                MsgFlags::MSG_NOSIGNAL,
                None,
            );
            if sent.is_ok() {
                return Some(pid);
            }
        }
        None
    }

    /// A process has ended; whether it was one of them, which end only when they are given a connection.
    pub(crate) fn forget(&mut self, ended: Pid) -> bool {
        let before = self.0.len();
        self.0.retain(|(pid, _)| *pid != ended);
        self.0.len() < before
    }
}

/// Waits for a connection and serves it; there is none when the listener has ended.
///
/// # Errors
/// As [`serve`].
pub(crate) fn wait_and_serve(from: &UnixStream, settings: &mut Source) -> Result<(), String> {
    // A directory service that hangs here must not keep a connection that is given meanwhile.
    alarm::set(TO_ASK);
    warm_up(settings);
    alarm::cancel();
    let Some(connection) = ffi::receive_connection(from) else { return Ok(()) };
    let served = serve(settings, &connection);
    drop(connection);
    // To end takes a third of the time of an answer, for which others of the same moment may wait.
    let _ = poll(&mut [], PollTimeout::from(UNTIL_THEN));
    served
}

/// What is done for the first time takes long: the account database is set up, and the configuration understood.
fn warm_up(settings: &mut Source) {
    let _ = settings.now();
    let _ = User::from_uid(ROOT);
    // Each page is fetched or copied at its first touch; to lock them all touches them.
    let _ = mlockall(MlockAllFlags::MCL_CURRENT).and_then(|()| munlockall());
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};

    #[test]
    fn whoever_waits_is_given_the_connection_itself() {
        let (to, from) = UnixStream::pair().unwrap();
        let (mut caller, connection) = UnixStream::pair().unwrap();
        let mut stock = Stock([(Pid::this(), to)].into());
        assert_eq!(stock.hand_over(&connection), Some(Pid::this()));
        assert_eq!(stock.hand_over(&connection), None, "each is given one");
        drop(connection);
        let mut given = ffi::receive_connection(&from).unwrap();
        given.write_all(b"x").unwrap();
        caller.read_exact(&mut [0]).unwrap();
    }

    #[test]
    fn whoever_waits_goes_when_nothing_can_come() {
        let (mut to, from) = UnixStream::pair().unwrap();
        to.write_all(b"x").unwrap();
        assert!(ffi::receive_connection(&from).is_none(), "no connection came with it");
        drop(to);
        assert!(ffi::receive_connection(&from).is_none(), "the listener has ended");
    }

    #[test]
    fn one_that_is_gone_is_passed_over() {
        let (gone, _) = UnixStream::pair().unwrap();
        let (to, _from) = UnixStream::pair().unwrap();
        let mut stock = Stock([(Pid::parent(), gone), (Pid::this(), to)].into());
        let (_caller, connection) = UnixStream::pair().unwrap();
        assert_eq!(stock.hand_over(&connection), Some(Pid::this()));
    }

    /// The runner of these tests has threads.
    #[test]
    fn a_process_with_threads_is_not_copied() {
        let copied = std::thread::spawn(|| Stock::default().add().is_ok()).join().unwrap();
        assert!(!copied);
    }
}
