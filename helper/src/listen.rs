//! Without systemd: makes the socket and starts one process a connection.

use crate::journal;
use crate::peer::Peer;
use crate::places::{EACH, make_run_directory};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::stat::{Mode, umask};
use nix::unistd::geteuid;
use std::collections::HashMap;
use std::fs;
use std::io::{self, ErrorKind};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use wardkey_core::config::Config;

/// Connections of everyone at once.
const ALL: usize = 256;

/// Connections of one uid a second; what comes beyond is closed unheard, so that nobody else waits behind it.
const A_SECOND: u32 = 64;

/// Between two looks at which children have ended, in milliseconds; shorter while there is no room for another.
const LOOK: u16 = 1000;
const LOOK_WHEN_FULL: u16 = 20;

/// Makes the socket and serves it until the process is ended.
///
/// # Errors
/// Why it cannot listen.
pub(crate) fn listen(config: &Config, named: Option<&Path>) -> Result<(), String> {
    if !geteuid().is_root() {
        return Err("only root can listen".into());
    }
    let socket = config.helper.socket.path();
    let shown = |e: io::Error| format!("{}: {e}", socket.display());
    let listener = bind(&socket).map_err(shown)?;
    let own = std::env::current_exe().map_err(shown)?;
    let mut room = Room { own: &own, config: named, children: Vec::new(), pace: Pace::new() };
    loop {
        room.look_after();
        if room.children.len() >= ALL {
            wait(None, LOOK_WHEN_FULL);
        } else if wait(Some(&listener), LOOK) {
            match listener.accept() {
                Ok((connection, _)) => room.serve(connection),
                Err(e) => {
                    // Out of descriptors or memory: what is running ends by itself.
                    journal::failed(&format!("accept: {e}"));
                    wait(None, LOOK_WHEN_FULL);
                }
            }
        }
    }
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

/// The processes that serve.
struct Room<'a> {
    own: &'a Path,
    config: Option<&'a Path>,
    children: Vec<(u32, Child)>,
    pace: Pace,
}

/// How many connections each uid has made in this second.
struct Pace {
    second: Instant,
    made: HashMap<u32, u32>,
}

impl Pace {
    #[expect(clippy::disallowed_methods, reason = "a rate's own clock; it decides nothing else")]
    fn new() -> Self {
        Self { second: Instant::now(), made: HashMap::new() }
    }

    fn is_too_much(&mut self, uid: u32) -> bool {
        if self.second.elapsed() >= Duration::from_secs(1) {
            *self = Self::new();
        }
        let made = self.made.entry(uid).or_default();
        *made += 1;
        *made > A_SECOND
    }
}

impl Room<'_> {
    fn look_after(&mut self) {
        self.children.retain_mut(|(_, child)| matches!(child.try_wait(), Ok(None)));
    }

    /// Starts a process for one connection. Who has all their places is not even given one.
    fn serve(&mut self, connection: UnixStream) {
        let Ok(Peer { uid, .. }) = Peer::of(&connection) else { return };
        let theirs = self.children.iter().filter(|(of, _)| *of == uid).count();
        if uid != 0 && (theirs >= EACH as usize || self.pace.is_too_much(uid)) {
            return;
        }
        // Made anew each time: a command keeps its end of the connection, and the caller would wait for that to close.
        let mut command = Command::new(self.own);
        if let Some(config) = self.config {
            command.arg("--config").arg(config);
        }
        command.env_clear().current_dir("/").stdout(Stdio::null()).stderr(Stdio::null());
        match command.stdin(OwnedFd::from(connection)).spawn() {
            Ok(child) => self.children.push((uid, child)),
            Err(e) => journal::failed(&format!("cannot start a process: {e}")),
        }
    }
}
