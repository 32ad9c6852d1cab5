//! `login.c`, running: one process that logs people in and measures it.

use crate::stats::Sample;
use std::io::{self, BufRead, BufReader, Error, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// One login to make.
pub(crate) struct Login {
    /// Who.
    pub(crate) user: String,
    /// At what time of day.
    pub(crate) at: u64,
    /// What they type.
    pub(crate) reply: String,
}

/// A running driver; it ends with the value.
pub(crate) struct Driver {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Driver {
    pub(crate) fn start(mut command: Command) -> io::Result<Self> {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let (input, output) = (child.stdin.take(), child.stdout.take());
        let output = output.ok_or_else(|| Error::other("no pipe"))?;
        Ok(Self { child, input, output: BufReader::new(output) })
    }

    /// PAM's status and what the login took.
    pub(crate) fn log_in(&mut self, login: &Login) -> io::Result<(i32, Sample)> {
        let input = self.input.as_mut().ok_or_else(|| Error::other("no pipe"))?;
        writeln!(input, "{} {} {}", login.user, login.at, login.reply)?;
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        read(&line).ok_or_else(|| Error::other(format!("the driver ended, or said {line:?}")))
    }
}

/// A line of the driver: PAM's status and what the login took; when it ended follows.
pub(crate) fn read(line: &str) -> Option<(i32, Sample)> {
    let mut words = line.split_whitespace();
    let status = words.next()?.parse().ok()?;
    let mut number = || words.next()?.parse().ok();
    let (nanoseconds, cpu, peak_kib, faults) = (number()?, number()?, number()?, number()?);
    Some((status, Sample { nanoseconds, cpu, peak_kib, faults }))
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.input = None;
        let _ = self.child.wait();
    }
}
