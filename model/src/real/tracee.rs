//! One real process under our hand.

use super::gate::Call;
use crate::process::{Answer, At, Process};
use nix::sys::ptrace;
use nix::sys::signal::Signal;
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::Pid;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// By which store it works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The product's.
    Real,
    /// One that reads and writes under two locks, for tests that must fail.
    Unlocked,
}

/// A process of `actor`.
#[derive(Debug)]
pub(super) struct Tracee {
    child: Child,
    pid: Pid,
    pub(super) process: Process,
    /// A block it has written, of which only half is there yet.
    pub(super) written: Option<Vec<u8>>,
}

impl Tracee {
    /// Starts it and brings it to its first step.
    pub(super) fn start(
        actor: &Path,
        kind: Kind,
        root: &Path,
        words: &[String],
        process: Process,
    ) -> Result<Self, String> {
        let kind = match kind {
            Kind::Real => "real",
            Kind::Unlocked => "unlocked",
        };
        let mut command = Command::new(actor);
        command.arg(kind).arg(root).args(words).stdin(Stdio::null()).stdout(Stdio::piped());
        let child = command.spawn().map_err(|e| format!("{}: {e}", actor.display()))?;
        let pid = Pid::from_raw(i32::try_from(child.id()).map_err(|e| e.to_string())?);
        let mut tracee = Self { child, pid, process, written: None };
        match waitpid(pid, None) {
            Ok(WaitStatus::Stopped(..)) => {}
            other => return Err(format!("no start: {other:?}")),
        }
        let options = ptrace::Options::PTRACE_O_TRACESYSGOOD | ptrace::Options::PTRACE_O_EXITKILL;
        ptrace::setoptions(pid, options).map_err(|e| format!("ptrace: {e}"))?;
        tracee.run_to(process)?;
        Ok(tracee)
    }

    /// Lets it run to the system call with which its next step begins.
    pub(super) fn run_to(&mut self, next: Process) -> Result<(), String> {
        let last = std::mem::replace(&mut self.process, next).at;
        // A record is looked at as one step, with its lock taken and given back; so is the way back to that.
        let is_strict = last != At::WorkOut && next.at != At::WorkOut;
        loop {
            self.next_stop()?;
            let Some(call) = self.call() else { continue };
            if call.begins(&next) {
                return Ok(());
            }
            let is_foreign = call.changes_something() && !call.belongs_to(last);
            if call.begins(&next.to(At::Tell)) || is_strict && is_foreign {
                return Err(format!("{call:?} between {last:?} and {:?}", next.at));
            }
        }
    }

    /// Lets it do the one call it stands at.
    pub(super) fn run_call(&mut self) -> Result<(), String> {
        self.next_stop()
    }

    /// What it is about to do, if it stands before a system call and not after one.
    fn call(&self) -> Option<Call> {
        let stop = ptrace::syscall_info(self.pid).ok()?;
        (stop.op == libc::PTRACE_SYSCALL_INFO_ENTRY).then(|| Call::of(self.pid.as_raw()))?
    }

    fn next_stop(&mut self) -> Result<(), String> {
        ptrace::syscall(self.pid, None).map_err(|e| format!("ptrace: {e}"))?;
        match waitpid(self.pid, None) {
            Ok(WaitStatus::PtraceSyscall(_)) => Ok(()),
            other => Err(format!("{:?}: {other:?}", self.process.at)),
        }
    }

    /// What it says, which stands at the end.
    pub(super) fn answer(mut self) -> Result<Answer, String> {
        loop {
            ptrace::syscall(self.pid, None).map_err(|e| format!("ptrace: {e}"))?;
            match waitpid(self.pid, None).map_err(|e| e.to_string())? {
                WaitStatus::Exited(..) => break,
                WaitStatus::PtraceSyscall(_) => {}
                other => return Err(format!("{other:?}")),
            }
        }
        let mut said = String::new();
        self.child.stdout.take().ok_or("no output")?.read_to_string(&mut said).map_err(|e| e.to_string())?;
        match said.trim() {
            "yes" => Ok(Answer::Yes),
            "no" => Ok(Answer::No),
            other if other.starts_with("unavailable") => Ok(Answer::Unavailable),
            other => Err(format!("said {other:?}")),
        }
    }
}

/// Killed wherever it is.
impl Drop for Tracee {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            let _ = nix::sys::signal::kill(self.pid, Signal::SIGKILL);
            while let Ok(status) = waitpid(self.pid, None) {
                if matches!(status, WaitStatus::Exited(..) | WaitStatus::Signaled(..)) {
                    break;
                }
            }
        }
    }
}
