//! What was aimed at, and whether this run met it.

use crate::measure::{Outcome, Row, Table};
use crate::module::Weight;
use crate::products::Product;
use crate::race::{Race, Who};
use crate::replies::Reply;
use crate::scenario::{FEW, Medium, Process};
use crate::setting::Setting;
use crate::stats::{Ratio, Sample, Summary};
use crate::{floor, hashing, loading, ssh, unlock};
use serde::Serialize;

/// One goal in one scenario.
#[derive(Debug, Serialize)]
pub(crate) struct Goal {
    pub(crate) goal: &'static str,
    pub(crate) scenario: String,
    pub(crate) at_most: f64,
    pub(crate) unit: Unit,
    pub(crate) measured: Ratio,
    pub(crate) met: bool,
}

/// What is counted.
#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Unit {
    Ratio,
    Milliseconds,
    Megabytes,
    Count,
}

impl Unit {
    /// Digits after the point, as tables have them.
    pub(crate) const fn digits(self) -> usize {
        if matches!(self, Self::Count) { 0 } else { 2 }
    }

    /// What stands behind the number.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Ratio | Self::Count => "",
            Self::Milliseconds => " ms",
            Self::Megabytes => " MB",
        }
    }
}

impl Goal {
    fn new(goal: &'static str, scenario: String, at_most: f64, unit: Unit, measured: Ratio) -> Self {
        Self { goal, scenario, at_most, unit, measured, met: measured.whole <= at_most }
    }
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
pub(crate) fn judge(weight: &Weight, outcomes: &[Outcome], tables: &[Table], races: &[Race]) -> Vec<Goal> {
    let logins = outcomes
        .iter()
        .flat_map(|o| [beside_google(o), beside_same_calls(o), floors(o), faults(o), crowded(o), hashed(o)]);
    let logins = logins.flatten().chain(weighed(weight));
    logins.chain(tables.iter().flat_map(unlocking)).chain(races.iter().filter_map(counted)).collect()
}

fn goal(goal: &'static str, outcome: &Outcome, at_most: f64, measured: Ratio) -> Goal {
    Goal::new(goal, outcome.scenario.name(), at_most, Unit::Ratio, measured)
}

fn beside_google(o: &Outcome) -> Option<Goal> {
    let at_most = match (o.scenario.reply, o.scenario.medium, o.scenario.process, o.scenario.setting) {
        _ if o.has_crowd() => return None,
        (Reply::Right, Medium::Disk, Process::Fresh, Setting::Plain) => 0.95,
        (Reply::Right, Medium::Disk, Process::Fresh, Setting::LargeFolios) => 0.9,
        (Reply::Right, Medium::Disk, Process::Fresh, Setting::AfterReply) => 0.8,
        (Reply::Right, Medium::Disk, Process::One, _) => 0.7,
        (Reply::Right, Medium::BusyDisk, Process::Fresh, _) => 0.8,
        (Reply::Right, Medium::BusyDisk, Process::One, _) => 0.65,
        (Reply::Right, Medium::Memory, Process::Fresh, Setting::Plain) => 1.4,
        (Reply::Right, Medium::Memory, Process::Fresh, Setting::LargeFolios) => 1.3,
        (Reply::Wrong, Medium::Disk, Process::Fresh, _) => 0.32,
        (Reply::Wrong, Medium::Memory, Process::Fresh, _) => 0.2,
        _ => return None,
    };
    let ratio = Ratio::simple(o.samples(Product::Wardkey)?, o.samples(Product::Google)?);
    Some(goal("wardkey / google-authenticator", o, at_most, ratio))
}

/// On a tmpfs, where nothing is waited for.
fn beside_same_calls(o: &Outcome) -> Option<Goal> {
    let is_whole = matches!(o.scenario.setting, Setting::Plain | Setting::LargeFolios);
    if !o.is(Reply::Right, Medium::Memory)
        || o.scenario.process != Process::Fresh
        || !is_whole
        || o.has_crowd()
    {
        return None;
    }
    let ratio = Ratio::simple(o.samples(Product::Wardkey)?, o.samples(Product::SameCalls)?);
    Some(goal("wardkey / the same calls in C", o, 1.6, ratio))
}

/// Page by page, as the module lies where a file system has no large folios.
fn faults(o: &Outcome) -> Option<Goal> {
    let (process, setting) = (o.scenario.process, o.scenario.setting);
    let is_it = o.is(Reply::Right, Medium::Memory) && (process, setting) == (Process::Fresh, Setting::Plain);
    if !is_it || o.has_crowd() {
        return None;
    }
    let faults = count(Summary::of(o.samples(Product::Wardkey)?).faults);
    Some(Goal::new("page faults of a login", o.scenario.name(), 45.0, Unit::Count, Ratio::known(faults)))
}

fn weighed(weight: &Weight) -> [Goal; 2] {
    let goal = |goal, at_most, unit, measured| {
        Goal::new(goal, "the module".to_owned(), at_most, unit, Ratio::known(measured))
    };
    [
        goal("size", 1.4, Unit::Megabytes, count(weight.bytes) / 1e6),
        goal("relocations", 1700.0, Unit::Count, count(weight.relocations)),
    ]
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
    if !o.is(Reply::Right, Medium::Disk) || o.scenario.setting != Setting::Plain || o.has_crowd() {
        return None;
    }
    let at_most = if o.scenario.process == Process::Fresh { 3.3 } else { 2.0 };
    let (empty, floor) = (o.samples(Product::Empty)?, o.row(floor::NAME, FEW)?);
    // The empty stack is steady: its whole median serves every part of the run.
    let empty = Summary::of(empty).median;
    let ratio =
        Ratio::of(o.samples(Product::Wardkey)?, &floor.samples, |login, floor| (login - empty) / floor);
    Some(goal("(login - empty stack) / (write and fdatasync)", o, at_most, ratio))
}

/// What the helper adds to one check and to the slowest of sixteen at once, what grace saves, and what a flood costs others.
fn unlocking(table: &Table) -> Vec<Goal> {
    let (goal, at_most) = match table.name {
        loading::NAME | ssh::NAME => return Vec::new(),
        unlock::ALONE => ("by the helper - as root", 3.0),
        _ => ("slowest by the helper - slowest as root", 6.0),
    };
    let differences = [(goal, unlock::BY_HELPER, unlock::AS_ROOT, at_most, Unit::Milliseconds)];
    let ratios = [
        ("grace / code, as root", unlock::GRACE_AS_ROOT, unlock::CODE_AS_ROOT, 1.0, Unit::Ratio),
        ("grace / code, by the helper", unlock::GRACE_BY_HELPER, unlock::CODE_BY_HELPER, 1.0, Unit::Ratio),
        (
            "slowest while one connects without end / in quiet",
            unlock::FLOODED,
            unlock::BY_HELPER,
            2.0,
            Unit::Ratio,
        ),
    ];
    let judged = |(goal, ours, theirs, at_most, unit)| {
        let (ours, theirs) = (&table.row(ours)?.samples, &table.row(theirs)?.samples);
        let is_difference = matches!(unit, Unit::Milliseconds);
        let how = if is_difference { Ratio::milliseconds_more } else { Ratio::simple };
        Some(Goal::new(goal, table.name.to_owned(), at_most, unit, how(ours, theirs)))
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
    Some(Goal::new(goal, race.name(), 0.0, Unit::Count, Ratio::known(worst)))
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
fn count(number: u64) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::race::Line;
    use crate::scenario::Scenario;

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

    fn outcome(setting: Setting, product: Product, microseconds: u64, than: Product, theirs: u64) -> Outcome {
        let scenario = Scenario {
            medium: Medium::Disk,
            process: Process::Fresh,
            reply: Reply::Right,
            rounds: 1,
            crowds: vec![FEW],
            names_only: false,
            setting,
        };
        let row = |product: Product, microseconds| Row {
            name: product.name().to_owned(),
            crowd: FEW,
            samples: vec![Sample { nanoseconds: microseconds * 1000, ..Sample::default() }],
            system_calls: None,
        };
        Outcome { scenario, rows: vec![row(product, microseconds), row(than, theirs)] }
    }

    #[test]
    fn how_the_module_lies_and_what_is_measured_decide_the_goal() {
        let met = |setting, ours| {
            let outcome = outcome(setting, Product::Wardkey, ours, Product::Google, 100);
            beside_google(&outcome).map(|goal| goal.met)
        };
        assert_eq!((met(Setting::Plain, 95), met(Setting::Plain, 96)), (Some(true), Some(false)));
        assert_eq!((met(Setting::LargeFolios, 90), met(Setting::LargeFolios, 91)), (Some(true), Some(false)));
        assert_eq!((met(Setting::AfterReply, 80), met(Setting::AfterReply, 81)), (Some(true), Some(false)));
        assert_eq!(met(Setting::Host, 1), None);
    }

    #[test]
    fn the_same_calls_in_c_are_compared_where_nothing_is_waited_for() {
        let mut outcome = outcome(Setting::LargeFolios, Product::Wardkey, 161, Product::SameCalls, 100);
        assert!(beside_same_calls(&outcome).is_none());
        outcome.scenario.medium = Medium::Memory;
        assert!(!beside_same_calls(&outcome).unwrap().met);
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
