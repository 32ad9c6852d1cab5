//! The resident process: accepts, counts, and makes a copy of itself for each connection. It reads no byte of a caller's,
//! has one thread and knows no secret, so that a copy inherits none. At a seat of a clinic it also has a link, a child that
//! alone speaks with verifiers.

use crate::ffi;
use crate::heritage::Heritage;
use crate::installed::Installed;
use crate::link::{Keeper, LinkPart};
use crate::log;
use crate::peer::Peer;
use crate::rate_limit::RateLimit;
use crate::sanitize::Single;
use crate::socket;
use crate::subordinate::Ranges;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::Signal;
use nix::sys::signalfd::{SfdFlags, SignalFd};
use nix::sys::socket::{Backlog, MsgFlags, listen, send};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::{ForkResult, Pid};
use std::collections::HashMap;
use std::io;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::os::unix::net::{UnixListener, UnixStream};
use std::thread::sleep;
use std::time::{Duration, Instant};
use wardkey_core::grace::Kernel;
use wardkey_core::wire::{self, Answered, Denial};

/// Connections of everyone at once.
const ALL: usize = 256;

/// Of one uid, or of one range of subordinate uids.
const EACH: usize = 10;

/// Of root's own programs, which act for everybody: there is room for others beside them.
const OF_ROOT: usize = 128;

/// Connections taken between two looks for signals.
const AT_A_TIME: u32 = 32;

/// Connections that wait to be taken. A caller who finds no room there waits in connect(2) for their turn, among as many
/// as wait so; behind a long queue that one account fills, each would wait for all of it.
const QUEUE: i32 = 32;

/// Until the next try, out of descriptors or processes: what is running ends by itself.
const PAUSE: Duration = Duration::from_millis(20);

/// Between two lines in the log about that.
const BETWEEN_LINES: Duration = Duration::from_secs(1);

/// A copy's part.
pub(crate) struct Part {
    /// Whom it answers.
    pub(crate) connection: UnixStream,
    /// For whom they count: the one who started them, if they are root's by a set-uid program; or a range that they are in.
    pub(crate) counted_for: u32,
    /// At a seat: where it hands over what is asked of a verifier.
    pub(crate) door: Option<OwnedFd>,
}

/// What a process is that returns from here.
pub(crate) enum Role {
    /// It answers one connection.
    Copy(Part),
    /// It speaks with verifiers.
    Link(LinkPart),
}

/// What came first.
struct Event {
    has_caller: bool,
    has_signal: bool,
}

/// The socket, and the copies that serve, each with the uid that it is counted for.
pub(crate) struct Room {
    listener: UnixListener,
    signals: SignalFd,
    serving: HashMap<Pid, u32>,
    rate_limit: RateLimit,
    kernel: Kernel,
    ranges: Ranges,
    busy: Vec<u8>,
    single: Single,
    said: Option<Instant>,
    /// Taken while there was no room for a copy; served first.
    held: Option<UnixStream>,
    keeper: Option<Keeper>,
}

impl Room {
    /// With the copies that an earlier image of this process has made.
    ///
    /// # Errors
    /// No descriptor can be had, or this process has more than one thread.
    pub(crate) fn new(
        listener: UnixListener,
        copies: &[(i32, u32)],
        keeper: Option<Keeper>,
    ) -> io::Result<Self> {
        listener.set_nonblocking(true)?;
        listen(&listener, Backlog::new(QUEUE)?)?;
        let signals = SignalFd::with_flags(&ffi::heard(), SfdFlags::SFD_NONBLOCK | SfdFlags::SFD_CLOEXEC)?;
        Ok(Self {
            listener,
            signals,
            serving: copies.iter().map(|(pid, uid)| (Pid::from_raw(*pid), *uid)).collect(),
            rate_limit: RateLimit::new(now()),
            kernel: Kernel::default(),
            ranges: Ranges::of_this_machine(),
            busy: wire::send(&Answered::<()>::Denied(Denial::Busy))?.to_vec(),
            single: Single::look()?,
            said: None,
            held: None,
            keeper,
        })
    }

    /// Returns in copies alone.
    pub(crate) fn run(mut self, installed: &Installed) -> Role {
        self.bury();
        loop {
            if self.is_link_due()
                && let Some(part) = self.make_link()
            {
                return Role::Link(part);
            }
            let Event { has_caller, has_signal } = self.wait();
            if has_signal {
                if self.is_told_to_reload() {
                    self.reload(installed);
                }
                self.bury();
            }
            if has_caller && let Some((connection, counted_for)) = self.accept() {
                let door = self.keeper.map(Keeper::into_outside);
                return Role::Copy(Part { connection, counted_for, door });
            }
        }
    }

    fn is_link_due(&self) -> bool {
        self.keeper.as_ref().and_then(Keeper::is_due_in) == Some(Duration::ZERO)
    }

    /// Makes the link; in the link, that.
    fn make_link(&mut self) -> Option<LinkPart> {
        let life = self.keeper.as_mut()?.prepare();
        let made = life.and_then(|life| ffi::copy(&self.single).map(|made| (made, life)));
        let link = match made {
            Ok((ForkResult::Child, life)) => return self.keeper.take().map(|keeper| keeper.into_link(life)),
            Ok((ForkResult::Parent { child }, _)) => Some(child),
            Err(e) => {
                self.say(&format!("cannot start the link: {e}"));
                None
            }
        };
        self.keeper.as_mut()?.begun(link);
        None
    }

