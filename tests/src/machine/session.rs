//! A login session as the kernel's audit numbers it, in which one program after the other runs.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdout, Stdio};

use crate::machine::host::Host;
use crate::programs::pam::{Script, Transcript};

/// A shell in a session of its own; it ends with the value.
pub struct Session<'w> {
    host: &'w Host,
    shell: Child,
    output: BufReader<ChildStdout>,
}

impl<'w> Session<'w> {
    /// A new session of the account `uid`, as `pam_loginuid` makes one.
    ///
    /// # Panics
    /// If there is no shell.
    #[must_use]
    pub fn new(host: &'w Host, uid: u32) -> Self {
        let mut command = host.command("sh");
        command.args(["-c", &format!("echo {uid} >/proc/self/loginuid && exec sh")]);
        let mut shell = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("sh");
        let output = BufReader::new(shell.stdout.take().expect("a pipe"));
        Self { host, shell, output }
    }

    /// Runs a line of shell in it, as root; the answer is what was written.
    ///
    /// # Panics
    /// If the shell has ended.
    pub fn run(&mut self, line: &str) -> String {
        let input = self.shell.stdin.as_mut().expect("a pipe");
        writeln!(input, "{{ {line}\n}} </dev/null; echo; echo end").expect("a pipe");
        let mut told = String::new();
        while !told.ends_with("\nend\n") {
            assert!(self.output.read_line(&mut told).expect("text") > 0, "the shell ended: {told}");
        }
        told.truncate(told.len() - "\nend\n".len());
        told
    }

    /// Follows a script; `starter` is what starts the program that does, if it is not root's.
    ///
    /// # Panics
    /// If a prompt came that is not in the script, or one did not come.
    pub fn pam(&mut self, starter: &str, script: &Script) -> Transcript {
        let json = serde_json::to_string(&[script]).expect("JSON");
        let client = self.host.built("pamclient");
        let transcript = Transcript::read(&self.run(&format!("{starter} {} '{json}'", client.display())));
        assert_eq!(transcript.unscripted(), "", "{transcript:#?}\n{}", self.host.syslog().text());
        transcript
    }
}

impl Drop for Session<'_> {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        let _ = self.shell.wait();
    }
}

/// What starts a program as this person.
#[must_use]
pub fn as_person(name: &str) -> String {
    format!("setpriv --reuid={name} --regid={name} --init-groups")
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
