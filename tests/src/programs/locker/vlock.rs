//! vlock: a locked terminal. It lets root's password in as well, so a refusal is followed by a question for that.

use super::{Locked, Unlocking, as_user};
use crate::machine::host::{CODE, Host};
use crate::programs::terminal::Terminal;

/// What it says before it asks anything.
const LOCKED: &str = "press [ENTER] to unlock";
const REFUSED: &str = "vlock: ";

/// A terminal under vlock.
pub(super) struct Vlock {
    terminal: Terminal,
    name: String,
}

/// Locks a terminal.
pub(super) fn lock(host: &Host, name: &str) -> Vlock {
    let mut setsid = host.command("setsid");
    setsid.args(["--ctty", "--", "setpriv"]);
    as_user(&mut setsid, host, name).args(["vlock", "--current"]).env("TERM", "linux");
    let mut terminal = Terminal::attach(&mut setsid);
    terminal.expect(LOCKED);
    Vlock { terminal, name: name.to_owned() }
}

impl Vlock {
    /// Goes back to where nothing is asked.
    fn locks_again(&mut self) {
        // The question for root's password, then the start.
        self.answer("root's Password: ", "");
        self.terminal.expect(LOCKED);
    }

    /// It throws away what was typed before it listens.
    fn answer(&mut self, question: &str, text: &str) {
        self.terminal.expect(question);
        self.terminal.is_listening();
        self.terminal.type_line(text);
    }

    /// Types the password; whether a code is asked for then, or `None` if the terminal is open.
    fn begin(&mut self, password: &str) -> Option<bool> {
        self.terminal.is_listening();
        self.terminal.type_line("");
        let question = format!("{}'s Password: ", self.name);
        self.answer(&question, password);
        self.terminal.expect_any(&[CODE, REFUSED]).map(|seen| seen == 0)
    }
}

impl Locked for Vlock {
    fn enter(&mut self, password: &str, code: &str) -> Unlocking {
        let start = self.terminal.bytes().len();
        let mut opened = match self.begin(password) {
            Some(true) => {
                self.answer(": ", code);
                self.terminal.expect_any(&[REFUSED]).is_none()
            }
            other => other.is_none(),
        };
        if opened {
            opened = self.terminal.ended_well();
        } else {
            self.locks_again();
        }
        Unlocking { opened, said: String::from_utf8_lossy(&self.terminal.bytes()[start..]).into_owned() }
    }
}
