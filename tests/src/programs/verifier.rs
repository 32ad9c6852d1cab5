//! The clinic's verifier on a host of its own, as its own user.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use wardkey_fleet::Joined;

use crate::machine::host::{CONFIG, Host, STATE};
use crate::programs::seat::{Identity, Server};
use crate::proof::outcome::{Outcome, run};

/// The account as which it runs.
pub const USER: &str = "judge";

/// How long it may take to begin.
const PATIENCE: Duration = Duration::from_secs(60);

/// A host on which the verifier is set up, and may run.
pub struct Verifier {
    /// The host.
    pub host: Host,
    /// As seats reach it.
    pub server: Server,
    process: Option<Child>,
}

impl Verifier {
    /// Set up as an administrator does it, with these further tables; it does not run yet.
    ///
    /// # Panics
    /// If it cannot be made.
    #[must_use]
    pub fn set_up(tables: &str) -> Self {
        let host = Host::bare();
        host.add_account(USER);
        let free = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address: SocketAddr = free.local_addr().expect("its number");
        drop(free);
        host.configure(&format!("{tables}\n[verifier]\nlisten = \"{address}\"\nuser = \"{USER}\"\n"));
        host.shell(&format!("chown {USER} /etc/wardkey/seal.key")).exits(0);
        host.wardkey(&["fleet", "init"], "").exits(0);
        let authority = host.read(&format!("{STATE}/fleet/authority.crt"));
        Self { host, server: Server { address, authority }, process: None }
    }

    /// The same, and it runs.
    #[must_use]
    pub fn new() -> Self {
        let mut verifier = Self::set_up("");
        verifier.start(&[]);
        verifier
    }

    /// Starts it, by way of these words where any are given: `["prlimit", "--fsize=0"]`.
    ///
    /// # Panics
    /// If it does not listen.
    pub fn start(&mut self, starter: &[&str]) {
        let command = self.command();
        // runuser(1) stays in between: what it started ends with it.
        let whole =
            [starter, &["runuser", "--user", USER, "--", "setpriv", "--pdeathsig", "KILL", "--"]].concat();
        let mut command = self.host.under(&whole, &command);
        let silent = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut process = silent.spawn().expect("started");
        let begun = Instant::now();
        while TcpStream::connect(self.server.address).is_err() {
            let ended = process.try_wait().expect("its status");
            assert!(ended.is_none(), "the verifier ended: {ended:?}\n{}", self.host.syslog().text());
            assert!(begun.elapsed() < PATIENCE, "the verifier does not listen");
            sleep(Duration::from_millis(5));
        }
        self.process = Some(process);
    }

    fn command(&self) -> std::process::Command {
        let mut command = self.host.command(self.host.built("wardkey-verifier"));
        command.args(["--config", CONFIG]);
        command
    }

    /// Starts it as this user, where it is to refuse.
    pub fn refuses_as(&self, user: &str) -> Outcome {
        let command = self.command();
        run(&mut self.host.under(&["runuser", "--user", user, "--"], &command), b"")
    }

    /// Kills it, whatever it is doing.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = process.kill();
            let _ = process.wait();
        }
        while TcpStream::connect(self.server.address).is_ok() {
            sleep(Duration::from_millis(2));
        }
    }

    /// Kills it and starts it again.
    pub fn restart(&mut self) {
        self.kill();
        self.start(&[]);
    }

    /// A joining token of the command's.
    ///
    /// # Panics
    /// If it makes none.
    #[must_use]
    pub fn token(&self, seat: &str) -> String {
        let answer = self.host.json(&["fleet", "token", seat], "");
        answer["token"].as_str().expect("a token").to_owned()
    }

    /// A machine that has joined as this seat.
    ///
    /// # Panics
    /// If it may not.
    #[must_use]
    pub fn seat(&self, name: &str) -> Identity {
        let (joined, key) = self.server.join(&self.token(name), None);
        let Joined::Come { certificate, .. } = joined else { panic!("{joined:?}") };
        Identity { certificate, key }
    }
}

impl Default for Verifier {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Verifier {
    fn drop(&mut self) {
        self.kill();
    }
}
