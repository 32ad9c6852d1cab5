//! The helper, listening in a host as it does on a machine without systemd.

use std::fs;
use std::os::unix::fs::FileTypeExt;
use std::os::unix::net::UnixStream;
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::machine::host::{CONFIG, Host};

/// Where it listens.
pub const SOCKET: &str = "/run/wardkey/helper.sock";

/// How long it may take to begin.
const PATIENCE: Duration = Duration::from_secs(90);

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

    /// Its copies, each of which serves a connection.
    #[must_use]
    pub fn serving(&self, host: &Host) -> Vec<String> {
        let line = format!("ps --ppid {} -o pid=,stat= | awk '$2 !~ /Z/ {{ print $1 }}'", self.pid());
        host.shell(&line).exits(0).stdout.lines().map(str::to_owned).collect()
    }

    /// Waits until this many are served.
    ///
    /// # Panics
    /// If it does not come to that.
    #[must_use]
    pub fn once_serving(&self, host: &Host, count: usize) -> Vec<String> {
        let begun = Instant::now();
        loop {
            let serving = self.serving(host);
            if serving.len() == count {
                return serving;
            }
            assert!(begun.elapsed() < PATIENCE, "it serves {serving:?}, not {count}");
            sleep(Duration::from_millis(20));
        }
    }

    /// Sends it a signal.
    pub fn signal(&self, host: &Host, name: &str) {
        host.shell(&format!("kill -{name} {}", self.pid())).exits(0);
    }

    /// Tells it to reload, as `systemctl reload` does.
    pub fn reload(&self, host: &Host) {
        self.signal(host, "HUP");
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

impl Host {
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
        let built = self.built("wardkey-helper");
        self.start_installed_helper(built.to_str().expect("a plain path"), starter)
    }

    /// The same of the program at `path`, which may be replaced while it runs.
    ///
    /// # Panics
    /// If it does not begin to listen.
    #[must_use]
    pub fn start_installed_helper(&self, path: &str, starter: &[&str]) -> Listening {
        let mut command = self.command(path);
        command.args(["--config", CONFIG, "listen"]);
        if !starter.is_empty() {
            command = self.under(starter, &command);
        }
        command.stdin(Stdio::null()).stdout(Stdio::null());
        let socket = self.path(SOCKET);
        Listening { process: command.spawn().expect("the helper") }
            .once(|| UnixStream::connect(&socket).is_ok())
    }

    /// The helper as systemd starts it: `systemd-socket-activate` listens, and becomes `starter` and the helper once somebody
    /// connects, with the socket open.
    ///
    /// # Panics
    /// If it does not begin to listen.
    #[must_use]
    pub fn activate_helper(&self, starter: &[&str]) -> Listening {
        self.shell("mkdir -p -m 755 /run/wardkey").exits(0);
        let mut command = self.command("systemd-socket-activate");
        command.args(["--listen", SOCKET, "--setenv=WHATEVER=there"]);
        command.args(starter).arg(self.built("wardkey-helper")).args(["--config", CONFIG]);
        command.stdin(Stdio::null()).stderr(Stdio::null());
        let _ = fs::remove_file(self.path(SOCKET));
        let process = command.spawn().expect("systemd-socket-activate");
        // A connection would start it.
        let is_there = || fs::metadata(self.path(SOCKET)).is_ok_and(|found| found.file_type().is_socket());
        let listening = Listening { process }.once(is_there);
        self.shell(&format!("chmod 666 {SOCKET}")).exits(0);
        listening
    }
}
