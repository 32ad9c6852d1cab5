//! What was aimed at, and whether this run met it.

use crate::measure::{Outcome, Row};
use crate::products::Product;
use crate::replies::Reply;
use crate::scenario::{FEW, Medium, Process};
use crate::stats::{Ratio, Sample};
use crate::{floor, hashing};
use serde::Serialize;

/// One goal in one scenario.
#[derive(Debug, Serialize)]
pub(crate) struct Goal {
    pub(crate) goal: &'static str,
    pub(crate) scenario: String,
    pub(crate) at_most: f64,
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
pub(crate) fn judge(outcomes: &[Outcome]) -> Vec<Goal> {
    outcomes.iter().flat_map(|o| [compared(o), crowded(o), hashed(o), floors(o)]).flatten().collect()
}

fn goal(goal: &'static str, outcome: &Outcome, at_most: f64, measured: Ratio) -> Goal {
    Goal { goal, scenario: outcome.scenario.name(), at_most, measured, met: measured.whole <= at_most }
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
