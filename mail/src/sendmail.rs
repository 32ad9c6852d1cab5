//! Mail by the local command, which queues it.

use super::message::Letter;
use super::{MailError, MailStep, Trouble, time_left};
use nix::sys::wait::{Id, WaitPidFlag, waitid};
use nix::unistd::Pid;
use std::io::Write;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::sync_channel;
use std::thread;
use std::time::Instant;

/// Exit statuses of sendmail programs that name a cause (sysexits.h).
const CAUSES: [(i32, &str); 7] = [
    (67, "the recipient is unknown (67)"),
    (69, "a service it needs is not there (69)"),
    (71, "the system refused something (71)"),
    (73, "it cannot write its queue (73)"),
    (75, "not now, it says (75)"),
    (77, "it may not do that (77)"),
    (78, "its own configuration is wrong (78)"),
];

/// Gives the letter to the command on its standard input, with nothing in its environment. Status 0 means that it is
/// queued; whether it is ever delivered is the mail system's affair. At the deadline the command is killed.
pub(super) fn queue(program: &Path, letter: &Letter, deadline: Instant) -> Result<(), MailError> {
    let failed = |trouble| MailError::new(MailStep::Sendmail, trouble);
    // Neither address can look like an option: they never begin with a hyphen.
    let mut child = Command::new(program)
        .args(["-i", "-f", letter.from.as_ref(), letter.to.as_ref()])
        .env_clear()
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|e| failed(Trouble::Broken(format!("{}: {e}", program.display()))))?;
    let input = child.stdin.take();
    if ends_in_time(&child, input, letter, deadline) {
        let status = child.wait().map_err(|e| failed(Trouble::Broken(e.to_string())))?;
        if status.success() { Ok(()) } else { Err(failed(Trouble::Ended(told(status)))) }
    } else {
        let _ = child.kill();
        let _ = child.wait();
        Err(failed(Trouble::TimedOut))
    }
}

/// Writes the letter, and waits until the command has ended, without taking its status: until that is taken, no
/// other process can have its number.
fn ends_in_time(child: &Child, input: Option<ChildStdin>, letter: &Letter, deadline: Instant) -> bool {
    let (ended, has_ended) = sync_channel(1);
    let (text, id) = (letter.text.clone(), child.id());
    let started = thread::Builder::new().name("sendmail".into()).spawn(move || {
        if let Some(mut input) = input {
            // A command that does not read says so by its status.
            let _ = input.write_all(&text);
        }
        let waited = i32::try_from(id).map(Pid::from_raw).ok();
        let flags = WaitPidFlag::WEXITED | WaitPidFlag::WNOWAIT;
        if waited.is_some_and(|pid| waitid(Id::Pid(pid), flags).is_ok()) {
            let _ = ended.send(());
        }
    });
    started.is_ok() && has_ended.recv_timeout(time_left(deadline)).is_ok()
}

fn told(status: ExitStatus) -> String {
    let known = status.code().and_then(|code| CAUSES.iter().find(|(known, _)| *known == code));
    known.map_or_else(|| format!("it ended with {status}"), |(_, cause)| (*cause).to_owned())
}
