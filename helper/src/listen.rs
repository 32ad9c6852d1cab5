//! Without systemd: makes the socket, and a copy of this process for each connection.

use crate::alone;
use crate::ffi;
use crate::journal;
use crate::pace::Pace;
use crate::peer::Peer;
use crate::places::{EACH, make_run_directory};
use crate::serve::serve;
use crate::stock::{self, Side, Stock};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::stat::{Mode, umask};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::{ForkResult, Pid, geteuid};
use std::collections::HashMap;
use std::fs;
use std::io::{self, ErrorKind};
use std::os::fd::AsFd;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::time::{Duration, Instant};
use wardkey_core::config::Source;

/// Connections of everyone at once.
const ALL: usize = 256;

/// Between two looks at which children have ended, in milliseconds; shorter while there is no room for another.
const LOOK: u16 = 1000;
const LOOK_WHEN_FULL: u16 = 20;

/// Milliseconds without anybody until processes are made for those to come, and between one and the next: not while people
/// wait for theirs.
const QUIET: u16 = 50;
const STILL_QUIET: u16 = 5;

/// Makes the socket, listens there, and serves in each process that this makes of itself the connection that is given to
/// it; in the first it returns only if it fails.
///
/// # Errors
/// Why it cannot listen, or serve.
pub(crate) fn listen(settings: &mut Source) -> Result<(), String> {
    // Whoever starts it may look at no output.
    let listener = listener(settings).inspect_err(|why| journal::failed(why))?;
    let role = Room::new(listener).run();
    alone::at_home().map_err(|e| e.to_string()).inspect_err(|why| journal::failed(why))?;
    match role {
        Role::Serve(connection) => serve(settings, &connection),
        Role::Wait(from) => stock::wait_and_serve(&from, settings),
    }
}

fn listener(settings: &mut Source) -> Result<UnixListener, String> {
    if !geteuid().is_root() {
        return Err("only root can listen".into());
    }
    let socket = settings.now().map_err(|e| e.to_string())?.helper.socket.path();
    bind(&socket).map_err(|e| format!("{}: {e}", socket.display()))
}

/// Whether someone has connected within so many milliseconds.
fn wait(listener: Option<&UnixListener>, milliseconds: u16) -> bool {
    let mut watched: Vec<PollFd<'_>> =
        listener.iter().map(|l| PollFd::new(l.as_fd(), PollFlags::POLLIN)).collect();
    poll(&mut watched, PollTimeout::from(milliseconds)).is_ok_and(|ready| ready > 0)
}

/// A socket that everyone can connect to; one that a helper left behind is replaced, one that is in use is not.
fn bind(path: &Path) -> io::Result<UnixListener> {
    if let Some(dir) = path.parent() {
        make_run_directory(dir)?;
    }
    let left_behind = fs::symlink_metadata(path).is_ok_and(|m| m.file_type().is_socket());
    if left_behind {
        match UnixStream::connect(path) {
            Err(e) if e.kind() == ErrorKind::ConnectionRefused => fs::remove_file(path)?,
            _ => return Err(ErrorKind::AddrInUse.into()),
        }
    }
    umask(Mode::from_bits_truncate(0o077));
    let listener = UnixListener::bind(path)?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o666))?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// The listener, and the processes that it has made: those that serve, and which uid, and those that wait.
struct Room {
    listener: UnixListener,
    serving: HashMap<Pid, u32>,
    waiting: Stock,
    pace: Pace,
    /// Until when no process is made to wait, since none could be.
    short_until: Option<Instant>,
}

/// What a new process does.
enum Role {
    /// Serves this connection.
    Serve(UnixStream),
    /// Waits for one, to come from here.
    Wait(UnixStream),
}

impl Room {
    fn new(listener: UnixListener) -> Self {
        Self {
            listener,
            serving: HashMap::new(),
            waiting: Stock::default(),
            pace: Pace::new(now()),
            short_until: None,
        }
    }

    /// Returns in new processes alone.
    fn run(mut self) -> Role {
        let mut pause = QUIET;
        loop {
            self.look_after();
            let wants_more = self.wants_more();
            let role = if self.serving.len() >= ALL {
                wait(None, LOOK_WHEN_FULL);
                None
            } else if wait(Some(&self.listener), if wants_more { pause } else { LOOK }) {
                pause = QUIET;
                self.accept()
            } else if wants_more {
                pause = STILL_QUIET;
                self.make_one_to_wait()
            } else {
                None
            };
            if let Some(role) = role {
                return role;
            }
        }
    }

    fn wants_more(&self) -> bool {
        self.waiting.has_room() && self.short_until.is_none_or(|until| until <= now())
    }

    fn look_after(&mut self) {
        while let Ok(WaitStatus::Exited(pid, _) | WaitStatus::Signaled(pid, ..)) =
            waitpid(None, Some(WaitPidFlag::WNOHANG))
        {
            self.serving.remove(&pid);
            if self.waiting.forget(pid) {
                journal::failed("a process ended that waited for a connection; the next is made in a second");
                self.none_for_a_while();
            }
        }
    }

    fn accept(&mut self) -> Option<Role> {
        match self.listener.accept() {
            Ok((connection, _)) => self.admit(connection),
            Err(e) => {
                // Out of descriptors or memory: what is running ends by itself.
                journal::failed(&format!("accept: {e}"));
                wait(None, LOOK_WHEN_FULL);
                None
            }
        }
    }

    /// Gives a connection to a process, unless its uid has more of them than all its places and the stock together: those
    /// of the stock that have answered may not have ended.
    fn admit(&mut self, connection: UnixStream) -> Option<Role> {
        let Peer { uid, .. } = Peer::of(&connection).ok()?;
        let theirs = self.serving.values().filter(|of| **of == uid).count();
        if uid != 0 && (theirs >= EACH as usize + stock::MOST || self.pace.is_too_much(uid, now())) {
            return None;
        }
        if let Some(pid) = self.waiting.hand_over(&connection) {
            self.serving.insert(pid, uid);
            return None;
        }
        match ffi::copy() {
            Ok(ForkResult::Child) => return Some(Role::Serve(connection)),
            Ok(ForkResult::Parent { child }) => {
                self.serving.insert(child, uid);
            }
            Err(e) => no_process(&e),
        }
        None
    }

    fn make_one_to_wait(&mut self) -> Option<Role> {
        match self.waiting.add() {
            Ok(Side::New(from)) => return Some(Role::Wait(from)),
            Ok(Side::Listener) => {}
            Err(e) => {
                no_process(&e);
                self.none_for_a_while();
            }
        }
        None
    }

    fn none_for_a_while(&mut self) {
        self.short_until = now().checked_add(Duration::from_millis(LOOK.into()));
    }
}

#[expect(clippy::disallowed_methods, reason = "a rate's own clock; it decides nothing else")]
fn now() -> Instant {
    Instant::now()
}

fn no_process(why: &io::Error) {
    journal::failed(&format!("cannot start a process: {why}"));
}
