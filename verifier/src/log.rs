//! What syslog hears.

use wardkey_core::system::syslog::{self, Line, Severity};

/// Sends lines; a machine without a syslog has none.
pub(crate) fn write(lines: &[Line]) {
    for line in lines {
        let _ = syslog::send(line.severity, &line.text);
    }
}

/// Something is broken.
pub(crate) fn failed(why: &str) {
    let _ = syslog::send(Severity::Critical, &format!("verifier: {why}"));
}

/// Something to look at.
pub(crate) fn warn(why: &str) {
    let _ = syslog::send(Severity::Warning, &format!("verifier: {why}"));
}
