//! One line to the system's log, if it has one (RFC 3164 §4.1, as syslog(3) writes it).

use crate::system::clock::{Clock, SystemClock};
use std::io;
use std::os::unix::net::UnixDatagram;
use std::time::Duration;

/// Where syslogd and journald listen.
const SOCKET: &str = "/dev/log";

/// Messages about logins.
const AUTHPRIV: u8 = 10;

/// Longest message, in bytes: what syslogds and journald take by default.
const LONGEST: usize = 8192;

/// At the end of a line that was cut.
const CUT: &str = " ...";

/// A log that does not take its messages must not hold up a command for longer.
const PATIENCE: Duration = Duration::from_secs(1);

/// How urgent a line is, as syslog(3) numbers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// Someone must look at once.
    Alert = 1,
    /// wardkey cannot work.
    Critical = 2,
    /// Something is broken or misconfigured.
    Error = 3,
    /// Something will go wrong if nobody looks.
    Warning = 4,
    /// A refusal, or something done.
    Notice = 5,
    /// An acceptance.
    Info = 6,
    /// Asked for with `debug`.
    Debug = 7,
}

/// One line, and how urgent it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// How urgent.
    pub severity: Severity,
    /// What it says.
    pub text: String,
}

impl Line {
    /// A line.
    pub fn new(severity: Severity, text: impl Into<String>) -> Self {
        Self { severity, text: text.into() }
    }
}

/// Sends one line. A machine without a syslog has none.
///
/// # Errors
/// Nobody took it.
pub fn send(severity: Severity, line: &str) -> io::Result<()> {
    let socket = UnixDatagram::unbound()?;
    socket.set_write_timeout(Some(PATIENCE))?;
    socket.send_to(message(severity, line).as_bytes(), SOCKET).map(drop)
}

fn message(severity: Severity, line: &str) -> String {
    let priority = AUTHPRIV * 8 + severity as u8;
    let time = SystemClock.now().local().strftime("%b %e %H:%M:%S").to_string();
    let whole = format!("<{priority}>{time} wardkey[{}]: {line}", std::process::id());
    shortened(whole)
}

/// Cut at the end of a character: a datagram too long would be lost as a whole.
fn shortened(mut line: String) -> String {
    if line.len() > LONGEST {
        let end = (0..=LONGEST - CUT.len()).rev().find(|end| line.is_char_boundary(*end));
        line.truncate(end.unwrap_or(0));
        line.push_str(CUT);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_too_long_is_cut_at_the_end_of_a_character() {
        let line = message(Severity::Notice, &"\u{e9}".repeat(LONGEST));
        assert!(line.len() <= LONGEST && line.len() > LONGEST - 2 && line.ends_with("\u{e9} ..."));
    }

    #[test]
    fn a_line_is_written_as_syslog_3_writes_it() {
        let line = message(Severity::Alert, "check accepted");
        assert!(
            line.starts_with("<81>")
                && line.ends_with(&format!(" wardkey[{}]: check accepted", std::process::id()))
        );
        assert_eq!(line.find(" wardkey"), Some("<81>Nov 22 12:00:00".len()), "{line}");
    }
}
