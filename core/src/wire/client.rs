//! The caller's side: connect, ask, wait no longer than the deadline.

use super::frame::{receive, send};
use super::message::{Answer, Denial, Question, Reply, Wish};
use crate::secret::Secret;
use nix::errno::Errno;
use nix::sys::socket::sockopt::{PeerCredentials, ReceiveTimeout, SendTimeout};
use nix::sys::socket::{
    AddressFamily, MsgFlags, SockFlag, SockType, UnixAddr, connect, getsockopt, recv, setsockopt, socket,
};
use nix::sys::time::TimeVal;
use serde::Serialize;
use std::fmt;
use std::io::{self, ErrorKind, Read};
use std::os::fd::{AsRawFd, OwnedFd};
use std::path::Path;
use std::time::{Duration, Instant};

/// Whoever sits before the command.
pub trait Person {
    /// Types a line; `None`: they are gone.
    fn reply(&mut self, wish: &Wish) -> Option<Secret>;

    /// Reads a text.
    fn told(&mut self, text: &str);
}

/// Where the helper listens, and how long its whole answer may take.
#[derive(Debug, Clone, Copy)]
pub struct Helper<'a> {
    /// Its socket.
    pub socket: &'a Path,
    /// For the whole answer.
    pub deadline: Duration,
}

/// Why there is no answer.
#[derive(Debug)]
pub enum Silence {
    /// Nobody listens there.
    NotThere(Errno),
    /// Whoever listens there is not root.
    NotRoot,
    /// It did not answer in time.
    Slow,
    /// It will not.
    Denied(Denial),
    /// The person typed nothing more.
    Left,
    /// The connection broke, or what came was no answer.
    Broken(io::Error),
}

impl fmt::Display for Silence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotThere(e) => write!(f, "the helper does not listen: {}", e.desc()),
            Self::NotRoot => f.write_str("the helper's socket is not root's"),
            Self::Slow => f.write_str("the helper did not answer in time"),
            Self::Denied(denial) => write!(f, "the helper will not: {denial:?}"),
            Self::Left => f.write_str("nothing was typed"),
            Self::Broken(e) => write!(f, "the helper did not answer: {e}"),
        }
    }
}

impl Helper<'_> {
    /// Asks one question.
    ///
    /// # Errors
    /// [`Silence`]; [`Answer::Denied`] is one.
    pub fn ask(&self, question: &Question) -> Result<Answer, Silence> {
        let mut line = Line::open(self)?;
        line.write(question)?;
        line.read()
    }

    /// Asks a question in the course of which the person types something. The deadline begins anew after each line.
    ///
    /// # Errors
    /// [`Silence`]; [`Silence::Left`] when the person typed nothing more.
    pub fn ask_with(&self, question: &Question, person: &mut dyn Person) -> Result<Answer, Silence> {
        let mut line = Line::open(self)?;
        line.write(question)?;
        loop {
            match line.read()? {
                Answer::Says(text) => person.told(&text),
                Answer::Wants(wish) => {
                    let typed = person.reply(&wish).ok_or(Silence::Left)?;
                    line.begin_anew(self.deadline);
                    line.write(&Reply(typed))?;
                }
                answer => return Ok(answer),
            }
        }
    }
}

/// One connection. Each call on it gets what is left of the deadline.
struct Line {
    fd: OwnedFd,
    end: Instant,
}

impl Line {
    #[expect(clippy::disallowed_methods, reason = "a deadline's own clock; it decides nothing else")]
    fn open(helper: &Helper<'_>) -> Result<Self, Silence> {
        let not_there = Silence::NotThere;
        let fd = socket(AddressFamily::Unix, SockType::Stream, SockFlag::SOCK_CLOEXEC, None)
            .map_err(|e| Silence::Broken(e.into()))?;
        let line = Self { fd, end: Instant::now() + helper.deadline };
        // connect waits where many others do, and no longer than this.
        line.limit().map_err(Silence::Broken)?;
        let address = UnixAddr::new(helper.socket).map_err(not_there)?;
        match connect(line.fd.as_raw_fd(), &address) {
            Ok(()) => {}
            Err(Errno::EAGAIN | Errno::EINTR) => return Err(Silence::Slow),
            Err(e) => return Err(not_there(e)),
        }
        // Of whoever made the socket.
        let listener = getsockopt(&line.fd, PeerCredentials).map_err(|e| Silence::Broken(e.into()))?;
        if listener.uid() == 0 { Ok(line) } else { Err(Silence::NotRoot) }
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
    fn begin_anew(&mut self, deadline: Duration) {
        self.end = Instant::now() + deadline;
    }

    fn read(&mut self) -> Result<Answer, Silence> {
        match receive(self) {
            Ok(Answer::Denied(denial)) => Err(Silence::Denied(denial)),
            Ok(answer) => Ok(answer),
            Err(e) if matches!(e.kind(), ErrorKind::TimedOut | ErrorKind::WouldBlock) => Err(Silence::Slow),
            Err(e) => Err(Silence::Broken(e)),
        }
    }

    fn write(&self, message: &impl Serialize) -> Result<(), Silence> {
        let frame = send(message).map_err(Silence::Broken)?;
        let mut bytes = &frame[..];
        while !bytes.is_empty() {
            self.limit().map_err(|_| Silence::Slow)?;
            // Without the flag, a helper that is gone would end the program we are a guest of.
            match nix::sys::socket::send(self.fd.as_raw_fd(), bytes, MsgFlags::MSG_NOSIGNAL) {
                Ok(sent) => bytes = bytes.get(sent..).unwrap_or_default(),
                Err(Errno::EINTR) => {}
                Err(Errno::EAGAIN) => return Err(Silence::Slow),
                // It may have answered and gone without reading all: the answer says why.
                Err(Errno::EPIPE | Errno::ECONNRESET) => return Ok(()),
                Err(e) => return Err(Silence::Broken(e.into())),
            }
        }
        Ok(())
    }
}

impl Read for Line {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.limit()?;
        Ok(recv(self.fd.as_raw_fd(), buffer, MsgFlags::empty())?)
    }
}
