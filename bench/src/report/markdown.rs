//! The page for people: conditions, goals, drawings, one table a scenario.

use super::table::table;
use super::{Run, against_google, beside, floors};
use crate::floor;
use crate::goals::Goal;
use crate::machine::Machine;
use crate::measure::{Outcome, Row, Table};
use crate::module::Weight;
use crate::plot::Drawn;
use crate::race::Race;
use crate::stats::{Ratio, Summary};
use std::fmt::Write as _;

/// The page.
pub(crate) fn markdown(run: &Run) -> String {
    let mut page = conditions(&run.machine, &run.weight);
    page.push_str(&goals(&run.goals));
    page.push_str(&drawings(&run.drawn));
    for outcome in &run.outcomes {
        let scenario = &outcome.scenario;
        let _ = write!(page, "\n## {}\n\n{} rounds; microseconds.", scenario.name(), scenario.rounds);
        if scenario.names_only {
            page.push_str(" All but ten of the users are names without a record.");
        }
        let _ = write!(page, "\n\n{}", rows(outcome));
    }
    for table in &run.tables {
        let _ = write!(page, "\n## {}\n\n{} rounds; microseconds.\n\n", table.name, table.rounds);
        page.push_str(&table_rows(table));
    }
    for race in &run.races {
        let until = "milliseconds until the last one has an answer";
        let _ = write!(page, "\n## {}\n\n{} rounds; {until}.\n\n", race.name(), race.rounds);
        page.push_str(&race_rows(race));
    }
    page
}

fn conditions(machine: &Machine, weight: &Weight) -> String {
    let [before, after] = &machine.load;
    let large_folios = weight.large_folios.as_deref().unwrap_or("the kernel does not tell");
    format!(
        "- {}, in {} minutes ({})\n- {}, {} cores; {}\n- disk: {}\n- {}\n- module: {} bytes, {} relocations\n- in large folios: {large_folios}\n- load average {before} before, {after} after\n",
        machine.date,
        machine.minutes,
        machine.command,
        machine.cpu,
        machine.cores,
        machine.kernel,
        machine.disk,
        machine.versions.join(", "),
        weight.bytes,
        weight.relocations,
    )
}

fn goals(goals: &[Goal]) -> String {
    let lines = goals.iter().map(|g| {
        let met = if g.met { "met" } else { "**missed**" };
        let (unit, digits) = (g.unit.name(), g.unit.digits());
        let at_most = format!("{:.digits$}{unit}", g.at_most);
        let Ratio { whole, least, most } = g.measured;
        let range =
            if least == most { String::new() } else { format!(" ({least:.digits$}-{most:.digits$})") };
        let measured = format!("{whole:.digits$}{range}{unit}");
        vec![g.goal.into(), g.scenario.clone(), at_most, measured, met.into()]
    });
    let heads = ["ratio or difference", "where", "at most", "measured", ""];
    format!("\n## Goals\n\n{}", table(&heads, lines.collect()))
}

fn drawings(drawn: &[Drawn]) -> String {
    let mut text = String::from("\n## Drawings\n");
    for drawn in drawn {
        let _ = write!(text, "\n![{}]({})\n", drawn.title, drawn.file);
    }
    text
}

fn rows(outcome: &Outcome) -> String {
    let crowded = outcome.scenario.crowds.len() > 1;
    let lines = outcome.rows.iter().map(|row| {
        let name = if crowded && row.crowd > 0 {
            format!("{}, {} users", row.name, row.crowd)
        } else {
            row.name.clone()
        };
        let mut line = measured(name, &outcome.rows, row);
        line.push(against_google(outcome, row).map_or_else(dash, spread));
        line
    });
    table(&[&HEADS[..], &["/ google-authenticator"]].concat(), lines.collect())
}

fn table_rows(of: &Table) -> String {
    let lines = of.rows.iter().map(|row| {
        let mut line = measured(row.name.clone(), &of.rows, row);
        line.push(beside(of, row).map_or_else(dash, spread));
        line
    });
    let mut lines: Vec<Vec<String>> = lines.collect();
    let mut heads: Vec<String> = HEADS.iter().map(ToString::to_string).collect();
    heads.push(format!("/ {}", of.beside));
    // A column that this table has no measurement for is left out.
    for column in (1..heads.len()).rev() {
        if lines.iter().all(|line| line.get(column).is_none_or(|cell| *cell == dash())) {
            heads.remove(column);
            lines.iter_mut().for_each(|line| drop(line.remove(column)));
        }
    }
    table(&heads.iter().map(String::as_str).collect::<Vec<_>>(), lines)
}

fn race_rows(race: &Race) -> String {
    let lines = race.rows.iter().map(|line| {
        let s = Summary::of(&line.until_last);
        let accepted = line.mean_accepted().zip(line.accepted_range());
        let accepted =
            accepted.map_or_else(dash, |(mean, (least, most))| format!("{mean:.1} ({least}-{most})"));
        let floor = race.line(floor::NAME, line.at_once).map(|floor| Summary::of(&floor.until_last).median);
        let floors = floor.map_or_else(dash, |floor| format!("{:.1}", s.median / floor));
        let times = [s.min, s.median, s.p99].map(|time| format!("{:.2}", time / 1000.0));
        [vec![line.name.to_owned(), line.at_once.to_string(), accepted], times.to_vec(), vec![floors]]
            .concat()
    });
    table(&["", "at once", "let in", "min", "median", "p99", "/ floor"], lines.collect())
}

const HEADS: [&str; 11] =
    ["", "min", "25 %", "median", "75 %", "p99", "CPU", "peak KiB", "faults", "system calls", "/ floor"];

/// The cells below those heads.
fn measured(name: String, rows: &[Row], row: &Row) -> Vec<String> {
    let s = Summary::of(&row.samples);
    let mut line = vec![name];
    line.extend([s.min, s.quarter, s.median, s.three_quarters, s.p99].map(|n| format!("{n:.0}")));
    line.push(if s.cpu == 0.0 { dash() } else { format!("{:.0}", s.cpu) });
    line.push(if s.peak_kib == 0 { dash() } else { s.peak_kib.to_string() });
    line.push(if s.faults == 0 { dash() } else { s.faults.to_string() });
    line.push(row.system_calls.map_or_else(dash, |calls| calls.to_string()));
    line.push(floors(rows, row).map_or_else(dash, |floors| format!("{floors:.1}")));
    line
}

fn dash() -> String {
    "-".to_owned()
}

fn spread(ratio: Ratio) -> String {
    format!("{:.2} ({:.2}-{:.2})", ratio.whole, ratio.least, ratio.most)
}
