//! One path, with every fault in turn.

use std::collections::HashSet;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::call::{Call, Fault};
use super::path::Path;
use super::verdict::{End, Seen, words};
use crate::machine::host::STATE;

/// How much of a path is gone through.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Extent {
    /// Every call with everything that can go wrong at it.
    Whole,
    /// Each place once, the first time it is come by: the first with its first fault, the second with its second, and
    /// so on round, so that each kind of fault comes up.
    EachPlaceOnce,
    /// The same at every third place.
    EveryThirdPlace,
}

/// What a sweep counted.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// The path.
    pub path: String,
    /// Calls of a run that are ours.
    pub calls: usize,
    /// Different ones.
    pub places: usize,
    /// Runs with a fault.
    pub runs: usize,
    /// That ended as if nothing had been.
    pub as_planned: usize,
    /// In a refusal.
    pub refused: usize,
    /// In the kill.
    pub killed: usize,
    /// At which the program came by another way.
    pub missed: Vec<String>,
    /// What does not hold.
    pub violations: Vec<String>,
}

impl Tally {
    /// The heading of a table of these.
    pub const HEADING: &str =
        "path                         calls places   runs | as ever refused  killed missed | violations";

    /// Whether everything held, and at least 95 of 100 faults came about where they were meant to, each about a record
    /// among them.
    #[must_use]
    pub fn is_fine(&self) -> bool {
        let missed_a_record = self.missed.iter().any(|missed| missed.contains(STATE));
        self.violations.is_empty() && self.runs > 0 && self.missed.len() * 20 <= self.runs && !missed_a_record
    }

    /// Adds the counts of another path.
    pub fn add(&mut self, other: &Self) {
        self.calls += other.calls;
        self.places += other.places;
        self.runs += other.runs;
        self.as_planned += other.as_planned;
        self.refused += other.refused;
        self.killed += other.killed;
        self.missed.extend(other.missed.iter().cloned());
        self.violations.extend(other.violations.iter().cloned());
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, calls, places, runs, as_planned, refused, killed, missed, violations } = self;
        write!(
            f,
            "{path:27} {calls:6} {places:6} {runs:6} | {as_planned:7} {refused:7} {killed:7} {:6} |",
            missed.len()
        )?;
        write!(f, " {}", violations.len())
    }
}

/// Goes through a path.
///
/// # Panics
/// If it does not come out as it should without any fault.
#[must_use]
pub fn sweep(path: &mut Path, extent: Extent) -> Tally {
    let (all, mut places) = (path.calls.clone(), HashSet::new());
    let firsts: Vec<Call> = all.iter().filter(|call| places.insert(call.site())).cloned().collect();
    let mut tally =
        Tally { path: path.plan.name.to_owned(), calls: all.len(), places: firsts.len(), ..Tally::default() };
    let rounds: Vec<(Call, Fault)> = match extent {
        Extent::Whole => {
            all.iter().flat_map(|call| call.faults().into_iter().map(|f| (call.clone(), f))).collect()
        }
        Extent::EachPlaceOnce => {
            firsts.iter().enumerate().map(|(n, call)| (call.clone(), turn(call, n))).collect()
        }
        Extent::EveryThirdPlace => {
            firsts.iter().step_by(3).enumerate().map(|(n, call)| (call.clone(), turn(call, n))).collect()
        }
    };
    for (call, fault) in rounds {
        tally.runs += 1;
        let what = format!("{}: {fault} at {}", path.plan.name, call.line);
        match catch_unwind(AssertUnwindSafe(|| one(path, &call, fault))) {
            Ok(Some((end, wrong))) => {
                match end {
                    End::AsPlanned => tally.as_planned += 1,
                    End::Refused => tally.refused += 1,
                    End::Killed => tally.killed += 1,
                }
                tally.violations.extend(wrong.into_iter().map(|wrong| format!("{what}\n    {wrong}")));
            }
            Ok(None) => tally.missed.push(what),
            Err(panic) => tally.violations.push(format!("{what}\n    {}", words(&*panic))),
        }
    }
    tally
}

fn turn(call: &Call, n: usize) -> Fault {
    let faults = call.faults();
    faults[n % faults.len()]
}

/// One fault; `None`: it did not come about, twice.
fn one(path: &mut Path, call: &Call, fault: Fault) -> Option<(End, Vec<String>)> {
    for _ in 0..2 {
        let said = path.history.host.syslog().lines().len();
        let run = path.round(Some((call, fault)));
        if run.hit(call, fault) {
            let log = path.history.host.syslog().lines().split_off(said);
            return Some(Seen { call, fault, run: &run, log: &log }.judge(path));
        }
    }
    None
}