    /// Whether somebody has connected, and whether a signal has come. While there is no room, those who connect wait.
    fn wait(&self) -> Event {
        let mut watched = vec![PollFd::new(self.signals.as_fd(), PollFlags::POLLIN)];
        if self.serving.len() < ALL {
            watched.push(PollFd::new(self.listener.as_fd(), PollFlags::POLLIN));
        }
        let until_link = self.keeper.as_ref().and_then(Keeper::is_due_in);
        let timeout = match until_link {
            _ if self.held.is_some() => PollTimeout::ZERO,
            // A moment more, so that it is due then.
            Some(left) => PollTimeout::try_from(left + Duration::from_millis(1)).unwrap_or(PollTimeout::ZERO),
            None => PollTimeout::NONE,
        };
        let _ = poll(&mut watched, timeout);
        let is_ready = |at: usize| watched.get(at).and_then(PollFd::any).unwrap_or(false);
        Event { has_caller: is_ready(1) || self.held.is_some(), has_signal: is_ready(0) }
    }

    /// Takes the signals that have come. That a copy has ended only wakes.
    fn is_told_to_reload(&self) -> bool {
        let mut is_told = false;
        while let Ok(Some(signal)) = self.signals.read_signal() {
            is_told |= i32::try_from(signal.ssi_signo) == Ok(Signal::SIGHUP as i32);
        }
        is_told
    }

    /// Becomes the installed version, with the socket and all copies, which notice nothing. SIGHUP is held back
    /// until that one listens for it; one that cannot be started leaves this at work.
    fn reload(&mut self, installed: &Installed) {
        let copies = self.serving.iter().map(|(pid, uid)| (pid.as_raw(), *uid)).collect();
        let link = self.keeper.as_ref().map(Keeper::heritage);
        let heritage = Heritage { socket: self.listener.as_raw_fd(), copies, link };
        let start = || {
            self.keep_door(true);
            let back = socket::over_exec(&self.listener, || installed.start(&heritage));
            self.keep_door(false);
            back
        };
        let Err(why) = installed.try_out().and_then(|()| start());
        let path = installed.path().to_string_lossy();
        log::failed(&format!("cannot reload, the version that runs goes on: {path}: {why}"));
    }

    fn bury(&mut self) {
        while let Ok(WaitStatus::Exited(pid, _) | WaitStatus::Signaled(pid, ..)) =
            waitpid(None, Some(WaitPidFlag::WNOHANG))
        {
            if self.serving.remove(&pid).is_none()
                && self.keeper.as_mut().is_some_and(|keeper| keeper.has_ended(pid))
            {
                self.say("the link ended; another one begins");
            }
        }
    }

    /// Whether the next image has the door to the link.
    fn keep_door(&self, is_kept: bool) {
        if let Some(keeper) = &self.keeper {
            keeper.close_on_exec(!is_kept);
        }
    }

    /// Takes some that have connected: to look for signals between each two would let somebody who connects without end
    /// cost others twice as much.
    fn accept(&mut self) -> Option<(UnixStream, u32)> {
        for _ in 0..AT_A_TIME {
            let connection = self.next()?;
            let part = self.admit(connection);
            if part.is_some() || self.held.is_some() || self.serving.len() >= ALL {
                return part;
            }
        }
        None
    }

    fn next(&mut self) -> Option<UnixStream> {
        if let Some(held) = self.held.take() {
            return Some(held);
        }
        match self.listener.accept() {
            Ok((connection, _)) => Some(connection),
            Err(e) => {
                if e.kind() != io::ErrorKind::WouldBlock {
                    self.fall_short("accept", &e);
                }
                None
            }
        }
    }

    /// Gives a connection to a copy, unless the account that it counts for has too many.
    fn admit(&mut self, connection: UnixStream) -> Option<(UnixStream, u32)> {
        let uid = Peer::of(&connection).ok()?.counted_for(&self.kernel, &connection)?;
        let counted_for = self.ranges.count_as(uid);
        if counted_for != 0 && self.rate_limit.is_too_much(counted_for, now()) {
            return None;
        }
        if self.has_enough(counted_for) {
            let flags = MsgFlags::MSG_DONTWAIT | MsgFlags::MSG_NOSIGNAL;
            let _ = send(connection.as_raw_fd(), &self.busy, flags);
            return None;
        }
        match ffi::copy(&self.single) {
            Ok(ForkResult::Child) => return Some((connection, counted_for)),
            Ok(ForkResult::Parent { child }) => {
                self.serving.insert(child, counted_for);
            }
            Err(e) => {
                self.held = Some(connection);
                self.fall_short("cannot start a process", &e);
            }
        }
        None
    }

    fn has_enough(&self, uid: u32) -> bool {
        let most = if uid == 0 { OF_ROOT } else { EACH };
        self.serving.values().filter(|of| **of == uid).count() >= most
    }

    /// Nothing is lost meanwhile: signals are held back, and those who connect wait.
    #[expect(clippy::disallowed_methods, reason = "there is nothing that could be waited for")]
    fn fall_short(&mut self, what: &str, why: &io::Error) {
        self.say(&format!("{what}: {why}"));
        sleep(PAUSE);
        self.bury();
    }

    /// A log that does not take its lines must not keep everyone waiting for long.
    fn say(&mut self, why: &str) {
        let is_early = self.said.is_some_and(|said| now().saturating_duration_since(said) < BETWEEN_LINES);
        if !is_early {
            self.said = Some(now());
            log::failed(why);
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a rate's own clock; it decides nothing else")]
fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
#[path = "listen_tests.rs"]
mod tests;
