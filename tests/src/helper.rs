//! The helper, listening in a world as it does on a machine without systemd.

use std::fs;
use std::os::unix::fs::FileTypeExt;
use std::os::unix::net::UnixStream;
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::world::{CONFIG, World};

/// Where it listens.
pub const SOCKET: &str = "/run/wardkey/helper.sock";

/// How long it may take to begin.
const PATIENCE: Duration = Duration::from_secs(20);

/// A helper that listens; it ends with the value.
pub struct Listening {
    process: Child,
}

impl Listening {
    /// Its process id.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.process.id()
    }

    /// Its processes that hold a place of somebody's.
    #[must_use]
    pub fn serving(&self, world: &World) -> Vec<String> {
        let places = "ls -l /proc/$pid/fd 2>/dev/null | grep --quiet /places/ && echo $pid";
        let line = format!("for pid in $(pgrep --parent {}); do {places}; done; true", self.pid());
        world.shell(&line).exits(0).stdout.lines().map(str::to_owned).collect()
    }

    /// Whether it still does.
    ///
    /// # Panics
    /// If the system does not say.
    pub fn listens(&mut self) -> bool {
        self.process.try_wait().expect("its status").is_none()
    }
}

impl Listening {
    fn once(mut self, listens: impl Fn() -> bool) -> Self {
        let begun = Instant::now();
        while !listens() {
            let ended = self.process.try_wait().expect("its status");
            assert!(ended.is_none(), "the helper ended: {ended:?}");
            assert!(begun.elapsed() < PATIENCE, "the helper does not listen");
            sleep(Duration::from_millis(5));
        }
        self
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl World {
    /// Starts the helper, and returns once it answers.
    ///
    /// # Panics
    /// If it does not begin to listen.
    #[must_use]
    pub fn start_helper(&self) -> Listening {
        self.start_helper_by(&[])
    }

    /// The same by a program that executes the rest of its arguments.
    ///
    /// # Panics
    /// If it does not begin to listen.
    #[must_use]
    pub fn start_helper_by(&self, starter: &[&str]) -> Listening {
        let mut command = self.command(self.built("wardkey-helper"));
        command.args(["--config", CONFIG, "listen"]);
        if !starter.is_empty() {
            command = self.under(starter, &command);
        }
        command.stdin(Stdio::null()).stdout(Stdio::null());
        let socket = self.path(SOCKET);
        Listening { process: command.spawn().expect("the helper") }
            .once(|| UnixStream::connect(&socket).is_ok())
    }

    /// The helper as systemd runs it: `systemd-socket-activate` listens, and starts `starter` and the helper for each
    /// connection, which is their standard input.
    ///
    /// # Panics
    /// If it does not begin to listen.
    #[must_use]
    pub fn activate_helper(&self, starter: &[&str]) -> Listening {
        self.shell("mkdir -p -m 755 /run/wardkey").exits(0);
        let mut command = self.command("systemd-socket-activate");
        command.args(["--accept", "--inetd", "--listen", SOCKET, "--setenv=WHATEVER=there"]);
        command.args(starter).arg(self.built("wardkey-helper")).args(["--config", CONFIG]);
        command.stdin(Stdio::null()).stderr(Stdio::null());
        let _ = fs::remove_file(self.path(SOCKET));
        let process = command.spawn().expect("systemd-socket-activate");
        // A connection would start a process.
        let is_there = || fs::metadata(self.path(SOCKET)).is_ok_and(|found| found.file_type().is_socket());
        let listening = Listening { process }.once(is_there);
        self.shell(&format!("chmod 666 {SOCKET}")).exits(0);
        listening
    }
}
