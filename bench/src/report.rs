//! The tables, for people and as JSON.

use crate::goals::Goal;
use crate::machine::Machine;
use crate::measure::{Outcome, Row};
use crate::products::Product;
use crate::scenario::FEW;
use crate::stats::{Ratio, Summary};
use serde_json::json;
use std::fmt::Write as _;

/// The page: conditions, goals, one table a scenario.
pub(crate) fn markdown(machine: &Machine, outcomes: &[Outcome], goals: &[Goal]) -> String {
    let mut page = conditions(machine);
    page.push_str("\n## Goals\n\n");
    let goals = goals.iter().map(|g| {
        let met = if g.met { "met" } else { "**missed**" };
        vec![g.goal.into(), g.scenario.clone(), format!("{:.2}", g.at_most), spread(g.measured), met.into()]
    });
    page.push_str(&table(&["ratio", "where", "at most", "measured", ""], goals.collect()));
    for outcome in outcomes {
        let _ = write!(page, "\n## {}\n\n{} rounds.\n\n", outcome.scenario.name(), outcome.scenario.rounds);
        page.push_str(&rows(outcome));
    }
    page
}

/// The same for programs.
pub(crate) fn json(machine: &Machine, outcomes: &[Outcome], goals: &[Goal]) -> serde_json::Result<String> {
    let scenarios: Vec<_> = outcomes
        .iter()
        .map(|outcome| {
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
        })
        .collect();
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
        let s = Summary::of(&row.samples);
        let name = if crowded && row.crowd > 0 {
            format!("{}, {} users", row.name, row.crowd)
        } else {
            row.name.clone()
        };
        let dash = || "-".to_owned();
        let mut line = vec![name];
        line.extend([s.min, s.quarter, s.median, s.three_quarters, s.p99, s.cpu].map(|n| format!("{n:.0}")));
        line.push(if s.peak_kib == 0 { dash() } else { s.peak_kib.to_string() });
        line.push(row.system_calls.map_or_else(dash, |calls| calls.to_string()));
        line.push(against_google(outcome, row).map_or_else(dash, spread));
        line
    });
    let heads = [
        "",
        "min",
        "25 %",
        "median",
        "75 %",
        "p99",
        "CPU",
        "peak KiB",
        "system calls",
        "/ google-authenticator",
    ];
    table(&heads, lines.collect())
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
