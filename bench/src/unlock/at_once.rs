//! Sixteen people who press Enter in the same moment, each at a program of their own; also while one account floods the helper.

use super::screen::{By, Door, expect};
use super::site::Site;
use crate::gate;
use crate::lane::Lane;
use crate::people::SEATS;
use crate::stats::Sample;
use std::io::{self, Error};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::rc::Rc;

/// A program that connects as fast as it can, and goes.
const WITHOUT_END: &str = "IO::Socket::UNIX->new(Peer => $ARGV[0]) while 1";

/// The account that runs it, and how many at once.
const FLOODER: u32 = 63_000;
const FLOODS: usize = 2;

/// A row of the table: the slowest of sixteen, from the moment that lets them all go to the end of their login.
pub(super) struct AtOnce {
    pub(super) name: &'static str,
    pub(super) site: Rc<Site>,
    pub(super) door: Door,
    pub(super) by: By,
    /// Whether one account connects without end meanwhile.
    pub(super) is_flooded: bool,
}

impl Lane for AtOnce {
    fn name(&self) -> String {
        self.name.to_owned()
    }

    fn once(&mut self) -> io::Result<Sample> {
        let mut flood = if self.is_flooded { Some(Flood::start(&self.site.socket())?) } else { None };
        let gate = self.site.dir.join("gate");
        let mut waiting = Vec::new();
        for n in 0..SEATS {
            let mut command = self.site.program(self.by, n);
            command.arg("-g").arg(&gate).arg(self.site.confdir()).arg(self.door.service());
            waiting.push((command, self.site.login(self.door, n)?));
        }
        let passed = gate::open(&gate, waiting)?;
        if let Some(flood) = &mut flood {
            flood.is_at_it()?;
        }
        let mut slowest = Sample::default();
        for passed in passed {
            expect(self.name, &passed.user, passed.status)?;
            if passed.since > slowest.nanoseconds {
                slowest = Sample { nanoseconds: passed.since, ..passed.sample };
            }
        }
        Ok(slowest)
    }
}

/// It ends with the value.
struct Flood(Vec<Child>);

impl Flood {
    fn start(socket: &Path) -> io::Result<Self> {
        let mut flood = Self(Vec::new());
        for _ in 0..FLOODS {
            let mut perl = Command::new("perl");
            perl.args(["-MIO::Socket::UNIX", "-e", WITHOUT_END]).arg(socket).stdin(Stdio::null());
            flood.0.push(perl.uid(FLOODER).gid(FLOODER).spawn()?);
        }
        Ok(flood)
    }

    /// One that has ended spoils the measurement.
    fn is_at_it(&mut self) -> io::Result<()> {
        for child in &mut self.0 {
            if let Some(status) = child.try_wait()? {
                return Err(Error::other(format!("who connects without end has ended: {status}")));
            }
        }
        Ok(())
    }
}

impl Drop for Flood {
    fn drop(&mut self) {
        for child in &mut self.0 {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
