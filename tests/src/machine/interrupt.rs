//! Programs interrupted: killed at a moment or at one system call, or one system call failing.

use std::collections::HashMap;
use std::io::Write;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::machine::host::{Host, STATE};
use crate::proof::outcome::{Outcome, finish, run};

/// The system calls that can change what is on disk.
const CHANGING: &str = "write,writev,pwrite64,fsync,fdatasync,sync_file_range,rename,renameat,renameat2,link,linkat,\
    unlink,unlinkat,rmdir,mkdir,mkdirat,open,openat,creat,truncate,ftruncate,fallocate,chmod,fchmod,fchmodat,chown,\
    fchown,fchownat,utimensat,flock";

/// One system call of a program's run: the `nth` of that name.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Call {
    /// The call's name.
    pub name: String,
    /// Which of the calls of that name, from 1.
    pub nth: usize,
    /// The call as strace showed it.
    pub line: String,
}

impl Call {
    /// Whether what is recorded depends on it: not so the audit file, clearing up after others, the lock under which
    /// everything of somebody is removed, the word that all is settled, and the note that a service was proven.
    #[must_use]
    pub fn is_for_the_record(&self) -> bool {
        let is_tidying = matches!(self.name.as_str(), "unlinkat" | "flock");
        let is_note = self.line.contains(&format!("{STATE}/enabled/"));
        self.line.contains(STATE) && !is_tidying && !is_note && !self.says_it_is_settled()
    }

    /// The word behind a sync that saves the next writer one. That nothing is settled is another: it must be there.
    #[must_use]
    pub fn says_it_is_settled(&self) -> bool {
        self.name == "pwrite64" && self.line.contains(", 8, ") && !self.line.contains(r#""\0\0\0\0\0\0\0\0""#)
    }
}

/// Starts `command`, gives it `input`, and kills it after `delay` if it still runs.
///
/// # Panics
/// If it does not start.
pub fn kill_after(command: &mut Command, input: &[u8], delay: Duration) -> Outcome {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a program");
    let _ = child.stdin.take().expect("a pipe").write_all(input);
    thread::sleep(delay);
    let _ = child.kill();
    finish(child)
}

/// Runs `command` to its end and lists its calls that changed something of ours.
pub fn changing_calls(host: &Host, command: &Command, input: &[u8]) -> (Outcome, Vec<Call>) {
    let (outcome, trace) = trace(host, command, input);
    (outcome, parse(&trace))
}

/// Runs `command` to its end; with its outcome comes what strace wrote of its calls that change something.
pub fn trace(host: &Host, command: &Command, input: &[u8]) -> (Outcome, String) {
    let trace = "/var/trace";
    let options = ["-f", "-y", "-qq", "-s", "256", "-e", &format!("trace={CHANGING}")].map(str::to_owned);
    let output = host.path(trace);
    let output = ["-o".to_owned(), output.to_string_lossy().into_owned()];
    let outcome = run(&mut traced(command, &[options.as_slice(), &output].concat()), input);
    (outcome, host.read(trace))
}

/// Runs `command` and kills it when it comes to `call`.
#[must_use]
pub fn kill_at(command: &Command, call: &Call, input: &[u8]) -> Outcome {
    interfere(command, call, "signal=KILL", input)
}

/// Runs `command`, in which `call` fails with `error`, by its name.
#[must_use]
pub fn fail_at(command: &Command, call: &Call, error: &str, input: &[u8]) -> Outcome {
    interfere(command, call, &format!("error={error}"), input)
}

fn interfere(command: &Command, call: &Call, how: &str, input: &[u8]) -> Outcome {
    let Call { name, nth, .. } = call;
    let options = ["-f", "-qq", "-o", "/dev/null", "-e", &format!("trace={name}"), "-e"].map(str::to_owned);
    let inject = [format!("inject={name}:{how}:when={nth}")];
    run(&mut traced(command, &[options.as_slice(), &inject].concat()), input)
}

/// The same command under strace.
fn traced(command: &Command, options: &[String]) -> Command {
    let mut strace = Command::new("strace");
    strace.args(options).arg("--").arg(command.get_program()).args(command.get_args()).env_clear();
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            strace.env(name, value);
        }
    }
    strace
}

/// Lines such as `123 openat(AT_FDCWD</>, "/var/lib/wardkey/...", O_RDWR|O_CREAT) = 3</var/lib/wardkey/...>`.
fn parse(trace: &str) -> Vec<Call> {
    let mut counts: HashMap<(&str, &str), usize> = HashMap::new();
    let mut calls = Vec::new();
    for line in trace.lines() {
        let Some((process, call)) = line.split_once(' ') else { continue };
        let Some((name, arguments)) = call.trim_start().split_once('(') else { continue };
        let nth = counts.entry((process, name)).or_default();
        *nth += 1;
        if changes_ours(name, arguments) {
            calls.push(Call { name: name.to_owned(), nth: *nth, line: line.to_owned() });
        }
    }
    calls
}

fn changes_ours(name: &str, arguments: &str) -> bool {
    let ours = ["/var/lib/wardkey", "/var/log/wardkey", "/etc/wardkey", "/run/wardkey", "/etc/pam.d"];
    let opens = name.starts_with("open");
    ours.iter().any(|path| arguments.contains(path))
        && (!opens || arguments.contains("O_CREAT") || arguments.contains("O_TMPFILE"))
}
