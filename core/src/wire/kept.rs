//! A connection that stands while a person types.

use super::line::Line;
use nix::sys::stat::fstat;
use std::cell::Cell;
use std::os::fd::{AsFd, BorrowedFd};

/// The connection by which a code was asked for, until the code is typed.
#[derive(Default)]
pub struct Kept(Cell<Option<(Line, Identity)>>);

/// A file's device and number, which no two open sockets have in common.
type Identity = (u64, u64);

impl Kept {
    pub(super) fn put(&self, line: Line) {
        if let Some(identity) = identity(line.as_fd()) {
            self.0.set(Some((line, identity)));
        }
    }

    /// The connection, if it is still that: a program that we are a guest of may close descriptors while the person
    /// types, and have others by their numbers, which must neither hear the code nor be closed.
    pub(super) fn take(&self) -> Option<Line> {
        let (line, was) = self.0.take()?;
        if identity(line.as_fd()) == Some(was) {
            return Some(line);
        }
        line.give_up();
        None
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        drop(self.take());
    }
}

fn identity(fd: BorrowedFd<'_>) -> Option<Identity> {
    fstat(fd).ok().map(|stat| (stat.st_dev, stat.st_ino))
}

#[cfg(test)]
mod tests {
    use super::super::client::Helper;
    use super::*;
    use std::io::{ErrorKind, Read};
    use std::os::unix::net::{UnixListener, UnixStream};
    use std::time::Duration;

    fn one_kept() -> Kept {
        let dir = tempfile::tempdir().unwrap();
        let socket = dir.path().join("socket");
        let _listener = UnixListener::bind(&socket).unwrap();
        let kept = Kept::default();
        kept.put(Line::open(&Helper { socket: &socket, deadline: Duration::from_secs(20) }).ok().unwrap());
        kept
    }

    /// What is done with a connection whose number somebody has given to another.
    fn after_it_was_replaced(then: impl FnOnce(Kept)) {
        let kept = one_kept();
        let (mut ours, theirs) = UnixStream::pair().unwrap();
        let (mut line, was) = kept.0.take().unwrap();
        line.replace(&theirs);
        kept.0.set(Some((line, was)));
        drop(theirs);
        then(kept);
        ours.set_read_timeout(Some(Duration::from_millis(1))).unwrap();
        let heard = ours.read(&mut [0]).unwrap_err();
        assert_eq!(heard.kind(), ErrorKind::WouldBlock, "nothing was said there, and it is still open");
    }

    #[test]
    fn a_descriptor_that_is_something_else_by_now_is_left_alone() {
        after_it_was_replaced(|kept| assert!(kept.take().is_none()));
        after_it_was_replaced(drop);
    }

    #[test]
    fn a_connection_that_stands_is_given_back() {
        let kept = one_kept();
        assert!(kept.take().is_some() && kept.take().is_none());
    }
}
