//! A login session in which lockers run.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdout, Command, Stdio};

use crate::machine::host::{CODE, Host};
use crate::people::person::{PASSWORD, Person};
use crate::programs::pam::{Door, PamResult, Script, Transcript};

/// A login session as the kernel's audit numbers it: a shell in it that follows scripts.
pub struct Seat<'w> {
    host: &'w Host,
    /// What starts the locker; empty: it is root's.
    locker: String,
    shell: Child,
    output: BufReader<ChildStdout>,
}

impl<'w> Seat<'w> {
    /// A new session of the account `uid`, as `pam_loginuid` makes one.
    ///
    /// # Panics
    /// If it cannot be made.
    #[must_use]
    pub fn new(host: &'w Host, uid: u32) -> Self {
        let mut command: Command = host.command("sh");
        command.args(["-c", &format!("echo {uid} >/proc/self/loginuid && exec sh")]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut shell = command.spawn().expect("sh");
        let output = BufReader::new(shell.stdout.take().expect("a pipe"));
        Self { host, locker: String::new(), shell, output }
    }

    /// Its lockers run as this person, and ask the helper.
    #[must_use]
    pub fn with_own_locker(mut self, name: &str) -> Self {
        self.locker = format!("setpriv --reuid={name} --regid={name} --init-groups ");
        self
    }

    /// Follows a script in this session, as root does who opens it.
    ///
    /// # Panics
    /// As [`Host::pam`].
    pub fn pam(&mut self, script: &Script) -> Transcript {
        self.started_by("", script)
    }

    /// Follows a script as the locker does.
    ///
    /// # Panics
    /// As [`Host::pam`].
    pub fn unlock(&mut self, script: &Script) -> Transcript {
        let locker = self.locker.clone();
        self.started_by(&locker, script)
    }

    /// Follows a script by this in front of the command.
    ///
    /// # Panics
    /// As [`Host::pam`].
    pub fn started_by(&mut self, starter: &str, script: &Script) -> Transcript {
        let json = serde_json::to_string(&[script]).expect("JSON");
        let client = self.host.built("pamclient");
        let input = self.shell.stdin.as_mut().expect("a pipe");
        writeln!(input, "{starter}{} '{json}' </dev/null; echo; echo end", client.display()).expect("a pipe");
        let mut told = String::new();
        while !told.ends_with("\nend\n") {
            assert!(self.output.read_line(&mut told).expect("text") > 0, "the shell ended: {told}");
        }
        let transcript = Transcript::read(&told);
        assert_eq!(transcript.unscripted(), "", "{transcript:#?}\n{}", self.host.syslog().text());
        transcript
    }

    /// A login with both factors.
    ///
    /// # Panics
    /// If that is not so.
    pub fn logs_in(&mut self, person: &mut Person) {
        let code = person.fresh_code(self.host);
        let script = Script::new("login", &person.name).types("assword", PASSWORD).types(CODE, code);
        let doors = [Door::Auth, Door::Account, Door::SetCred, Door::OpenSession];
        assert_eq!(self.pam(&script.doors(&doors)).results(), [PamResult::Success; 4]);
    }

    /// The password alone reopens.
    ///
    /// # Panics
    /// If that is not so.
    pub fn reopens(&mut self, name: &str) {
        let script = Script::new("locker", name).types("assword", PASSWORD);
        assert_eq!(
            self.unlock(&script.doors(&[Door::Auth, Door::SetCred])).results(),
            [PamResult::Success; 2]
        );
    }

    /// A code is asked for, and with none nobody gets in.
    ///
    /// # Panics
    /// If that is not so.
    pub fn is_asked(&mut self, name: &str) {
        let script = Script::new("locker", name).types("assword", PASSWORD).types(CODE, "");
        assert_eq!(self.unlock(&script).result(), PamResult::AuthErr);
    }

    /// Reopens with both factors.
    ///
    /// # Panics
    /// If that is not so.
    pub fn shows_both(&mut self, person: &mut Person) {
        let code = person.fresh_code(self.host);
        let script = Script::new("locker", &person.name).types("assword", PASSWORD).types(CODE, code);
        assert_eq!(
            self.unlock(&script.doors(&[Door::Auth, Door::SetCred])).results(),
            [PamResult::Success; 2]
        );
    }
}

impl Drop for Seat<'_> {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        let _ = self.shell.wait();
    }
}

impl Host {
    /// The uid of an account of this host.
    ///
    /// # Panics
    /// If there is none of that name.
    #[must_use]
    pub fn uid(&self, name: &str) -> u32 {
        let passwd = self.read("/etc/passwd");
        let mut lines = passwd.lines();
        let line = lines.find_map(|line| line.strip_prefix(&format!("{name}:x:"))).expect("an account");
        line.split(':').next().and_then(|uid| uid.parse().ok()).expect("a uid")
    }
}
