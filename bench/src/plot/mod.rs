//! Drawings of a run, as SVG.

mod bars;
mod lines;
mod scale;
mod svg;

use crate::floor;
use crate::hashing;
use crate::measure::{Outcome, Row, Table};
use crate::products::PRODUCTS;
use crate::race::{Race, SIZES, Who};
use crate::scenario::{Medium, Process};
use crate::stats::Summary;
use crate::{loading, ssh, unlock};
use bars::{Bar, Group};
use lines::{Line, Plot};

/// A file to write.
pub(crate) struct Drawn {
    pub(crate) file: String,
    pub(crate) title: String,
    pub(crate) svg: String,
}

/// All that there is something to draw for.
pub(crate) fn all(outcomes: &[Outcome], tables: &[Table], races: &[Race]) -> Vec<Drawn> {
    let logins = [(Process::Fresh, "login-fresh"), (Process::One, "login-one")];
    let logins = logins.into_iter().filter_map(|(process, file)| by_scenario(outcomes, process, file));
    let crowds = outcomes.iter().filter_map(over_users);
    let tables = tables.iter().map(of_table);
    let races = races.iter().flat_map(|race| [time_at_once(race), accepted_at_once(race)]);
    logins.chain(crowds).chain(tables).chain(races).collect()
}

fn by_scenario(outcomes: &[Outcome], process: Process, file: &str) -> Option<Drawn> {
    let has = |outcome: &&Outcome| outcome.scenario.process == process && outcome.scenario.crowds.len() == 1;
    let groups: Vec<Group> = outcomes
        .iter()
        .filter(has)
        .map(|outcome| {
            let name = outcome.scenario.what();
            Group { name, bars: outcome.rows.iter().map(|row| bar(row, colour(&row.name))).collect() }
        })
        .collect();
    let title = format!("One login, {}", process.name());
    let svg = bars::plot(&title, &groups);
    (!groups.is_empty()).then(|| Drawn { file: format!("{file}.svg"), title, svg })
}

fn bar(row: &Row, series: usize) -> Bar {
    Bar { name: row.name.clone(), series, summary: Summary::of(&row.samples) }
}

fn of_table(table: &Table) -> Drawn {
    let product = |number: usize, row: &Row| match colour(&row.name) {
        OTHER => number,
        known => known,
    };
    let bars = table.rows.iter().enumerate().map(|(number, row)| bar(row, product(number, row)));
    let group = Group { name: String::new(), bars: bars.collect() };
    let file = match table.name {
        loading::NAME => "loading.svg",
        ssh::NAME => "sshd.svg",
        unlock::ALONE => "unlocking.svg",
        _ => "unlocking-at-once.svg",
    };
    let title = capital(table.name);
    let svg = bars::plot(&title, &[group]);
    Drawn { file: file.to_owned(), title, svg }
}

fn over_users(outcome: &Outcome) -> Option<Drawn> {
    let scenario = &outcome.scenario;
    if scenario.crowds.len() < 2 {
        return None;
    }
    let mut lines = Vec::new();
    for product in PRODUCTS {
        let rows = outcome.rows.iter().filter(|row| row.name == product.name());
        let points: Vec<_> =
            rows.map(|row| (count(row.crowd), Summary::of(&row.samples).median / 1000.0)).collect();
        if !points.is_empty() {
            lines.push(Line { name: product.name().to_owned(), series: colour(product.name()), points });
        }
    }
    let title = format!("One login over the number of users, {}", scenario.medium.name());
    let (across, upwards) = ("people with a record", "milliseconds, median");
    let svg = Plot { title: &title, across, upwards, lines }.draw();
    Some(Drawn { file: format!("users-{}.svg", file_name(scenario.medium)), title, svg })
}

fn time_at_once(race: &Race) -> Drawn {
    let title = capital(&race.name());
    let lines = race_lines(race, |line| Some(Summary::of(&line.until_last).median / 1000.0));
    let plot = Plot {
        title: &title,
        across: "at once",
        upwards: "milliseconds until the last answer, median",
        lines,
    };
    let svg = plot.draw();
    Drawn { file: format!("{}-time.svg", race_file(race)), title, svg }
}

fn accepted_at_once(race: &Race) -> Drawn {
    let title = format!("Accepted: {}", race.name());
    let lines = race_lines(race, |line| line.mean_accepted());
    let svg = Plot { title: &title, across: "at once", upwards: "let in, mean", lines }.draw();
    Drawn { file: format!("{}-accepted.svg", race_file(race)), title, svg }
}

fn race_lines(race: &Race, value: impl Fn(&crate::race::Line) -> Option<f64>) -> Vec<Line> {
    let names = PRODUCTS.iter().map(|product| product.name()).chain([floor::NAME]);
    let lines = names.map(|name| {
        let sizes = SIZES.into_iter().filter_map(|size| race.line(name, size));
        let points = sizes.filter_map(|line| Some((count(line.at_once), value(line)?))).collect();
        Line { name: name.to_owned(), series: colour(name), points }
    });
    lines.filter(|line| !line.points.is_empty()).collect()
}

fn race_file(race: &Race) -> String {
    let who = if race.who == Who::Same { "one-code" } else { "many-people" };
    format!("at-once-{who}-{}", file_name(race.medium))
}

const fn file_name(medium: Medium) -> &'static str {
    match medium {
        Medium::Disk => "disk",
        Medium::BusyDisk => "busy",
        Medium::Memory => "tmpfs",
    }
}

const OTHER: usize = 8;

/// One product has one colour in all drawings.
fn colour(name: &str) -> usize {
    let product = PRODUCTS.iter().position(|product| name.ends_with(product.name()));
    let others = [floor::NAME, hashing::NAME].iter().position(|other| *other == name);
    product.or(others.map(|other| PRODUCTS.len() + other)).unwrap_or(OTHER)
}

#[expect(clippy::cast_precision_loss, reason = "at most a hundred thousand")]
fn count(number: usize) -> f64 {
    number as f64
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
#[path = "plot_tests.rs"]
mod tests;
