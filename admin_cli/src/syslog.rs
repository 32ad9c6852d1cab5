//! One line to the system's log, if it has one (RFC 3164 §4.1, as syslog(3) writes it).

use std::os::unix::net::UnixDatagram;
use std::time::Duration;
use wardkey_core::clock::{Clock, SystemClock};

/// Where syslogd and journald listen.
const SOCKET: &str = "/dev/log";

/// Messages about logins.
const AUTHPRIV: u8 = 10;

/// A log that does not take its messages must not hold up a command for longer.
const PATIENCE: Duration = Duration::from_secs(1);

/// How urgent a line is, as syslog(3) numbers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Severity {
    /// Somebody should look now.
    Alert = 1,
    /// Something failed.
    Error = 3,
    /// It happened.
    Notice = 5,
}

/// Sends one line; a machine without a syslog has none.
pub(crate) fn send(severity: Severity, line: &str) {
    let Ok(socket) = UnixDatagram::unbound() else { return };
    let _ = socket.set_write_timeout(Some(PATIENCE));
    let _ = socket.send_to(message(severity, line).as_bytes(), SOCKET);
}

fn message(severity: Severity, line: &str) -> String {
    let priority = AUTHPRIV * 8 + severity as u8;
    let time = SystemClock.now().local().strftime("%b %e %H:%M:%S").to_string();
    format!("<{priority}>{time} wardkey[{}]: {line}", std::process::id())
}

#[cfg(test)]
mod tests {
    use super::*;

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
