//! A real sshd on a free port of the loopback interface, and two clients.

use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::machine::host::Host;
use crate::people::person::PASSWORD;
use crate::programs::terminal::Terminal;
use crate::proof::outcome::{Outcome, run};

/// Answers ssh's questions: the password to its prompt, the next line of a file to any other. Keeps the prompts.
const ASKPASS: &str = r#"#!/bin/sh
printf '%s\n' "$1" >> /var/prompts
case $1 in
*assword*) printf '%s\n' "$WARDKEY_PASSWORD" ;;
*) head -n 1 /var/answers; sed -i 1d /var/answers ;;
esac
"#;

/// A running sshd.
pub struct Sshd<'host> {
    host: &'host Host,
    child: Child,
    port: u16,
}

impl<'host> Sshd<'host> {
    /// Starts sshd with `AuthenticationMethods` and further lines of configuration.
    ///
    /// # Panics
    /// If it does not come up.
    #[must_use]
    pub fn start(host: &'host Host, methods: &str, lines: &str) -> Self {
        host.must("test -e /etc/ssh/wardkey_host || ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/wardkey_host");
        host.write("/var/askpass", ASKPASS);
        host.must("chmod 755 /var/askpass");
        for _ in 0..5 {
            let port = free_port();
            host.write("/etc/ssh/wardkey_sshd", configuration(port, methods, lines));
            let mut child = host
                .command("/usr/sbin/sshd")
                .args(["-D", "-f", "/etc/ssh/wardkey_sshd", "-E", "/var/log/sshd"])
                .stdin(Stdio::null())
                .spawn()
                .expect("openssh-server");
            if listens(host, &mut child, port) {
                return Self { host, child, port };
            }
        }
        panic!("sshd does not start: {}", host.read("/var/log/sshd"));
    }

    /// Logs in by OpenSSH's client, which answers prompts for codes with `codes`, and runs `id -un`.
    #[must_use]
    pub fn ssh(&self, user: &str, codes: &[&str], options: &[&str]) -> Outcome {
        self.ssh_with_password(user, PASSWORD, codes, options)
    }

    /// As [`Self::ssh`], with another password.
    #[must_use]
    pub fn ssh_with_password(&self, user: &str, password: &str, codes: &[&str], options: &[&str]) -> Outcome {
        self.host.write("/var/answers", codes.iter().map(|code| format!("{code}\n")).collect::<String>());
        self.host.write("/var/prompts", "");
        let mut ssh = self.host.command("ssh");
        ssh.args(["-F", "none", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null"])
            .args(["-o", &format!("NumberOfPasswordPrompts={}", codes.len().max(1))])
            .args(options)
            .args(["-p", &self.port.to_string(), &format!("{user}@127.0.0.1"), "id -un"])
            .env("SSH_ASKPASS", "/var/askpass")
            .env("SSH_ASKPASS_REQUIRE", "force")
            .env("WARDKEY_PASSWORD", password);
        run(&mut ssh, b"")
    }

    /// OpenSSH's client at a terminal of its own, which says `in-NAME` once it is in; the password is typed.
    #[must_use]
    pub fn terminal(&self, user: &str) -> Terminal {
        self.terminal_with(user, &["echo in-$(id -un)"])
    }

    /// The same in a shell, which waits for what is typed.
    #[must_use]
    pub fn shell(&self, user: &str) -> Terminal {
        self.terminal_with(user, &[])
    }

    /// As [`Self::terminal`], by a client of this locale.
    #[must_use]
    pub fn terminal_in(&self, locale: &str, user: &str) -> Terminal {
        self.terminal_of(&["env", &format!("LC_ALL={locale}"), "ssh"], user, &["echo in-$(id -un)"], 1)
    }

    /// A shell by a client of this locale, which asks this often.
    #[must_use]
    pub fn shell_in(&self, locale: &str, user: &str, tries: u8) -> Terminal {
        self.terminal_of(&["env", &format!("LC_ALL={locale}"), "ssh"], user, &[], tries)
    }

    fn terminal_with(&self, user: &str, command: &[&str]) -> Terminal {
        self.terminal_of(&["ssh"], user, command, 1)
    }

    fn terminal_of(&self, client: &[&str], user: &str, command: &[&str], tries: u8) -> Terminal {
        let port = self.port.to_string();
        let prompts = format!("NumberOfPasswordPrompts={tries}");
        let options = ["StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", &prompts];
        let mut arguments = client[1..].to_vec();
        arguments.extend(["-F", "none", "-p", &port]);
        arguments.extend(options.iter().flat_map(|option| ["-o", option]));
        let place = format!("{user}@127.0.0.1");
        arguments.push(&place);
        arguments.extend(command);
        let mut terminal = Terminal::start(self.host, client[0], &arguments);
        terminal.answer("assword: ", PASSWORD);
        terminal
    }

    /// The prompts of the last [`Self::ssh`].
    #[must_use]
    pub fn prompts(&self) -> String {
        self.host.read("/var/prompts")
    }

    /// Makes a key pair that `user` may log in with; the answer is the private key's file.
    #[must_use]
    pub fn authorise_key(&self, user: &str) -> String {
        let key = format!("/etc/ssh/key_{user}");
        self.host.must(&format!(
            "ssh-keygen -q -t ed25519 -N '' -f {key} && mkdir -p /etc/ssh/authorised && \
             cp {key}.pub /etc/ssh/authorised/{user}"
        ));
        key
    }

    /// Logs in by paramiko; `job` adds to and replaces the plain case of one session with one code.
    ///
    /// # Panics
    /// If `job` is not a JSON object, or the client breaks.
    #[must_use]
    pub fn paramiko(&self, user: &str, codes: &[&str], job: &Value) -> Value {
        let mut whole = json!({
            "port": self.port, "user": user, "password": PASSWORD, "codes": codes, "key": null, "sessions": 1,
            "leave": false,
        });
        for (key, value) in job.as_object().expect("an object") {
            whole[key] = value.clone();
        }
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("clients/paramiko_login.py");
        let mut python = self.host.command("/usr/bin/python3");
        run(python.arg("-W").arg("ignore").arg(script).arg(whole.to_string()), b"").exits(0).json()
    }
}

impl Drop for Sshd<'_> {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn configuration(port: u16, methods: &str, lines: &str) -> String {
    format!(
        "{lines}
ListenAddress 127.0.0.1:{port}
HostKey /etc/ssh/wardkey_host
UsePAM yes
AuthenticationMethods {methods}
PasswordAuthentication no
KbdInteractiveAuthentication yes
AuthorizedKeysFile /etc/ssh/authorised/%u
StrictModes no
PidFile none
UseDNS no
MaxStartups 100
LogLevel VERBOSE
"
    )
}

fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    listener.local_addr().expect("its number").port()
}

/// Waits until sshd listens; false if it ended instead, because somebody else took the port.
fn listens(host: &Host, child: &mut Child, port: u16) -> bool {
    let deadline = Instant::now() + Duration::from_secs(90);
    let line = format!("Server listening on 127.0.0.1 port {port}.");
    while Instant::now() < deadline {
        let log = host.path("/var/log/sshd");
        if std::fs::read_to_string(log).is_ok_and(|log| log.contains(&line)) {
            return true;
        }
        if child.try_wait().is_ok_and(|status| status.is_some()) {
            return false;
        }
        thread::sleep(Duration::from_millis(5));
    }
    false
}
