//! A tracer that lets the kernel read or write fewer bytes than one call asked for: strace can only pretend that.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, ExitCode, ExitStatus};

use libc::user_regs_struct;
use nix::Result;
use nix::sys::ptrace::{self, Options};
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

/// The calls it knows: descriptor, buffer and length are their first three arguments.
const KNOWN: [(&str, libc::c_long); 6] = [
    ("read", libc::SYS_read),
    ("write", libc::SYS_write),
    ("pread64", libc::SYS_pread64),
    ("pwrite64", libc::SYS_pwrite64),
    ("sendto", libc::SYS_sendto),
    ("recvfrom", libc::SYS_recvfrom),
];

/// One run.
struct Tracer {
    output: File,
    name: String,
    number: u64,
    nth: usize,
    bytes: u64,
    counts: HashMap<Pid, usize>,
    /// Calls that were cut and have not returned, with the length they began with.
    cut: HashMap<Pid, u64>,
    /// Until the command itself runs, nothing counts.
    counts_from_exec: bool,
}

/// `OUTPUT NAME NTH BYTES`, then `-- COMMAND...` or `-p PROCESS`.
///
/// # Panics
/// If a word is missing or the process cannot be traced.
#[must_use]
pub fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [output, name, nth, bytes, how, rest @ ..] = &words[..] else { panic!("see the source") };
    let (name, number) = KNOWN.iter().find(|(known, _)| known == name).expect("a call that moves bytes");
    let starts = how == "--";
    let process = if starts { start(rest) } else { Pid::from_raw(rest[0].parse().expect("a process")) };
    let options = Options::PTRACE_O_TRACESYSGOOD
        | Options::PTRACE_O_TRACEFORK
        | Options::PTRACE_O_TRACEVFORK
        | Options::PTRACE_O_TRACECLONE
        | Options::PTRACE_O_TRACEEXEC;
    ptrace::seize(process, options).expect("leave to trace");
    if starts {
        kill(process, Signal::SIGCONT).expect("continued");
    } else {
        ptrace::interrupt(process).expect("interrupted");
    }
    let tracer = Tracer {
        output: OpenOptions::new().create(true).append(true).open(output).expect("the output"),
        name: (*name).to_owned(),
        number: (*number).cast_unsigned(),
        nth: nth.parse().expect("a number"),
        bytes: bytes.parse().expect("a number"),
        counts: HashMap::new(),
        cut: HashMap::new(),
        counts_from_exec: starts,
    };
    let status = tracer.run(process);
    let code = status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or(0));
    ExitCode::from(u8::try_from(code).unwrap_or(u8::MAX))
}

/// Starts a command that stops before it is one.
#[expect(clippy::zombie_processes, reason = "the tracer waits for it among all others")]
fn start(command: &[String]) -> Pid {
    let mut shell = Command::new("sh");
    let child = shell.args(["-c", "kill -STOP $$; exec \"$@\"", "sh"]).args(command).spawn().expect("sh");
    let process = Pid::from_raw(child.id().try_into().expect("a process id"));
    waitpid(process, Some(WaitPidFlag::WUNTRACED)).expect("stopped");
    process
}

impl Tracer {
    /// Follows all processes until the first one has ended.
    fn run(mut self, first: Pid) -> ExitStatus {
        loop {
            let status = waitpid(None, Some(WaitPidFlag::__WALL)).expect("a process");
            let Some(process) = status.pid() else { continue };
            // A process that was killed meanwhile is gone: its end is told next.
            let _ = match status {
                WaitStatus::Exited(who, code) if who == first => return ExitStatus::from_raw(code << 8),
                WaitStatus::Signaled(who, signal, _) if who == first => {
                    return ExitStatus::from_raw(signal as i32);
                }
                WaitStatus::Exited(..) | WaitStatus::Signaled(..) => Ok(()),
                WaitStatus::PtraceSyscall(_) => {
                    self.at_call(process).and_then(|()| ptrace::syscall(process, None))
                }
                WaitStatus::PtraceEvent(_, _, event) => {
                    if event == libc::PTRACE_EVENT_EXEC && std::mem::take(&mut self.counts_from_exec) {
                        self.counts.clear();
                    }
                    ptrace::syscall(process, None)
                }
                WaitStatus::Stopped(_, signal) => ptrace::syscall(process, signal),
                _ => Ok(()),
            };
        }
    }

    fn at_call(&mut self, process: Pid) -> Result<()> {
        let enters = ptrace::syscall_info(process)?.op == libc::PTRACE_SYSCALL_INFO_ENTRY;
        if !enters {
            let Some(length) = self.cut.remove(&process) else { return Ok(()) };
            let mut registers = ptrace::getregs(process)?;
            *length_of(&mut registers) = length;
            return ptrace::setregs(process, registers);
        }
        let mut registers = ptrace::getregs(process)?;
        if number_of(&registers) != self.number {
            return Ok(());
        }
        let count = self.counts.entry(process).or_default();
        *count += 1;
        let length = *length_of(&mut registers);
        if *count != self.nth || length <= self.bytes {
            return Ok(());
        }
        let file = fs::read_link(format!("/proc/{process}/fd/{}", descriptor_of(&registers)));
        let (file, name) = (file.unwrap_or_default().display().to_string(), &self.name);
        let file = file.trim_end_matches(" (deleted)");
        let _ = writeln!(self.output, "{process} {name}({}<{file}> (CUT)", descriptor_of(&registers));
        self.cut.insert(process, length);
        *length_of(&mut registers) = self.bytes;
        ptrace::setregs(process, registers)
    }
}

#[cfg(target_arch = "x86_64")]
const fn number_of(registers: &user_regs_struct) -> u64 {
    registers.orig_rax
}

#[cfg(target_arch = "x86_64")]
const fn descriptor_of(registers: &user_regs_struct) -> u64 {
    registers.rdi
}

#[cfg(target_arch = "x86_64")]
const fn length_of(registers: &mut user_regs_struct) -> &mut u64 {
    &mut registers.rdx
}

#[cfg(target_arch = "aarch64")]
const fn number_of(registers: &user_regs_struct) -> u64 {
    registers.regs[8]
}

#[cfg(target_arch = "aarch64")]
const fn descriptor_of(registers: &user_regs_struct) -> u64 {
    registers.regs[0]
}

#[cfg(target_arch = "aarch64")]
const fn length_of(registers: &mut user_regs_struct) -> &mut u64 {
    &mut registers.regs[2]
}
