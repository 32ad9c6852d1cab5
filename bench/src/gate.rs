//! Programs that wait at a FIFO, each with a login to make, and are all let go in one moment.

use crate::driver::{self, Login};
use crate::stats::{Sample, monotonic};
use nix::sys::stat::Mode;
use nix::unistd::mkfifo;
use std::fs::{self, File, Permissions};
use std::io::{self, BufRead, BufReader, Error, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

/// Before anybody begins nobody else does anything for so long, as it is with people.
pub(crate) const QUIET: Duration = Duration::from_millis(30);

/// What came of one of them.
pub(crate) struct Passed {
    pub(crate) user: String,
    /// PAM's.
    pub(crate) status: i32,
    /// Of the login alone.
    pub(crate) sample: Sample,
    /// Nanoseconds from the moment they were let go to the end of the login.
    pub(crate) since: u64,
}

/// Starts all of them, who wait at the FIFO `gate`, lets them go, and waits for all.
pub(crate) fn open(gate: &Path, logins: Vec<(Command, Login)>) -> io::Result<Vec<Passed>> {
    mkfifo(gate, Mode::from_bits_truncate(0o644))?;
    fs::set_permissions(gate, Permissions::from_mode(0o644))?;
    let mut waiting = logins
        .into_iter()
        .map(|(command, login)| Waiting::start(command, login))
        .collect::<Result<Vec<_>, _>>()?;
    for one in &mut waiting {
        one.is_ready()?;
    }
    sleep(QUIET);
    let released = monotonic()?;
    let open = File::options().write(true).open(gate)?;
    let passed = waiting.into_iter().map(|one| one.result(released)).collect();
    drop(open);
    fs::remove_file(gate)?;
    passed
}

/// A program that stands at the gate.
struct Waiting {
    child: Child,
    output: BufReader<ChildStdout>,
    user: String,
}

impl Waiting {
    fn start(mut command: Command, login: Login) -> io::Result<Self> {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let no_pipe = || Error::other("no pipe");
        let mut input = child.stdin.take().ok_or_else(no_pipe)?;
        let output = BufReader::new(child.stdout.take().ok_or_else(no_pipe)?);
        writeln!(input, "{} {} {}", login.user, login.at, login.reply)?;
        Ok(Self { child, output, user: login.user })
    }

    fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        Ok(line)
    }

    fn is_ready(&mut self) -> io::Result<()> {
        let line = self.line()?;
        if line == "ready\n" { Ok(()) } else { Err(Error::other(format!("not ready but {line:?}"))) }
    }

    fn result(mut self, released: u64) -> io::Result<Passed> {
        let line = self.line()?;
        self.child.wait()?;
        let end = line.split_whitespace().nth(5).and_then(|end| end.parse().ok());
        let ((status, sample), end): (_, u64) =
            driver::read(&line).zip(end).ok_or_else(|| Error::other(format!("{line:?}")))?;
        Ok(Passed { user: self.user, status, sample, since: end.saturating_sub(released) })
    }
}
