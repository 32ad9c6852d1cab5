//! A run, for people and for programs.

mod json;
mod markdown;
mod table;

pub(crate) use json::json;
pub(crate) use markdown::markdown;

use crate::floor;
use crate::goals::Goal;
use crate::machine::Machine;
use crate::measure::{Outcome, Row, Table};
use crate::module::Weight;
use crate::plot::Drawn;
use crate::products::Product;
use crate::race::Race;
use crate::scenario::FEW;
use crate::stats::{Ratio, Summary};

/// All that came of a run.
pub(crate) struct Run {
    pub(crate) machine: Machine,
    pub(crate) weight: Weight,
    pub(crate) outcomes: Vec<Outcome>,
    pub(crate) tables: Vec<Table>,
    pub(crate) races: Vec<Race>,
    pub(crate) goals: Vec<Goal>,
    pub(crate) drawn: Vec<Drawn>,
}

/// A row beside `google-authenticator` with as many users.
fn against_google(outcome: &Outcome, row: &Row) -> Option<Ratio> {
    let is_google = |r: &&Row| r.name == Product::Google.name() && r.crowd == row.crowd;
    let google = outcome.rows.iter().filter(|_| row.crowd >= FEW).find(is_google)?;
    Some(Ratio::simple(&row.samples, &google.samples))
}

/// A row beside the one that its table names.
fn beside(table: &Table, row: &Row) -> Option<Ratio> {
    let with = table.row(table.beside).filter(|_| row.name != floor::NAME)?;
    Some(Ratio::simple(&row.samples, &with.samples))
}

/// How many floors high: the ratio of the medians, where the least that is durable was measured too.
fn floors(rows: &[Row], row: &Row) -> Option<f64> {
    let floor = rows.iter().find(|row| row.name == floor::NAME)?;
    Some(Summary::of(&row.samples).median / Summary::of(&floor.samples).median)
}
