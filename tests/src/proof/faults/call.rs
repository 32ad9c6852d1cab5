//! System calls of a run, as strace showed them, and what can go wrong at each.

use std::collections::HashMap;
use std::fmt;

/// One system call of a program's run.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Call {
    /// The call's name.
    pub name: String,
    /// Which of its process's calls of that name, from 1.
    pub nth: usize,
    /// The call as strace showed it.
    pub line: String,
    /// Its process.
    pub process: u32,
}

/// What goes wrong at a call.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Fault {
    /// It fails with this error.
    Error(&'static str),
    /// It takes or gives half of what was asked for, and truly so.
    Short,
    /// The process is killed as it comes to it.
    Killed,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Error(name) => f.write_str(name),
            Self::Short => f.write_str("short"),
            Self::Killed => f.write_str("killed"),
        }
    }
}

/// Calls that no kernel lets fail when their arguments are right, as the manual pages have it, or that do not return.
const NEVER_FAIL: [&str; 15] = [
    "getuid",
    "geteuid",
    "getgid",
    "getegid",
    "getpid",
    "gettid",
    "getppid",
    "umask",
    "exit",
    "exit_group",
    "rt_sigreturn",
    "futex",
    "rt_sigaction",
    "rt_sigprocmask",
    "sigaltstack",
];

impl Call {
    /// The call without what differs between two runs: numbers of processes, descriptors, addresses, sockets; and
    /// without its result.
    #[must_use]
    pub fn site(&self) -> String {
        let call = self.line.split_once(' ').map_or("", |(_, call)| call.trim_start());
        let call = call.rsplit_once(" = ").map_or(call, |(call, _)| call);
        // What was read or written is not where.
        let texts = call
            .split('"')
            .enumerate()
            .map(|(n, part)| if n % 2 == 1 && !part.starts_with('/') { "" } else { part });
        texts.collect::<Vec<_>>().join("\"").chars().filter(|c| !c.is_ascii_digit()).collect()
    }

    /// What goes wrong at it, one after the other: the errors that fit it, and the kill.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults: Vec<_> = self.errors().iter().map(|error| Fault::Error(error)).collect();
        if self.half().is_some() {
            faults.push(Fault::Short);
        }
        faults.push(Fault::Killed);
        faults
    }

    fn errors(&self) -> &'static [&'static str] {
        let writes = ["O_CREAT", "O_TMPFILE"].iter().any(|flag| self.line.contains(flag));
        match self.name.as_str() {
            name if NEVER_FAIL.contains(&name) => &[],
            "openat" | "open" | "openat2" if writes => {
                &["ENOSPC", "EROFS", "EACCES", "EMFILE", "EIO", "ENOMEM", "EINTR"]
            }
            "openat" | "open" | "openat2"
                if self.line.contains("O_RDWR") || self.line.contains("O_WRONLY") =>
            {
                &["EROFS", "EACCES", "EMFILE", "EIO", "ENOMEM", "EINTR"]
            }
            "openat" | "open" | "openat2" => &["EACCES", "EMFILE", "EIO", "ENOMEM", "EINTR"],
            "read" | "pread64" | "readv" | "getdents64" => &["EIO", "EINTR", "ENOMEM"],
            "write" | "pwrite64" | "writev" => &["ENOSPC", "EIO", "EINTR"],
            "fsync" | "fdatasync" => &["EIO", "ENOSPC", "EROFS", "EINTR"],
            "linkat" | "renameat" | "renameat2" | "rename" | "mkdirat" | "mkdir" | "symlinkat" => {
                &["ENOSPC", "EIO", "EROFS", "EACCES", "ENOMEM"]
            }
            "unlinkat" | "unlink" | "rmdir" | "fchmod" | "fchmodat" | "chmod" | "fchown" | "fchownat" => {
                &["EIO", "EROFS", "EACCES", "ENOMEM"]
            }
            "ftruncate" | "fallocate" => &["ENOSPC", "EIO", "EROFS", "EINTR"],
            "mmap" | "brk" | "mprotect" | "mremap" | "munmap" | "madvise" | "mlock" => &["ENOMEM"],
            "socket" | "socketpair" | "accept4" | "pipe2" | "dup" | "dup2" | "dup3" | "pidfd_open" => {
                &["EMFILE", "ENOMEM", "EACCES", "EINTR"]
            }
            "fcntl" => &["EMFILE", "EACCES", "EINTR"],
            "clone" | "clone3" | "fork" | "vfork" => &["ENOMEM", "EAGAIN"],
            "execve" => &["ENOMEM", "EACCES", "EIO", "EMFILE"],
            "flock" => &["EINTR", "ENOMEM", "EIO"],
            "poll" | "ppoll" | "wait4" | "waitid" | "clock_nanosleep" => &["EINTR", "ENOMEM"],
            "getrandom" => &["EINTR", "EIO"],
            "close" => &["EINTR", "EIO"],
            _ => &["EIO", "EACCES", "ENOMEM", "EINTR"],
        }
    }

    /// Half of the bytes it moved, if it moved two at least: what it moves when it is cut short.
    #[must_use]
    pub fn half(&self) -> Option<u64> {
        let moves = ["read", "pread64", "write", "pwrite64", "sendto", "recvfrom"];
        let result = self.line.rsplit_once(" = ").and_then(|(_, result)| result.parse::<u64>().ok());
        result.filter(|bytes| moves.contains(&self.name.as_str()) && *bytes > 1).map(|bytes| bytes / 2)
    }

    /// The file it was about, by its descriptor.
    pub(super) fn file(&self) -> String {
        let call = self.line.split_once(UNFINISHED).map_or(&*self.line, |(call, _)| call);
        let call = call.rsplit_once(" = ").map_or(call, |(call, _)| call);
        let file =
            call.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map_or("", |(file, _)| file);
        file.chars().filter(|c| !c.is_ascii_digit()).collect()
    }
}

