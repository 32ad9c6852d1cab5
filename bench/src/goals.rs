//! What was aimed at, and whether this run met it.

use crate::measure::{Outcome, Row, Table};
use crate::products::Product;
use crate::race::{Race, Who};
use crate::replies::Reply;
use crate::scenario::{FEW, Medium, Process};
use crate::stats::{Ratio, Sample};
use crate::{floor, hashing, loading, ssh, unlock};
use serde::Serialize;

/// One goal in one scenario.
#[derive(Debug, Serialize)]
pub(crate) struct Goal {
    pub(crate) goal: &'static str,
    pub(crate) scenario: String,
    pub(crate) at_most: f64,
    /// Empty for a ratio.
    pub(crate) unit: &'static str,
    pub(crate) measured: Ratio,
    pub(crate) met: bool,
}

impl Outcome {
    fn row(&self, name: &str, crowd: usize) -> Option<&Row> {
        self.rows.iter().find(|row| row.name == name && (row.crowd == crowd || row.crowd == 0))
    }

    fn samples(&self, product: Product) -> Option<&[Sample]> {
        self.row(product.name(), FEW).map(|row| &row.samples[..])
    }

    fn is(&self, reply: Reply, medium: Medium) -> bool {
        self.scenario.reply == reply && self.scenario.medium == medium
    }

    fn has_crowd(&self) -> bool {
        self.scenario.crowds.len() > 1
    }
}

/// Every goal in every scenario it is about.
pub(crate) fn judge(outcomes: &[Outcome], tables: &[Table], races: &[Race]) -> Vec<Goal> {
    let logins = outcomes.iter().flat_map(|o| [compared(o), crowded(o), hashed(o), floors(o)]).flatten();
    logins.chain(tables.iter().flat_map(unlocking)).chain(races.iter().filter_map(counted)).collect()
}

fn goal(goal: &'static str, outcome: &Outcome, at_most: f64, measured: Ratio) -> Goal {
    let scenario = outcome.scenario.name();
    Goal { goal, scenario, at_most, unit: "", measured, met: measured.whole <= at_most }
}

fn compared(o: &Outcome) -> Option<Goal> {
    let at_most = match (o.scenario.reply, o.scenario.medium, o.scenario.process) {
        _ if o.has_crowd() => return None,
        (Reply::Right, Medium::Disk, _) => 0.8,
        (Reply::Right, Medium::BusyDisk, _) => 0.5,
        (Reply::Right, Medium::Memory, Process::Fresh) => 1.2,
        (Reply::Wrong, _, _) => 0.25,
        _ => return None,
    };
    let ratio = Ratio::simple(o.samples(Product::Wardkey)?, o.samples(Product::Google)?);
    Some(goal("wardkey / google-authenticator", o, at_most, ratio))
}

fn crowded(o: &Outcome) -> Option<Goal> {
    let most = *o.scenario.crowds.iter().max().filter(|_| o.has_crowd())?;
    let many = o.row(Product::Wardkey.name(), most)?;
    Some(goal("many users / few users", o, 1.1, Ratio::simple(&many.samples, o.samples(Product::Wardkey)?)))
}

/// One run and not two: what a login adds to the hash is small beside a second one.
fn hashed(o: &Outcome) -> Option<Goal> {
    let run = o.row(hashing::NAME, FEW)?;
    let ratio = Ratio::simple(o.samples(Product::Wardkey)?, &run.samples);
    Some(goal("login / one Argon2id run", o, 1.5, ratio))
}

fn floors(o: &Outcome) -> Option<Goal> {
    if !o.is(Reply::Right, Medium::Disk) || o.has_crowd() {
        return None;
    }
    let (empty, floor) = (o.samples(Product::Empty)?, o.row(floor::NAME, FEW)?);
    // The empty stack is steady: its whole median serves every part of the run.
    let empty = crate::stats::Summary::of(empty).median;
    let ratio =
        Ratio::of(o.samples(Product::Wardkey)?, &floor.samples, |login, floor| (login - empty) / floor);
    Some(goal("(login - empty stack) / (write and fdatasync)", o, 3.0, ratio))
}

/// What the helper adds to one check and to the slowest of sixteen at once, what grace saves, and what a flood costs others.
fn unlocking(table: &Table) -> Vec<Goal> {
    let (goal, at_most) = match table.name {
        loading::NAME | ssh::NAME => return Vec::new(),
        unlock::ALONE => ("by the helper - as root", 3.0),
        _ => ("slowest by the helper - slowest as root", 6.0),
    };
    let differences = [(goal, unlock::BY_HELPER, unlock::AS_ROOT, at_most, "ms")];
    let ratios = [
        ("grace / code, as root", unlock::GRACE_AS_ROOT, unlock::CODE_AS_ROOT, 1.0, ""),
        ("grace / code, by the helper", unlock::GRACE_BY_HELPER, unlock::CODE_BY_HELPER, 1.0, ""),
        ("slowest while one connects without end / in quiet", unlock::FLOODED, unlock::BY_HELPER, 2.0, ""),
    ];
    let judged = |(goal, ours, theirs, at_most, unit): (_, _, _, _, &'static str)| {
        let (ours, theirs) = (&table.row(ours)?.samples, &table.row(theirs)?.samples);
        let how = if unit == "ms" { Ratio::milliseconds_more } else { Ratio::simple };
        let measured = how(ours, theirs);
        let scenario = table.name.to_owned();
        Some(Goal { goal, scenario, at_most, unit, measured, met: measured.whole <= at_most })
    };
    differences.into_iter().chain(ratios).filter_map(judged).collect()
}

/// One code lets in one of so many, and with codes of their own nobody is turned away. It holds in every heat or not at
/// all: the worst of them is what counts.
fn counted(race: &Race) -> Option<Goal> {
    let rows = race.rows.iter().filter(|line| line.name == Product::Wardkey.name());
    let wrong = rows.flat_map(|line| {
        let expected = if race.who == Who::Same { 1 } else { line.at_once };
        line.accepted.iter().map(move |accepted| accepted.abs_diff(expected))
    });
    let worst = wrong.max().and_then(|most| u32::try_from(most).ok()).map(f64::from)?;
    let goal = match race.who {
        Who::Same => "let in with one code, more or fewer than one",
        Who::Different => "turned away with a code of their own",
    };
    let measured = Ratio { whole: worst, least: worst, most: worst };
    Some(Goal { goal, scenario: race.name(), at_most: 0.0, unit: "", measured, met: worst == 0.0 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::race::Line;

    fn race(who: Who, accepted: &[usize]) -> Race {
        let line = |name, accepted: &[usize]| Line {
            name,
            at_once: 4,
            accepted: accepted.to_vec(),
            until_last: Vec::new(),
        };
        let rows = vec![line(Product::Google.name(), &[4, 4]), line(Product::Wardkey.name(), accepted)];
        Race { who, medium: Medium::Disk, rounds: 2, rows }
    }

    #[test]
    fn one_heat_too_many_or_too_few_misses_the_goal() {
        let met = |who, accepted: &[usize]| counted(&race(who, accepted)).unwrap().met;
        assert!(met(Who::Same, &[1, 1]));
        assert!(!met(Who::Same, &[1, 2]));
        assert!(!met(Who::Same, &[1, 0]));
        assert!(met(Who::Different, &[4, 4]));
        assert!(!met(Who::Different, &[4, 3]));
    }
}
