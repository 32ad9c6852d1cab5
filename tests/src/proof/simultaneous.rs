//! Logins that answer at the same moment, each in a process of its own.

use std::io::{BufRead, BufReader, PipeReader, Read, pipe};
use std::process::{Child, ChildStdout, Command, Stdio};

use crate::machine::host::Host;
use crate::programs::pam::{Event, Script, Transcript};

/// A login that waits at its prompt.
struct Waiting {
    child: Child,
    output: BufReader<ChildStdout>,
    told: String,
}

/// Takes every script up to its first prompt, then lets all of them answer at once.
///
/// # Panics
/// If a login does not come to its prompt.
#[must_use]
pub fn together(host: &Host, scripts: &[Script]) -> Vec<Transcript> {
    let (gate, keeper) = pipe().expect("a pipe");
    let start = |script: &Script| begin(host.pam_command(&[script.clone().at_barrier()]), &gate);
    let mut logins: Vec<_> = scripts.iter().map(start).collect();
    logins.iter_mut().for_each(until_waiting);
    drop(keeper);
    logins.into_iter().map(to_the_end).collect()
}

/// A login in a program of `name`'s own, with `work` done while its first prompt stands.
///
/// # Panics
/// If it does not come to its prompt.
pub fn while_prompted(host: &Host, name: &str, script: &Script, work: impl FnOnce()) -> Transcript {
    let (gate, keeper) = pipe().expect("a pipe");
    let command = host.pam_command(&[script.clone().at_barrier()]);
    let mut login = begin(host.under(&["runuser", "--user", name, "--"], &command), &gate);
    until_waiting(&mut login);
    work();
    drop(keeper);
    to_the_end(login)
}

fn begin(mut command: Command, gate: &PipeReader) -> Waiting {
    let stdin = gate.try_clone().expect("a second handle");
    let mut child = command.stdin(stdin).stdout(Stdio::piped()).spawn().expect("pamclient");
    let output = BufReader::new(child.stdout.take().expect("a pipe"));
    Waiting { child, output, told: String::new() }
}

fn until_waiting(login: &mut Waiting) {
    while Transcript::read(&login.told).0.last() != Some(&Event::Waiting) {
        let length = login.output.read_line(&mut login.told).expect("a line");
        assert_ne!(length, 0, "no prompt came: {}", login.told);
    }
}

fn to_the_end(mut login: Waiting) -> Transcript {
    login.output.read_to_string(&mut login.told).expect("text");
    let status = login.child.wait().expect("its end");
    let transcript = Transcript::read(&login.told);
    assert!(status.success() && transcript.unscripted().is_empty(), "{status}: {transcript:#?}");
    transcript
}