/// All calls of a trace made by `strace -f -y -o`.
#[must_use]
pub fn calls(trace: &str) -> Vec<Call> {
    let mut counts: HashMap<(u32, &str), usize> = HashMap::new();
    let mut calls: Vec<Call> = Vec::new();
    for line in trace.lines() {
        let Some((process, call)) = line.split_once(' ') else { continue };
        let Ok(process) = process.parse() else { continue };
        if let Some((_, rest)) =
            call.split_once(RESUMED).filter(|(name, _)| name.trim_start().starts_with("<... "))
        {
            resume(&mut calls, process, rest);
            continue;
        }
        let Some((name, _)) = call.trim_start().split_once('(') else { continue };
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
            continue;
        }
        let nth = counts.entry((process, name)).or_default();
        *nth += 1;
        // Begun before the trace, or cut off by its end.
        if name != "restart_syscall" && !line.contains("<detached") {
            calls.push(Call { name: name.to_owned(), nth: *nth, line: line.to_owned(), process });
        }
    }
    calls
}

/// A call during which another process made one is written in two lines; it ends with the second of them.
fn resume(calls: &mut [Call], process: u32, rest: &str) {
    let last = calls.iter_mut().rev().find(|call| call.process == process);
    let begun = last.and_then(|call| Some((call.line.strip_suffix(UNFINISHED)?.to_owned(), call)));
    if let Some((begun, call)) = begun {
        call.line = begun + rest;
    }
}

const UNFINISHED: &str = " <unfinished ...>";
const RESUMED: &str = " resumed>";

/// The calls that are ours, by one rule for each kind of program.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Ours {
    /// A PAM application that loaded the module: from the first look at the configuration to the last result that the
    /// application tells, but for what the application itself reads and writes.
    Module,
    /// A program of ours: from its first call, `PR_SET_DUMPABLE`, to its end.
    Program,
    /// Programs of ours that this process starts, each from its first call, and what they start; not that process.
    StartedBy(u32),
}

