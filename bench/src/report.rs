//! The tables, for people and as JSON.

use crate::goals::Goal;
use crate::machine::Machine;
use crate::measure::{Outcome, Row};
use crate::products::Product;
use crate::scenario::FEW;
use crate::stats::{Ratio, Summary};
use crate::unlock::{UNIX_BY_HELPER, Unlocks};
use serde_json::json;
use std::fmt::Write as _;

/// The page: conditions, goals, one table a scenario.
pub(crate) fn markdown(
    machine: &Machine,
    outcomes: &[Outcome],
    unlocks: &[Unlocks],
    goals: &[Goal],
) -> String {
    let mut page = conditions(machine);
    page.push_str("\n## Goals\n\n");
    let goals = goals.iter().map(|g| {
        let met = if g.met { "met" } else { "**missed**" };
        let [at_most, measured] = [format!("{:.2}", g.at_most), spread(g.measured)]
            .map(|n| format!("{n} {}", g.unit).trim_end().to_owned());
        vec![g.goal.into(), g.scenario.clone(), at_most, measured, met.into()]
    });
    page.push_str(&table(&["ratio or difference", "where", "at most", "measured", ""], goals.collect()));
    for outcome in outcomes {
        let _ = write!(page, "\n## {}\n\n{} rounds.\n\n", outcome.scenario.name(), outcome.scenario.rounds);
        page.push_str(&rows(outcome));
    }
    for unlocks in unlocks {
        let _ = write!(page, "\n## {}\n\n{} rounds.\n\n", unlocks.name, unlocks.rounds);
        page.push_str(&unlock_rows(unlocks));
    }
    page
}

/// The same for programs.
pub(crate) fn json(
    machine: &Machine,
    outcomes: &[Outcome],
    unlocks: &[Unlocks],
    goals: &[Goal],
) -> serde_json::Result<String> {
    let logins = outcomes.iter().map(|outcome| {
        let rows: Vec<_> = outcome
            .rows
            .iter()
            .map(|row| {
                json!({
                    "name": row.name, "users": row.crowd, "microseconds": Summary::of(&row.samples),
                    "system_calls": row.system_calls, "ratio": against_google(outcome, row),
                })
            })
            .collect();
        json!({ "name": outcome.scenario.name(), "rounds": outcome.scenario.rounds, "rows": rows })
    });
    let unlocks = unlocks.iter().map(|u| {
        let row = |row: &Row| json!({ "name": row.name, "microseconds": Summary::of(&row.samples), "ratio": against_unix(u, row) });
        let rows: Vec<_> = u.rows.iter().map(row).collect();
        json!({ "name": u.name, "rounds": u.rounds, "rows": rows })
    });
    let scenarios: Vec<_> = logins.chain(unlocks).collect();
    serde_json::to_string_pretty(&json!({ "machine": machine, "goals": goals, "scenarios": scenarios }))
}

fn conditions(machine: &Machine) -> String {
    let [before, after] = &machine.load;
    format!(
        "- {}\n- {}, {} cores; {}\n- disk: {}\n- {}\n- module: {} bytes\n- load average {before} before, {after} after\n",
        machine.date,
        machine.cpu,
        machine.cores,
        machine.kernel,
        machine.disk,
        machine.versions.join(", "),
        machine.module_bytes,
    )
}

fn rows(outcome: &Outcome) -> String {
    let crowded = outcome.scenario.crowds.len() > 1;
    let lines = outcome.rows.iter().map(|row| {
        let name = if crowded && row.crowd > 0 {
            format!("{}, {} users", row.name, row.crowd)
        } else {
            row.name.clone()
        };
        let mut line = measured(name, row);
        line.push(row.system_calls.map_or_else(dash, |calls| calls.to_string()));
        line.push(against_google(outcome, row).map_or_else(dash, spread));
        line
    });
    table(&[&HEADS[..], &["system calls", "/ google-authenticator"]].concat(), lines.collect())
}

fn unlock_rows(unlocks: &Unlocks) -> String {
    let lines = unlocks.rows.iter().map(|row| {
        let mut line = measured(row.name.clone(), row);
        line.push(against_unix(unlocks, row).map_or_else(dash, spread));
        line
    });
    table(&[&HEADS[..], &["/ pam_unix by unix_chkpwd"]].concat(), lines.collect())
}

const HEADS: [&str; 8] = ["", "min", "25 %", "median", "75 %", "p99", "CPU", "peak KiB"];

/// The cells below those heads.
fn measured(name: String, row: &Row) -> Vec<String> {
    let s = Summary::of(&row.samples);
    let mut line = vec![name];
    line.extend([s.min, s.quarter, s.median, s.three_quarters, s.p99, s.cpu].map(|n| format!("{n:.0}")));
    line.push(if s.peak_kib == 0 { dash() } else { s.peak_kib.to_string() });
    line
}

fn dash() -> String {
    "-".to_owned()
}

/// A row beside `pam_unix` with its helper.
fn against_unix(unlocks: &Unlocks, row: &Row) -> Option<Ratio> {
    Some(Ratio::simple(&row.samples, &unlocks.row(UNIX_BY_HELPER)?.samples))
}

/// A row beside `google-authenticator` with as many users.
fn against_google(outcome: &Outcome, row: &Row) -> Option<Ratio> {
    let is_google = |r: &&Row| r.name == Product::Google.name() && r.crowd == row.crowd;
    let google = outcome.rows.iter().filter(|_| row.crowd >= FEW).find(is_google)?;
    Some(Ratio::simple(&row.samples, &google.samples))
}

fn spread(ratio: Ratio) -> String {
    format!("{:.2} ({:.2}-{:.2})", ratio.whole, ratio.least, ratio.most)
}

/// A Markdown table whose columns also line up as plain text.
fn table(heads: &[&str], lines: Vec<Vec<String>>) -> String {
    let heads: Vec<String> = heads.iter().map(ToString::to_string).collect();
    let width = |column: usize| {
        let cells = lines.iter().chain([&heads]).filter_map(|line| line.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..heads.len()).map(width).collect();
    let mut text = String::new();
    let mut put = |cells: &[String]| {
        let cells: Vec<String> =
            cells.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        let _ = writeln!(text, "| {} |", cells.join(" | "));
    };
    put(&heads);
    put(&widths.iter().map(|width| "-".repeat(*width)).collect::<Vec<_>>());
    lines.iter().for_each(|line| put(line));
    text
}
