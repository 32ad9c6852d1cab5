//! The programs at a console that ask for a password and a code: login, su, sudo.

use crate::machine::world::{CODE, World};
use crate::people::person::PASSWORD;
use crate::programs::terminal::Terminal;

/// Who calls su.
const CALLER: &str = "caller";

/// What runs after su and sudo let somebody in.
const WHO: &str = "echo in-$(id -un)";

/// A program that authenticates.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Program {
    /// `login NAME` by root, as getty starts it.
    Login,
    /// `su - NAME` by another ordinary user.
    Su,
    /// `sudo` by NAME.
    Sudo,
}

/// How one attempt ended.
#[derive(Debug)]
pub struct Attempt {
    /// Whether the program let the person in.
    pub accepted: bool,
    /// Everything on the terminal.
    pub text: String,
}

impl Program {
    /// Prepares a world for attempts: a caller for su, leave for everybody to use sudo.
    pub fn prepare(world: &World) {
        world.add_account(CALLER);
        world.write("/etc/sudoers.d/wardkey", "Defaults passwd_tries=1\nALL ALL=(ALL) ALL\n");
        world.must("chmod 440 /etc/sudoers.d/wardkey");
    }

    /// One attempt with the right password and `code`.
    #[must_use]
    pub fn attempt(self, world: &World, name: &str, code: &str) -> Attempt {
        self.attempt_after(world, name, code, "")
    }

    /// One attempt by a caller whose shell ran `before` first; login has no such caller.
    #[must_use]
    pub fn attempt_after(self, world: &World, name: &str, code: &str, before: &str) -> Attempt {
        let mut terminal = self.open(world, name, before);
        terminal.answer(CODE, code);
        self.end(terminal, name)
    }

    /// Starts the program, by a caller whose shell ran `before` first, and types the right password.
    #[must_use]
    pub fn open(self, world: &World, name: &str, before: &str) -> Terminal {
        let mut terminal = match self {
            Self::Login => Terminal::start(world, "login", &[name]),
            Self::Su => as_user(world, CALLER, &format!("{before} exec su - {name} -c '{WHO}'")),
            Self::Sudo => as_user(world, name, &format!("{before} exec sudo -k sh -c '{WHO}'")),
        };
        let asks_password = if self == Self::Sudo { "[sudo] password for" } else { "assword: " };
        terminal.answer(asks_password, PASSWORD);
        terminal
    }

    /// Waits until the program lets `name` in, or refuses.
    #[must_use]
    pub fn end(self, terminal: Terminal, name: &str) -> Attempt {
        match self {
            Self::Login => end_of_login(terminal),
            Self::Su => end(terminal, &format!("in-{name}")),
            Self::Sudo => end(terminal, "in-root"),
        }
    }
}

fn as_user(world: &World, name: &str, line: &str) -> Terminal {
    let (user, group) = (format!("--reuid={name}"), format!("--regid={name}"));
    Terminal::start(world, "setpriv", &[&user, &group, "--init-groups", "sh", "-c", line])
}

/// su and sudo run their command, or say why not, and end.
fn end(terminal: Terminal, welcome: &str) -> Attempt {
    let (status, text) = terminal.finish();
    let accepted = text.contains(welcome);
    assert_eq!(status.success(), accepted, "{status}: {text}");
    Attempt { accepted, text }
}

/// login gives a shell, or says "Login incorrect" and asks for another name, or ends.
fn end_of_login(mut terminal: Terminal) -> Attempt {
    let accepted = terminal.expect_any(&["$ ", "Login incorrect"]) == Some(0);
    if accepted {
        terminal.type_line("exit");
        let (status, text) = terminal.finish();
        assert!(status.success(), "{status}: {text}");
        return Attempt { accepted, text };
    }
    Attempt { accepted, text: terminal.transcript() }
}
