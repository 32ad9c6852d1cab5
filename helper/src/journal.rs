//! What syslog hears.

use wardkey_core::syslog::{self, Line, Severity};

/// Sends lines; a machine without a syslog has none.
pub(crate) fn write(lines: &[Line]) {
    for line in lines {
        let _ = syslog::send(line.severity, &line.text);
    }
}

/// Something is broken.
pub(crate) fn failed(why: &str) {
    let _ = syslog::send(Severity::Critical, &format!("helper: {why}"));
}

/// Someone asked for what is not theirs.
pub(crate) fn denied(why: &str) {
    let _ = syslog::send(Severity::Warning, &format!("helper: {why}"));
}
