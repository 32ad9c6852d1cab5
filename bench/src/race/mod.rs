//! Many at once, each in a process of its own: either so many people with a code each, where everyone should be let in;
//! or the same person's one code so many times, where a code that works once lets in one.

mod heat;

use crate::floor;
use crate::measure::{Bench, this_step, turns};
use crate::module::Pages;
use crate::people::{ENTRANTS, entrant};
use crate::products::{PRODUCTS, Product};
use crate::replies::Reply;
use crate::scenario::{Effort, Medium};
use crate::site::{Plan, Site};
use crate::stats::Sample;
use heat::{Floor, Heat, Passers};
use std::fs;
use std::io;
use std::rc::Rc;

/// How many at once.
pub(crate) const SIZES: [usize; 4] = [1, 4, 16, ENTRANTS];

/// Heats before the first that counts.
const WARM_UP: usize = 1;

/// Whose codes they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    /// One code, typed by everyone.
    Same,
    /// Everyone's own.
    Different,
}

/// One table.
pub(crate) struct Race {
    pub(crate) who: Who,
    pub(crate) medium: Medium,
    pub(crate) rounds: usize,
    pub(crate) rows: Vec<Line>,
}

/// What came of one product with so many at once.
pub(crate) struct Line {
    pub(crate) name: &'static str,
    pub(crate) at_once: usize,
    /// How many were let in, heat by heat; none where nobody logs in.
    pub(crate) accepted: Vec<usize>,
    /// From the moment they are let go until the last one has an answer.
    pub(crate) until_last: Vec<Sample>,
}

impl Line {
    /// How many were let in, on the mean.
    #[expect(clippy::cast_precision_loss, reason = "at most a few thousand")]
    pub(crate) fn mean_accepted(&self) -> Option<f64> {
        let all: usize = self.accepted.iter().sum();
        (!self.accepted.is_empty()).then(|| all as f64 / self.accepted.len() as f64)
    }

    /// The fewest and the most that were let in.
    pub(crate) fn accepted_range(&self) -> Option<(usize, usize)> {
        self.accepted.iter().min().copied().zip(self.accepted.iter().max().copied())
    }
}

impl Race {
    pub(crate) fn name(&self) -> String {
        name(self.who, self.medium)
    }

    pub(crate) fn line(&self, name: &str, at_once: usize) -> Option<&Line> {
        self.rows.iter().find(|line| line.name == name && line.at_once == at_once)
    }
}

fn name(who: Who, medium: Medium) -> String {
    let who = match who {
        Who::Same => "one person's code",
        Who::Different => "people with a code each",
    };
    format!("1 to {ENTRANTS} at once, {who}, {}, fresh process", medium.name())
}

/// All tables whose name contains `only`.
pub(crate) fn run(bench: &Bench, effort: Effort, only: &str) -> io::Result<Vec<Race>> {
    let mut made = Vec::new();
    for (who, medium) in [
        (Who::Same, Medium::Disk),
        (Who::Same, Medium::Memory),
        (Who::Different, Medium::Disk),
        (Who::Different, Medium::Memory),
    ] {
        let name = name(who, medium);
        if name.contains(only) {
            eprintln!("{name} ...");
            made.push(race(bench, effort, who, medium)?);
        }
    }
    Ok(made)
}

fn race(bench: &Bench, effort: Effort, who: Who, medium: Medium) -> io::Result<Race> {
    let dir = bench.scratch.join(medium.directory()).join("race");
    let people: Vec<_> = (0..ENTRANTS).map(entrant).collect();
    let plan = Plan {
        dir: dir.clone(),
        people: &people,
        names_only: false,
        throttled: false,
        codes: 5,
        module: &bench.module.path(Pages::Single),
        same_calls: &bench.same_calls,
        config: &bench.config,
    };
    let site = Rc::new(Site::make(&plan)?);
    let mut heats: Vec<Box<dyn Passers>> = vec![Box::new(Floor::make(&dir, who)?)];
    for product in PRODUCTS {
        // A password is not used up: there is nothing to count.
        if who == Who::Different || product.has(Reply::Replayed) {
            let (site, login, clock) = (Rc::clone(&site), bench.login.clone(), this_step()?);
            heats.push(Box::new(Heat { product, site, login, who, clock, turn: 0 }));
        }
    }
    let rounds = effort.rounds(20, 4, 5);
    let rows = bench.syslog.taking(|| run_heats(&mut heats, rounds))?;
    drop(heats);
    drop(site);
    if dir.exists() {
        fs::remove_dir_all(&dir)?;
    }
    Ok(Race { who, medium, rounds, rows })
}

/// Every product in turn, round after round, with few and with many.
fn run_heats(heats: &mut [Box<dyn Passers>], rounds: usize) -> io::Result<Vec<Line>> {
    let mut rows = Vec::new();
    for at_once in SIZES {
        let mut lines: Vec<Line> = heats
            .iter()
            .map(|heat| Line { name: heat.name(), at_once, accepted: Vec::new(), until_last: Vec::new() })
            .collect();
        for round in 0..WARM_UP + rounds {
            for which in turns(round, lines.len()) {
                let (Some(heat), Some(line)) = (heats.get_mut(which), lines.get_mut(which)) else { continue };
                let (accepted, until_last) = heat.pass(at_once)?;
                if round >= WARM_UP {
                    line.accepted.extend(accepted);
                    line.until_last.push(until_last);
                }
            }
        }
        rows.extend(lines);
    }
    rows.sort_by_key(|line| order(line.name));
    Ok(rows)
}

/// Tables have the floor last, as all tables do.
fn order(name: &str) -> usize {
    let product = PRODUCTS.iter().map(|product| Product::name(*product)).position(|known| known == name);
    product.unwrap_or(if name == floor::NAME { PRODUCTS.len() } else { usize::MAX })
}
