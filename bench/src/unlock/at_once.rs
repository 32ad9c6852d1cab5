//! Sixteen people who press Enter in the same moment, each at a program of their own.

use super::screen::{By, Door, expect};
use super::site::Site;
use crate::gate;
use crate::lane::Lane;
use crate::people::SEATS;
use crate::stats::Sample;
use std::io;
use std::rc::Rc;

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
        let mut waiting = Vec::new();
        for n in 0..SEATS {
            let mut command = self.site.program(self.by, n);
            command.arg(self.site.confdir()).args([self.door.service(), "auth"]).arg(&gate);
            waiting.push((command, self.site.login(self.door, n)?));
        }
        let mut slowest = Sample { nanoseconds: 0, cpu: 0, peak_kib: 0 };
        for passed in gate::open(&gate, waiting)? {
            expect(self.name, &passed.user, passed.status)?;
            if passed.since > slowest.nanoseconds {
                slowest = Sample { nanoseconds: passed.since, ..passed.sample };
            }
        }
        Ok(slowest)
    }
}
