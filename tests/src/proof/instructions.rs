//! The way a program takes, instruction by instruction: it is stopped after each one.

use std::collections::hash_map::DefaultHasher;
use std::hash::Hasher;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use nix::sys::ptrace;
use nix::sys::signal::Signal;
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::Pid;

/// One piece of a program's way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InstructionTrace {
    /// How many instructions it has.
    pub instructions: u64,
    /// Of their places, in order.
    pub hash: u64,
}

/// Starts a program that writes lines up to "ready" and then waits for one, and follows it from each first SIGUSR1 that
/// it raises to the second. The answer is those lines, and the pieces.
///
/// # Panics
/// If it cannot be traced, or does not end well.
#[must_use]
#[expect(clippy::zombie_processes, reason = "the state that ends the loop is its end")]
pub fn between_signals(command: &mut Command) -> (Vec<String>, Vec<InstructionTrace>) {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("a program");
    let output = BufReader::new(child.stdout.take().expect("a pipe"));
    let lines = output.lines().map(|line| line.expect("a line")).take_while(|line| line != "ready").collect();
    let process = Pid::from_raw(child.id().try_into().expect("a process"));
    ptrace::attach(process).expect("traced");
    waitpid(process, None).expect("stopped");
    child.stdin.take().expect("a pipe").write_all(b"\n").expect("told");
    let (mut ways, mut way) = (Vec::new(), None::<(u64, DefaultHasher)>);
    loop {
        match &way {
            None => ptrace::cont(process, None).expect("goes on"),
            Some(_) => ptrace::step(process, None).expect("goes a step"),
        }
        match (waitpid(process, None).expect("its state"), &mut way) {
            (WaitStatus::Exited(_, 0), _) => return (lines, ways),
            (WaitStatus::Stopped(_, Signal::SIGUSR1), None) => way = Some((0, DefaultHasher::new())),
            (WaitStatus::Stopped(_, Signal::SIGUSR1), Some((instructions, hasher))) => {
                ways.push(InstructionTrace { instructions: *instructions, hash: hasher.finish() });
                way = None;
            }
            (WaitStatus::Stopped(_, Signal::SIGTRAP), Some((instructions, hasher))) => {
                *instructions += 1;
                hasher.write_u64(place(process));
            }
            (other, _) => panic!("{other:?}"),
        }
    }
}

/// The instruction that comes next.
fn place(process: Pid) -> u64 {
    let registers = ptrace::getregs(process).expect("its registers");
    #[cfg(target_arch = "x86_64")]
    let place = registers.rip;
    #[cfg(target_arch = "aarch64")]
    let place = registers.pc;
    place
}
