//! A login that leads into enrolment, at a terminal: the person scans, types a code, and keeps the recovery codes.

use crate::machine::host::Host;
use crate::people::person::Person;
use crate::programs::authenticator_app::Authenticator;
use crate::programs::console::{ConsoleLogin, ConsoleProgram};
use crate::programs::sshd::Sshd;
use crate::programs::terminal::Terminal;
use crate::proof::terminal_screen::{DARK, printed_codes, scan};

/// The prompt for the first code.
pub const FIRST_CODE: &str = "Code from the app: ";
/// The same where the QR code is not drawn yet: through sshd nobody can tell whether the client could show it.
pub const FIRST_CODE_UNDRAWN: &str = "Code from the app (Return shows a QR code): ";
/// The prompt after the recovery codes.
pub const KEPT: &str = "Type \"saved\" once you have kept them: ";

/// A way in.
#[derive(Clone, Copy)]
pub enum Gate<'a> {
    /// A program at the console.
    Console(ConsoleProgram),
    /// OpenSSH's client.
    Ssh(&'a Sshd<'a>),
}

impl Gate<'_> {
    /// Comes as far as the password, which is typed.
    #[must_use]
    pub fn open(self, host: &Host, name: &str) -> Terminal {
        match self {
            Self::Console(program) => program.open(host, name, ""),
            Self::Ssh(sshd) => sshd.terminal(name),
        }
    }

    /// Waits for the end: a shell or a refusal.
    #[must_use]
    pub fn end(self, terminal: Terminal, name: &str) -> ConsoleLogin {
        match self {
            Self::Console(program) => program.end(terminal, name),
            Self::Ssh(_) => {
                let (status, text) = terminal.finish();
                let accepted = text.contains(&format!("in-{name}"));
                assert_eq!(status.success(), accepted, "{status}: {text}");
                ConsoleLogin { accepted, text }
            }
        }
    }
}

/// Scans the QR code before the prompt for the first code, which is waited for.
///
/// # Panics
/// If there is none.
pub fn scanned(host: &Host, terminal: &mut Terminal) -> Authenticator {
    if terminal.expect_any(&[FIRST_CODE, FIRST_CODE_UNDRAWN]) == Some(1) {
        terminal.type_line("");
        terminal.expect(FIRST_CODE);
    }
    let uri = scan(host, terminal.bytes(), DARK);
    let (_, secret) =
        uri.split_once("secret=").unwrap_or_else(|| panic!("{uri:?}: {}", terminal.transcript()));
    Authenticator::of_key(secret.split('&').next().unwrap_or_default().to_owned())
}

/// Types a right code and reads the recovery codes, up to the question whether they are kept.
pub fn up_to_the_codes(host: &Host, terminal: &mut Terminal, name: &str) -> Person {
    let phone = scanned(host, terminal);
    let last_step = host.now() / phone.period;
    terminal.type_line(&phone.code(last_step));
    let recovery_codes = printed_codes(&terminal.expect(KEPT));
    Person { name: name.into(), phone, recovery_codes, last_step }
}

/// The whole of it.
pub fn enrols(host: &Host, terminal: &mut Terminal, name: &str) -> Person {
    let person = up_to_the_codes(host, terminal, name);
    terminal.type_line("saved");
    person
}
