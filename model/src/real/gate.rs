//! Which system call a step begins with.

use crate::process::{At, Process, Task};
use std::fs::{File, read_link, read_to_string};
use std::os::unix::fs::FileExt;

/// A system call at its entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Call {
    number: i64,
    args: [u64; 4],
    pid: i32,
}

impl Call {
    /// What a stopped process is about to do.
    pub(super) fn of(pid: i32) -> Option<Self> {
        let line = read_to_string(format!("/proc/{pid}/syscall")).ok()?;
        let mut words = line.split_whitespace();
        let number = words.next()?.parse().ok()?;
        let mut args = words.map(|word| u64::from_str_radix(word.trim_start_matches("0x"), 16).unwrap_or(0));
        let mut arg = || args.next().unwrap_or(0);
        Some(Self { number, args: [arg(), arg(), arg(), arg()], pid })
    }

    /// The file name that argument points at.
    fn name(&self, at: usize) -> String {
        let mut bytes = [0; 256];
        let memory = File::open(format!("/proc/{}/mem", self.pid));
        let read = memory.and_then(|memory| memory.read_at(&mut bytes, self.args[at])).unwrap_or(0);
        let end = bytes[..read].iter().position(|byte| *byte == 0).unwrap_or(read);
        String::from_utf8_lossy(&bytes[..end]).into_owned()
    }

    fn is_of_directory(&self) -> bool {
        read_link(format!("/proc/{}/fd/{}", self.pid, self.args[0])).is_ok_and(|path| path.is_dir())
    }

    fn opens(&self, name: &str) -> bool {
        self.number == libc::SYS_openat && self.name(1) == name
    }

    /// Whether the process is about to take this step.
    pub(super) fn begins(&self, process: &Process) -> bool {
        let is = |number: i64| self.number == number;
        match process.at {
            At::Prompt | At::LookAlone => self.opens("enrolment"),
            At::WorkOut | At::Open => self.opens("ledger"),
            At::Lock => is(libc::SYS_flock) && self.args[1] & libc::LOCK_EX as u64 != 0,
            At::Unlock => is(libc::SYS_flock) && self.args[1] & libc::LOCK_UN as u64 != 0,
            At::Read => is(libc::SYS_pread64),
            At::Decide => self.opens("enrolment"),
            At::Compare | At::NameNew => self.unlinks(".enrolment.new"),
            At::Settle | At::HalfBlock | At::SayWritten | At::Unsettle | At::SaySettled => {
                is(libc::SYS_pwrite64)
            }
            At::SettleSync | At::SyncLedger => is(libc::SYS_fdatasync),
            At::SettleNames | At::SyncNew | At::SyncReplaced => is(libc::SYS_fsync) && self.is_of_directory(),
            At::Replace => is(libc::SYS_renameat) || is(libc::SYS_renameat2),
            At::Tell => is(libc::SYS_exit_group),
            // Half a block has no call of its own; people removed are not driven here.
            _ => false,
        }
    }

    /// Whether others or a power cut could notice it: each such call is the beginning of a step, or belongs to one.
    pub(super) fn changes_something(&self) -> bool {
        let calls = [
            libc::SYS_flock,
            libc::SYS_pwrite64,
            libc::SYS_fdatasync,
            libc::SYS_fsync,
            libc::SYS_linkat,
            libc::SYS_unlinkat,
            libc::SYS_renameat,
            libc::SYS_renameat2,
        ];
        calls.contains(&self.number)
    }

    /// Whether it is one of this step's own, after the one with which that begins.
    pub(super) fn belongs_to(&self, step: At) -> bool {
        match step {
            // The file without a name is synced, and named.
            At::NameNew => {
                self.number == libc::SYS_linkat || self.number == libc::SYS_fsync && !self.is_of_directory()
            }
            At::Compare => self.number == libc::SYS_fsync && self.is_of_directory(),
            At::Decide => self.unlinks(".enrolment.new"),
            _ => false,
        }
    }

    fn unlinks(&self, name: &str) -> bool {
        self.number == libc::SYS_unlinkat && self.name(1) == name
    }

    /// Whether the steps of this task are driven.
    pub(super) const fn is_driven(task: Task) -> bool {
        matches!(task, Task::Login(_) | Task::NewCodes | Task::Reset)
    }
}
