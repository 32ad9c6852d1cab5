//! A set-user-ID program stopped before and after each of its system calls: could its caller have stopped it there, and
//! what does it hold?

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdout, Stdio};

use nix::sys::ptrace::{self, Options};
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

use crate::machine::host::Host;

/// What was seen of one run.
#[derive(Debug, Default)]
pub struct Stops {
    /// Stops at which the caller could have stopped the program, of those that were asked about.
    pub in_reach: usize,
    /// Stops at which it held a lock.
    pub holding: usize,
    /// How often it came to hold one.
    pub locks: usize,
    /// Stops at which both held: the lock as the kernel lists it.
    pub both: Vec<String>,
}

/// The caller, who says of a process whether the kernel lets them send it a signal.
pub struct Caller {
    shell: Child,
    answers: BufReader<ChildStdout>,
}

impl Caller {
    /// A shell of this account's.
    ///
    /// # Panics
    /// If it does not start.
    #[must_use]
    pub fn new(host: &Host, name: &str) -> Self {
        let mut command = host.command("setpriv");
        let line = "while read -r process; do kill -0 $process 2>/dev/null && echo yes || echo no; done";
        command.args([
            &format!("--reuid={name}"),
            &format!("--regid={name}"),
            "--init-groups",
            "sh",
            "-c",
            line,
        ]);
        let mut shell = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("setpriv");
        let answers = BufReader::new(shell.stdout.take().expect("a pipe"));
        Self { shell, answers }
    }

    fn reaches(&mut self, process: Pid) -> bool {
        let mut answer = String::new();
        writeln!(self.shell.stdin.as_mut().expect("a pipe"), "{process}").expect("a pipe");
        self.answers.read_line(&mut answer).expect("an answer");
        answer == "yes\n"
    }
}

impl Drop for Caller {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        let _ = self.shell.wait();
    }
}

/// Follows a process from the next program it becomes, which is set-user-ID, to its end, call by call. It is a shell of the
/// caller's that has stopped itself, and this process's child.
///
/// # Panics
/// If it cannot be traced.
#[must_use]
pub fn follow(process: u32, mut caller: Caller) -> Stops {
    let process = Pid::from_raw(process.try_into().expect("a process id"));
    waitpid(process, Some(WaitPidFlag::WUNTRACED)).expect("stopped");
    let options = Options::PTRACE_O_TRACESYSGOOD | Options::PTRACE_O_TRACEEXEC | Options::PTRACE_O_TRACEEXIT;
    ptrace::seize(process, options).expect("leave to trace");
    kill(process, Signal::SIGCONT).expect("continued");
    let (mut stops, mut held_before, mut is_su) = (Stops::default(), false, false);
    loop {
        let status = waitpid(process, Some(WaitPidFlag::__WALL)).expect("its status");
        let go_on = match status {
            WaitStatus::PtraceEvent(_, _, libc::PTRACE_EVENT_EXIT) => {
                // The process that started it waits for its end.
                ptrace::detach(process, None).expect("let go");
                return stops;
            }
            WaitStatus::PtraceEvent(_, _, libc::PTRACE_EVENT_EXEC) => {
                is_su = true;
                ptrace::syscall(process, None)
            }
            WaitStatus::PtraceSyscall(_) if is_su => {
                let held = lock_of(process);
                stops.look(held.as_deref(), held_before, || caller.reaches(process));
                held_before = held.is_some();
                ptrace::syscall(process, None)
            }
            WaitStatus::Stopped(_, signal) => ptrace::syscall(process, signal),
            WaitStatus::PtraceSyscall(_) | WaitStatus::PtraceEvent(..) => ptrace::syscall(process, None),
            other => panic!("{other:?}"),
        };
        go_on.expect("continued");
    }
}

impl Stops {
    fn look(&mut self, held: Option<&str>, held_before: bool, is_in_reach: impl FnOnce() -> bool) {
        // Whether a program that holds nothing is in reach matters to nobody: it is asked where that may have changed.
        if held.is_none() && !held_before && self.in_reach > 0 {
            return;
        }
        let is_in_reach = is_in_reach();
        self.in_reach += usize::from(is_in_reach);
        let Some(lock) = held else { return };
        self.holding += 1;
        self.locks += usize::from(!held_before);
        if is_in_reach {
            self.both.push(lock.to_owned());
        }
    }
}

/// A lock that this process holds, as the kernel lists it.
fn lock_of(process: Pid) -> Option<String> {
    let locks = fs::read_to_string("/proc/locks").expect("the kernel's locks");
    let process = process.to_string();
    let is_its = |line: &&str| line.contains("FLOCK") && line.split_whitespace().any(|word| word == process);
    locks.lines().find(is_its).map(str::to_owned)
}