impl Ours {
    /// Those of `calls` that are ours.
    #[must_use]
    pub fn of(self, calls: Vec<Call>, config: &str) -> Vec<Call> {
        let ours = calls
            .iter()
            .enumerate()
            .filter(|(n, call)| is_begun(&calls, *n) && !is_of_a_starter(&calls, *n, call));
        let ours: Vec<Call> = ours.map(|(_, call)| call.clone()).collect();
        let begins = |call: &Call| match self {
            Self::Module => call.name == "openat" && call.line.contains(config),
            Self::Program => call.line.contains(BEGUN),
            Self::StartedBy(_) => true,
        };
        let Some(first) = ours.iter().position(begins) else { return Vec::new() };
        let process = ours[first].process;
        let tells = |call: &Call| call.process == process && call.line.contains(r#"\"event\":\"door\""#);
        let last = ours.iter().rposition(tells).filter(|_| self == Self::Module).unwrap_or(ours.len());
        // A module's calls are those of its process, a program's also those of the processes it starts.
        let is_ours = |call: &Call| match self {
            Self::Module => call.process == process && !is_of_the_application(call),
            Self::Program => true,
            Self::StartedBy(starter) => call.process != starter,
        };
        ours.into_iter().take(last).skip(first).filter(is_ours).collect()
    }
}

/// The first call of a program of ours.
const BEGUN: &str = "PR_SET_DUMPABLE";

/// Not so between the start of a program of ours and its first call: the loader and the language's own start.
fn is_begun(calls: &[Call], n: usize) -> bool {
    let process = calls[n].process;
    let own = || calls[..n].iter().rev().filter(|call| call.process == process);
    let starts = |call: &&Call| call.name == "execve";
    let is_ours = calls[n..].iter().take_while(|call| call.name != "execve" || call.process != process);
    let comes_to_it = is_ours.filter(|call| call.process == process).any(|call| call.line.contains(BEGUN));
    calls[n].line.contains(BEGUN) || !(own().any(|call| starts(&call)) && comes_to_it)
}

/// What a process does before it becomes the program it was started for: the C library's part of starting one.
fn is_of_a_starter(calls: &[Call], n: usize, call: &Call) -> bool {
    let is_it = |other: &&Call| other.process == call.process;
    let was_there = calls[..n].iter().filter(is_it).all(|call| call.name != "execve");
    let becomes =
        calls[n..].iter().filter(is_it).any(|call| call.name == "execve" && call.line.ends_with("= 0"));
    was_there
        && becomes
        && call.name != "execve"
        && calls.iter().find(is_it).is_some_and(|first| first.name != "execve")
}

/// Its standard input and output.
fn is_of_the_application(call: &Call) -> bool {
    let arguments = call.line.split_once('(').map_or("", |(_, arguments)| arguments);
    matches!(call.name.as_str(), "read" | "write")
        && ["0<", "1<", "2<"].iter().any(|fd| arguments.starts_with(fd))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACE: &str = r#"7 openat(AT_FDCWD</>, "/lib/libpam.so", O_RDONLY) = 3</lib/libpam.so>
7 openat(AT_FDCWD</>, "/etc/w.toml", O_RDONLY|O_CLOEXEC) = 3</etc/w.toml>
7 read(3</etc/w.toml>, "support = \"a = b\"", 52) = 51
8 read(3</etc/w.toml>, "x", 52 <unfinished ...>
7 write(1<pipe:[84]>, "{\"event\":\"prompt\"}", 97) = 97
8 <... read resumed>) = 1
7 pwrite64(5</var/ledger>, "..", 1024, 4096) = 1024
7 +++ exited with 0 +++
7 write(1<pipe:[84]>, "{\"event\":\"door\"}\n", 50) = 50
7 exit_group(0) = ?
"#;

    #[test]
    fn ours_begin_with_the_configuration_and_end_with_the_result() {
        let ours = Ours::Module.of(calls(TRACE), "/etc/w.toml");
        let names: Vec<_> = ours.iter().map(|call| (call.name.as_str(), call.nth)).collect();
        assert_eq!(names, [("openat", 2), ("read", 1), ("pwrite64", 1)]);
    }

    #[test]
    fn a_call_in_two_lines_is_one() {
        let read = calls(TRACE).into_iter().find(|call| call.process == 8).expect("a call");
        assert_eq!(read.line, r#"8 read(3</etc/w.toml>, "x", 52) = 1"#);
        assert_eq!(read.half(), None);
        let of = |line: &str| calls(line)[0].file();
        assert_eq!(
            (of("8 fdatasync(5</l> <unfinished ...>"), of("8 capget( <unfinished ...>) = ?")),
            ("/l".into(), String::new())
        );
    }

    #[test]
    fn a_site_is_the_same_in_two_runs() {
        let site = |line: &str| calls(line)[0].site();
        let (a, b) = (r#"7 read(3</a>, "x = 1", 52) = 51"#, r#"91 read(14</a>, "yy", 2) = 2"#);
        assert_eq!(site(a), site(b));
        assert_ne!(site(a), site(r#"7 read(3</b>, "x = 1", 52) = 51"#));
    }

    #[test]
    fn errors_fit_and_only_what_moved_bytes_can_be_short() {
        let faults = |line: &str| calls(line)[0].faults();
        assert!(faults(r#"7 pwrite64(5</l>, "..", 1024, 0) = 1024"#).contains(&Fault::Short));
        assert!(!faults(r#"7 read(5</l>, "", 1) = 0"#).contains(&Fault::Short));
        assert!(!faults(r#"7 openat(5</l>, "a", O_RDONLY) = 4"#).contains(&Fault::Error("ENOSPC")));
        assert_eq!(faults("7 getuid() = 0"), [Fault::Killed]);
    }
}
