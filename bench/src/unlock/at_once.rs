//! Sixteen people who press Enter in the same moment, each at a program of their own.

use super::QUIET;
use super::screen::{By, Door, expect};
use super::site::Site;
use crate::driver;
use crate::lane::Lane;
use crate::people::SEATS;
use crate::stats::{Sample, monotonic};
use nix::sys::stat::Mode;
use nix::unistd::mkfifo;
use std::fs::{self, File, Permissions};
use std::io::{self, BufRead, BufReader, Error, Write};
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, ChildStdout, Stdio};
use std::rc::Rc;
use std::thread::sleep;

/// A row of the table: the slowest of sixteen, from the moment that lets them all go to the end of their login.
pub(super) struct AtOnce {
    pub(super) name: &'static str,
    pub(super) site: Rc<Site>,
    pub(super) door: Door,
    pub(super) by: By,
}

impl Lane for AtOnce {
    fn name(&self) -> String {
        self.name.to_owned()
    }

    fn once(&mut self) -> io::Result<Sample> {
        let gate = self.site.dir.join("gate");
        mkfifo(&gate, Mode::from_bits_truncate(0o644))?;
        fs::set_permissions(&gate, Permissions::from_mode(0o644))?;
        let mut waiting = Vec::new();
        for n in 0..SEATS {
            let mut command = self.site.program(self.by, n);
            command.arg(self.site.confdir()).args([self.door.service(), "auth"]).arg(&gate);
            waiting.push(Waiting::start(command, self.site.login(self.door, n)?)?);
        }
        for one in &mut waiting {
            one.is_ready()?;
        }
        sleep(QUIET);
        let released = monotonic()?;
        let open = File::options().write(true).open(&gate)?;
        let mut slowest = Sample { nanoseconds: 0, cpu: 0, peak_kib: 0 };
        for one in waiting {
            let (sample, end) = one.result(self.name)?;
            let since = end.saturating_sub(released);
            if since > slowest.nanoseconds {
                slowest = Sample { nanoseconds: since, ..sample };
            }
        }
        drop(open);
        fs::remove_file(&gate)?;
        Ok(slowest)
    }
}

/// A program that stands at the gate.
struct Waiting {
    child: Child,
    output: BufReader<ChildStdout>,
    user: String,
}

impl Waiting {
    fn start(mut command: std::process::Command, login: driver::Login) -> io::Result<Self> {
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

    /// What the login took, and when it ended.
    fn result(mut self, who: &str) -> io::Result<(Sample, u64)> {
        let line = self.line()?;
        self.child.wait()?;
        let end = line.split_whitespace().nth(4).and_then(|end| end.parse().ok());
        let (read, end) = driver::read(&line).zip(end).ok_or_else(|| Error::other(format!("{line:?}")))?;
        let (status, sample) = read;
        expect(who, &self.user, status)?;
        Ok((sample, end))
    }
}
