//! The numbers for programs.

use super::{Run, against_google, beside, floors};
use crate::measure::{Outcome, Row, Table};
use crate::race::Race;
use crate::stats::{Ratio, Summary};
use serde_json::{Value, json};

/// The whole run.
pub(crate) fn json(run: &Run) -> serde_json::Result<String> {
    let scenarios: Vec<_> = run.outcomes.iter().map(scenario).chain(run.tables.iter().map(table)).collect();
    let races: Vec<_> = run.races.iter().map(race).collect();
    serde_json::to_string_pretty(&json!({
        "machine": run.machine, "module": run.weight, "goals": run.goals, "scenarios": scenarios, "at_once": races,
    }))
}

fn scenario(outcome: &Outcome) -> Value {
    let rows = outcome.rows.iter().map(|row| measured(&outcome.rows, row, against_google(outcome, row)));
    let rows: Vec<_> = rows.collect();
    let (name, rounds) = (outcome.scenario.name(), outcome.scenario.rounds);
    json!({ "name": name, "rounds": rounds, "names_only": outcome.scenario.names_only, "rows": rows })
}

fn table(table: &Table) -> Value {
    let rows: Vec<_> = table.rows.iter().map(|row| measured(&table.rows, row, beside(table, row))).collect();
    json!({ "name": table.name, "rounds": table.rounds, "beside": table.beside, "rows": rows })
}

fn measured(rows: &[Row], row: &Row, ratio: Option<Ratio>) -> Value {
    json!({
        "name": row.name, "users": row.crowd, "microseconds": Summary::of(&row.samples),
        "system_calls": row.system_calls, "ratio": ratio, "floors": floors(rows, row),
    })
}

fn race(race: &Race) -> Value {
    let rows = race.rows.iter().map(|line| {
        json!({
            "name": line.name, "at_once": line.at_once, "accepted": line.accepted,
            "until_last_microseconds": Summary::of(&line.until_last),
        })
    });
    json!({ "name": race.name(), "rounds": race.rounds, "rows": rows.collect::<Vec<_>>() })
}
