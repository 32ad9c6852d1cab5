//! One moment in which many are let go at once.

use super::Who;
use crate::contestant::SUCCESS;
use crate::driver::Login;
use crate::floor;
use crate::gate::{self, Passed};
use crate::lane::Lane;
use crate::people::{ENTRANTS, entrant};
use crate::products::Product;
use crate::replies::PERIOD;
use crate::site::Site;
use crate::stats::{Sample, timed};
use std::io::{self, Error};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::rc::Rc;
use std::thread;

/// Those who are let go.
pub(super) trait Passers {
    /// As tables have it.
    fn name(&self) -> &'static str;

    /// So many at once: how many were let in, if that is what they want, and the time until the last had an answer.
    fn pass(&mut self, at_once: usize) -> io::Result<(Option<usize>, Sample)>;
}

/// Logins through one product.
pub(super) struct Heat {
    pub(super) product: Product,
    pub(super) site: Rc<Site>,
    pub(super) login: PathBuf,
    pub(super) who: Who,
    /// The time of day of the next heat.
    pub(super) clock: u64,
    /// Heats so far.
    pub(super) turn: usize,
}

impl Passers for Heat {
    fn name(&self) -> &'static str {
        self.product.name()
    }

    fn pass(&mut self, at_once: usize) -> io::Result<(Option<usize>, Sample)> {
        let (turn, at) = (self.turn, self.clock);
        self.turn += 1;
        self.clock += PERIOD;
        let confdir = self.site.confdir();
        let gate = confdir.join("gate");
        let logins = (0..at_once).map(|number| {
            let (user, _) = entrant(if self.who == Who::Same { turn } else { number });
            let mut command = Command::new(&self.login);
            command.arg("-g").arg(&gate).arg(&confdir).arg(self.product.name());
            (command, Login { user, at, reply: self.product.right(at) })
        });
        let passed = gate::open(&gate, logins.collect())?;
        let (accepted, last) = count(&passed);
        Ok((Some(accepted), last))
    }
}

/// How many were let in, and when the last one had an answer.
fn count(passed: &[Passed]) -> (usize, Sample) {
    let accepted = passed.iter().filter(|one| one.status == SUCCESS).count();
    let last = passed.iter().max_by_key(|one| one.since);
    let last = last.map_or(Sample::default(), |one| Sample { nanoseconds: one.since, ..one.sample });
    (accepted, last)
}

/// The least that is durable: each writes a file of their own, and of one code there is one mark to write.
pub(super) struct Floor {
    files: Vec<floor::Floor>,
    who: Who,
}

impl Floor {
    pub(super) fn make(dir: &Path, who: Who) -> io::Result<Self> {
        let files =
            (0..ENTRANTS).map(|number| floor::Floor::make(&dir.join("floors").join(number.to_string())));
        Ok(Self { files: files.collect::<Result<_, _>>()?, who })
    }
}

impl Passers for Floor {
    fn name(&self) -> &'static str {
        floor::NAME
    }

    fn pass(&mut self, at_once: usize) -> io::Result<(Option<usize>, Sample)> {
        let writers = if self.who == Who::Same { 1 } else { at_once };
        let sample = timed(|| {
            thread::scope(|scope| {
                let files = self.files.iter_mut().take(writers);
                let threads: Vec<_> = files.map(|file| scope.spawn(|| file.once())).collect();
                threads.into_iter().try_for_each(|thread| {
                    thread.join().map_err(|_| Error::other("a writer stopped"))?.map(drop)
                })
            })
        })?;
        Ok((None, sample))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passed(status: i32, since: u64) -> Passed {
        let sample = Sample { nanoseconds: 1, cpu: 2, peak_kib: 3, faults: 4 };
        Passed { user: "someone".into(), status, sample, since }
    }

    #[test]
    fn only_who_was_let_in_is_counted_but_all_are_waited_for() {
        let (accepted, last) =
            count(&[passed(7, 30), passed(SUCCESS, 10), passed(28, 20), passed(SUCCESS, 5)]);
        assert_eq!((accepted, last.nanoseconds), (2, 30));
        assert_eq!(count(&[]).0, 0);
    }
}
