//! Programs interrupted: killed at a moment or at one system call, or one system call failing.

use std::collections::HashMap;
use std::io::Write;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

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
    finds_a_change: bool,
}

/// With this in the environment, as `make faults` sets it, no call and no error is left out.
fn is_whole() -> bool {
    std::env::var_os("WARDKEY_EVERY_CALL").is_some()
}

/// What goes wrong at the call of this number: a broken disk and a full one in turn, or (see `is_whole`) both.
#[must_use]
pub fn disk_errors(number: usize) -> &'static [&'static str] {
    const BOTH: [&str; 2] = ["EIO", "ENOSPC"];
    if is_whole() { &BOTH } else { &BOTH[number % 2..=number % 2] }
}

impl Call {
    /// Whether a kill at it can leave what none before it left. A lock, a sync and what was done to a file without a name do
    /// not outlive the program: at a call that comes next, the same is found again. (See `is_whole`.)
    #[must_use]
    pub fn may_leave_another_state(&self) -> bool {
        self.finds_a_change || is_whole()
    }

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

/// Kills at random moments about the one that matters, which it finds out: however fast the machine is just now, some kills
/// come before it and some after.
#[derive(Debug)]
pub struct RandomKills {
    aim: Duration,
    last: Duration,
}

impl RandomKills {
    /// Of a program that takes as long as this does, at first.
    pub fn of<T>(whole: impl FnOnce() -> T) -> Self {
        let begun = Instant::now();
        whole();
        Self { aim: begun.elapsed(), last: Duration::ZERO }
    }

    /// Starts `command`, gives it `input`, and kills it if it still runs; `came_late` says whether the moment was over.
    ///
    /// # Panics
    /// If it does not start.
    pub fn kill(
        &mut self,
        command: &mut Command,
        input: &[u8],
        came_late: impl FnOnce(&Outcome) -> bool,
    ) -> Outcome {
        self.last = self.aim.mul_f64(0.5 + fastrand::f64() * 0.7);
        let outcome = kill_after(command, input, self.last);
        self.aim = self.aim.mul_f64(if came_late(&outcome) { 0.8 } else { 1.25 });
        outcome
    }
}

fn kill_after(command: &mut Command, input: &[u8], delay: Duration) -> Outcome {
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
    let (mut calls, mut has_changed) = (Vec::new(), true);
    for line in trace.lines() {
        let Some((process, call)) = line.split_once(' ') else { continue };
        let Some((name, arguments)) = call.trim_start().split_once('(') else { continue };
        let nth = counts.entry((process, name)).or_default();
        *nth += 1;
        if changes_ours(name, arguments) {
            let finds_a_change = std::mem::take(&mut has_changed);
            calls.push(Call { name: name.to_owned(), nth: *nth, line: line.to_owned(), finds_a_change });
        }
        has_changed |= outlives_a_kill(name, arguments);
    }
    calls
}

/// Whether it did something that a kill leaves as it is, what was told included.
fn outlives_a_kill(name: &str, arguments: &str) -> bool {
    let is_held = matches!(name, "fsync" | "fdatasync" | "sync_file_range" | "flock");
    let opens = name.starts_with("open") && !arguments.contains("O_CREAT");
    let is_unnamed = arguments.split(',').next().is_some_and(|file| file.contains("(deleted)>"));
    let gives_a_name = name.starts_with("link") || name.starts_with("rename");
    !(is_held || opens || is_unnamed && !gives_a_name || arguments.contains(" = -1 "))
}

fn changes_ours(name: &str, arguments: &str) -> bool {
    let ours = ["/var/lib/wardkey", "/var/log/wardkey", "/etc/wardkey", "/run/wardkey", "/etc/pam.d"];
    let opens = name.starts_with("open");
    ours.iter().any(|path| arguments.contains(path))
        && (!opens || arguments.contains("O_CREAT") || arguments.contains("O_TMPFILE"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACE: &str = r#"7 openat(AT_FDCWD</>, "/var/lib/wardkey/a", O_WRONLY|O_TMPFILE, 0600) = 5</var/lib/wardkey/#8 (deleted)>
7 write(5</var/lib/wardkey/#8 (deleted)>, "x", 1) = 1
7 fsync(5</var/lib/wardkey/#8 (deleted)>) = 0
7 linkat(AT_FDCWD</>, "/proc/self/fd/5", 6</var/lib/wardkey>, "name", AT_SYMLINK_FOLLOW) = 0
7 fsync(6</var/lib/wardkey>) = 0
7 write(1<pipe:[84]>, "done", 4) = 4
7 unlinkat(6</var/lib/wardkey>, "spare", 0) = -1 ENOENT (No such file or directory)
7 flock(6</var/lib/wardkey>, LOCK_UN) = 0
"#;

    #[test]
    fn a_kill_that_can_leave_nothing_new_is_told_from_others() {
        let new = |call: &Call| if call.finds_a_change { 'n' } else { '-' };
        // The link itself finds what the first found; what follows it, and what follows the telling, finds more.
        assert_eq!(parse(TRACE).iter().map(new).collect::<String>(), "n---nn-");
    }
}
