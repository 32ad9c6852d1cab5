//! What systemd does for a change that takes itself back: a timer of this boot, and a unit at the next one.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// There only where systemd runs the machine (`sd_booted(3)`).
const RUNNING: &str = "/run/systemd/system";

/// The unit that puts back: at a boot by itself, and when the time is up by a timer of the same name.
const PUT_BACK: &str = "wardkey-put-back";

/// The unit that watches over the files.
const WATCH: &str = "wardkey-watch.path";

/// sshd's names: Debian's and that of others.
const SSHD: [&str; 2] = ["ssh.service", "sshd.service"];

/// The sockets that start it.
const SSHD_SOCKETS: [&str; 2] = ["ssh.socket", "sshd.socket"];

/// Why systemd did not do it: its words.
pub(crate) type Unwilling = String;

/// Whether systemd runs this machine.
pub(crate) fn runs() -> bool {
    Path::new(RUNNING).is_dir()
}

/// From now on a boot puts back what is not confirmed, and so does this boot after `within`.
///
/// # Errors
/// [`Unwilling`]; a boot may put back all the same, which finds nothing to do.
pub(crate) fn arm(within: Duration) -> Result<(), Unwilling> {
    run("systemctl", &["enable", "--quiet", &format!("{PUT_BACK}.service")])?;
    disarm();
    let (unit, after) = (format!("--unit={PUT_BACK}.service"), format!("--on-active={}s", within.as_secs()));
    run("systemd-run", &["--quiet", &unit, &after, "--timer-property=AccuracySec=1s"])
}

/// The timer goes; what it would have found is confirmed or put back.
pub(crate) fn disarm() {
    let _ = run("systemctl", &["stop", "--quiet", &format!("{PUT_BACK}.timer")]);
}

/// Whether the timer of this boot runs. A container that is restarted keeps the name of the boot, and so does a restart of
/// systemd's alone (`systemctl soft-reboot`); a timer outlives neither.
pub(crate) fn is_armed() -> bool {
    run("systemctl", &["is-active", "--quiet", &format!("{PUT_BACK}.timer")]).is_ok()
}

/// From now on, at once and at each boot, systemd watches over the files of what is on.
///
/// # Errors
/// [`Unwilling`]; nobody watches.
pub(crate) fn watch() -> Result<(), Unwilling> {
    if runs() { run("systemctl", &["enable", "--quiet", "--now", WATCH]) } else { Ok(()) }
}

/// The same no more: nothing is on.
pub(crate) fn watch_no_more() {
    if runs() {
        let _ = run("systemctl", &["disable", "--quiet", "--now", WATCH]);
    }
}

/// A change that a kill breaks off is put back or finished at the next boot, also where no timer was ever set.
pub(crate) fn finish_at_boot() {
    if runs() {
        let _ = run("systemctl", &["enable", "--quiet", &format!("{PUT_BACK}.service")]);
    }
}

/// Lets a running sshd read its configuration; one that is started for each connection reads it then. Where systemd does not run
/// this machine there is nothing to ask: by chroot systemctl answers each question with yes.
///
/// # Errors
/// [`Unwilling`].
pub(crate) fn reload_sshd(when: When) -> Result<(), Unwilling> {
    if !runs() {
        return Ok(());
    }
    let active = SSHD.into_iter().find(|unit| run("systemctl", &["is-active", "--quiet", unit]).is_ok());
    // One that a socket started has lost it when it reads its files again, and ends. Its sessions outlive both.
    let is_by_socket =
        SSHD_SOCKETS.into_iter().any(|unit| run("systemctl", &["is-active", "--quiet", unit]).is_ok());
    let verb = if is_by_socket { "restart" } else { "reload" };
    let words = match when {
        When::Now => vec![verb],
        When::Behind => vec![verb, "--no-block"],
    };
    let Some(unit) = active else { return Ok(()) };
    // A restart would end the one that runs before it finds a mistake of somebody's in the files.
    run("/usr/sbin/sshd", &["-t"])?;
    run("systemctl", &[&words[..], &[unit]].concat())
}

/// When sshd reads its configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum When {
    /// Before the command goes on.
    Now,
    /// When the unit that puts back has ended: sshd's jobs wait for it, and it must not wait for them.
    Behind,
}

fn run(program: &str, arguments: &[&str]) -> Result<(), Unwilling> {
    let mut command = Command::new(Path::new("/usr/bin").join(program));
    let output = command.args(arguments).stdin(Stdio::null()).output().map_err(|e| e.to_string())?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let silent = || format!("{program} {}: {}", arguments.join(" "), output.status);
    Err(said.lines().last().map_or_else(silent, |line| line.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::run;

    #[test]
    fn a_program_that_fails_without_a_word_is_told_with_what_it_was_asked() {
        assert_eq!(run("false", &["--quiet", "unit"]), Err("false --quiet unit: exit status: 1".to_owned()));
        assert_eq!(run("true", &[]), Ok(()));
        let said = run("ls", &["/nowhere"]).expect_err("no such file");
        assert!(said.contains("/nowhere") && !said.contains("exit status"), "{said}");
    }
}
