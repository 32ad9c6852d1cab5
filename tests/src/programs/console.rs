//! The programs at a console that ask for a password and a code: login, su, sudo.

use crate::machine::host::{CODE, Host};
use crate::people::person::PASSWORD;
use crate::programs::terminal::Terminal;

/// Who calls su.
const CALLER: &str = "caller";

/// What runs after su and sudo let somebody in.
const WHO: &str = "echo in-$(id -un)";

/// A program that authenticates.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ConsoleProgram {
    /// `login NAME` by root, as getty starts it.
    Login,
    /// `su - NAME` by another ordinary user.
    Su,
    /// `sudo` by NAME.
    Sudo,
}

/// How one attempt ended.
#[derive(Debug)]
pub struct ConsoleLogin {
    /// Whether the program let the person in.
    pub accepted: bool,
    /// Everything on the terminal.
    pub text: String,
}

impl ConsoleProgram {
    /// Prepares a host for attempts: a caller for su, leave for everybody to use sudo.
    pub fn prepare(host: &Host) {
        host.add_account(CALLER);
        host.write("/etc/sudoers.d/wardkey", "Defaults passwd_tries=1\nALL ALL=(ALL) ALL\n");
        host.must("chmod 440 /etc/sudoers.d/wardkey");
    }

    /// One attempt with the right password and `code`.
    #[must_use]
    pub fn attempt(self, host: &Host, name: &str, code: &str) -> ConsoleLogin {
        self.attempt_after(host, name, code, "")
    }

    /// One attempt by a caller whose shell ran `before` first; login has no such caller.
    #[must_use]
    pub fn attempt_after(self, host: &Host, name: &str, code: &str, before: &str) -> ConsoleLogin {
        let mut terminal = self.open(host, name, before);
        terminal.answer(CODE, code);
        self.end(terminal, name)
    }

    /// Starts the program, by a caller whose shell ran `before` first, and types the right password.
    #[must_use]
    pub fn open(self, host: &Host, name: &str, before: &str) -> Terminal {
        let mut terminal = match self {
            Self::Login => Terminal::start(host, "login", &[name]),
            Self::Su => as_user(host, CALLER, &format!("{before} exec su - {name} -c '{WHO}'")),
            Self::Sudo => as_user(host, name, &format!("{before} exec sudo -k sh -c '{WHO}'")),
        };
        let asks_password = if self == Self::Sudo { "[sudo] password for" } else { "assword: " };
        terminal.answer(asks_password, PASSWORD);
        terminal
    }

    /// Waits until the program lets `name` in, or refuses.
    #[must_use]
    pub fn end(self, terminal: Terminal, name: &str) -> ConsoleLogin {
        match self {
            Self::Login => end_of_login(terminal),
            Self::Su => end(terminal, &format!("in-{name}")),
            Self::Sudo => end(terminal, "in-root"),
        }
    }
}

fn as_user(host: &Host, name: &str, line: &str) -> Terminal {
    let (user, group) = (format!("--reuid={name}"), format!("--regid={name}"));
    Terminal::start(host, "setpriv", &[&user, &group, "--init-groups", "sh", "-c", line])
}

/// su and sudo run their command, or say why not, and end.
fn end(terminal: Terminal, welcome: &str) -> ConsoleLogin {
    let (status, text) = terminal.finish();
    let accepted = text.contains(welcome);
    assert_eq!(status.success(), accepted, "{status}: {text}");
    ConsoleLogin { accepted, text }
}

/// login gives a shell, or says "Login incorrect" and asks for another name, or ends.
fn end_of_login(mut terminal: Terminal) -> ConsoleLogin {
    let accepted = terminal.expect_any(&["$ ", "Login incorrect"]) == Some(0);
    if accepted {
        terminal.type_line("exit");
        let (status, text) = terminal.finish();
        assert!(status.success(), "{status}: {text}");
        return ConsoleLogin { accepted, text };
    }
    ConsoleLogin { accepted, text: terminal.transcript() }
}
