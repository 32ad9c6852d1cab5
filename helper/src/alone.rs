//! A process that owes nothing to whoever started it.

use nix::fcntl::{OFlag, open};
use nix::sys::prctl::set_dumpable;
use nix::sys::resource::{Resource, setrlimit};
use nix::sys::stat::Mode;
use nix::unistd::{chdir, dup2_stderr, dup2_stdin, dup2_stdout};
use std::io;
use std::os::unix::process::CommandExt;
use std::process::Command;

/// Keeps nothing of where the listener was started: a PAM module that is asked for the password must meet no terminal.
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

/// Leaves nothing to look at after a crash, and starts anew without an environment if there is one: PAM modules and
/// look-ups read it.
///
/// # Errors
/// The program cannot start itself.
pub(crate) fn in_a_clean_house() -> io::Result<()> {
    set_dumpable(false)?;
    setrlimit(Resource::RLIMIT_CORE, 0, 0)?;
    if std::env::vars_os().next().is_none() {
        return Ok(());
    }
    let own = std::env::current_exe()?;
    Err(Command::new(own).args(std::env::args_os().skip(1)).env_clear().exec())
}
