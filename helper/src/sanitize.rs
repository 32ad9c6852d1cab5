//! What a process sheds of where it was started: directory, umask, standard streams, core files.

use nix::fcntl::{OFlag, open};
use nix::sys::prctl::{set_dumpable, set_pdeathsig};
use nix::sys::resource::{Resource, setrlimit};
use nix::sys::signal::{Signal, raise};
use nix::sys::stat::{Mode, umask};
use nix::unistd::{Pid, chdir, dup2_stderr, dup2_stdin, dup2_stdout, getppid};
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;

/// Links of a process's directory of threads: itself, its parent, one thread.
const ONE_THREAD: u64 = 3;

/// Keeps nothing of where this was started: a PAM module that is asked for the password must meet no terminal, and what
/// it or sendmail makes is root's alone.
///
/// # Errors
/// The null device cannot be opened.
pub(crate) fn detach() -> io::Result<()> {
    chdir("/")?;
    umask(Mode::from_bits_truncate(0o077));
    let null = open("/dev/null", OFlag::O_RDWR | OFlag::O_CLOEXEC, Mode::empty())?;
    dup2_stdin(&null)?;
    dup2_stdout(&null)?;
    Ok(dup2_stderr(&null)?)
}

/// That this process has one thread, so that it may be copied: in a copy, the locks of another would stay held.
pub(crate) struct Single(());

impl Single {
    /// # Errors
    /// It has more, or it cannot be told.
    pub(crate) fn look() -> io::Result<Self> {
        if fs::metadata("/proc/self/task")?.nlink() == ONE_THREAD {
            return Ok(Self(()));
        }
        Err(io::Error::other("this process has more than one thread"))
    }
}

/// Ends with its parent, which may have ended already.
pub(crate) fn end_with(parent: Pid) {
    if set_pdeathsig(Signal::SIGKILL).is_err() || getppid() != parent {
        let _ = raise(Signal::SIGKILL);
    }
}

/// Leaves nothing to look at after a crash.
///
/// # Errors
/// The kernel refuses.
pub(crate) fn leave_no_core() -> io::Result<()> {
    set_dumpable(false)?;
    Ok(setrlimit(Resource::RLIMIT_CORE, 0, 0)?)
}

/// Where memory is short, a copy goes before the process that makes them: some hundredths of all memory are more than
/// either has.
pub(crate) fn go_first() {
    let _ = fs::write("/proc/self/oom_score_adj", "100");
}
