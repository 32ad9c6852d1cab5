//! What syslog hears.

use wardkey_core::grace::Refusals;
use wardkey_core::policy::config::Config;
use wardkey_core::system::syslog::{self, Line, Severity};

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

/// A program of this uid asked for what is not theirs. It may ask again and again: few of its lines are written, each with
/// the number that it stands for.
pub(crate) fn denied(config: &Config, uid: u32, why: &str) {
    let counted = Refusals::of_this_boot(config.run.path.path(), uid).and_then(|of| of.one_more());
    let Some(count) = counted.unwrap_or(Some(1)) else { return };
    let times = if count > 1 { format!(" count={count}") } else { String::new() };
    let _ = syslog::send(Severity::Warning, &format!("helper: uid {uid} {why}{times}"));
}
