//! A process that owes nothing to whoever started it.

use nix::fcntl::{OFlag, open};
use nix::sys::prctl::set_dumpable;
use nix::sys::resource::{Resource, setrlimit};
use nix::sys::stat::Mode;
use nix::unistd::{chdir, dup2_stderr, dup2_stdin, dup2_stdout};
use std::fs;
use std::io;

/// Keeps nothing of where this was started: a PAM module that is asked for the password must meet no terminal.
///
/// # Errors
/// The null device cannot be opened.
pub(crate) fn at_home() -> io::Result<()> {
    chdir("/")?;
    let null = open("/dev/null", OFlag::O_RDWR | OFlag::O_CLOEXEC, Mode::empty())?;
    dup2_stdin(&null)?;
    dup2_stdout(&null)?;
    Ok(dup2_stderr(&null)?)
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
