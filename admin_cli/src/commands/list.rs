//! `list`

use super::status::look_up;
use super::{Command, Ended};
use crate::failure::Failure;
use crate::office::Office;
use crate::show::{PersonShape, state_word};
use crate::text::{Text, local};
use comfy_table::{Table, presets};
use serde::{Serialize, Serializer};
use std::ffi::OsStr;
use wardkey_core::clock::Timestamp;
use wardkey_core::standing::{Person, State};
use wardkey_core::store::Store;
use wardkey_core::user::UserName;

/// Shows everybody of whom something is kept
#[derive(Debug, clap::Args)]
pub(crate) struct List {
    /// Only those in this state
    #[arg(long, value_name = "STATE")]
    state: Option<Wanted>,
}

/// A state, as it is typed.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Wanted {
    /// No second factor
    NotEnrolled,
    /// An authenticator waits for its first code
    Pending,
    /// A second factor is on
    Enrolled,
    /// Was reset
    MustEnroll,
    /// Too many wrong authenticator codes
    Disabled,
}

impl From<Wanted> for State {
    fn from(wanted: Wanted) -> Self {
        match wanted {
            Wanted::NotEnrolled => Self::NotEnrolled,
            Wanted::Pending => Self::Pending,
            Wanted::Enrolled => Self::Enrolled,
            Wanted::MustEnroll => Self::MustEnroll,
            Wanted::Disabled => Self::Disabled,
        }
    }
}

/// A line of the list.
#[derive(Serialize)]
#[serde(untagged)]
enum Row {
    Whole(#[serde(serialize_with = "shape")] Box<Person>),
    Damaged { user: String, state: &'static str, error: String },
}

fn shape<S: Serializer>(person: &Person, to: S) -> Result<S::Ok, S::Error> {
    PersonShape::from(person).serialize(to)
}

impl Command for List {
    fn run(&self, office: &Office) -> Result<Ended, Failure> {
        let users = office.store.users().map_err(|e| office.broken(&e))?;
        let rows: Vec<Row> = users.iter().filter_map(|user| self.row(office, user)).collect();
        let damaged = rows.iter().any(|row| matches!(row, Row::Damaged { .. }));
        office.console.answer(&rows, || table(&office.text, &rows));
        if !office.console.is_json() {
            for row in &rows {
                if let Row::Damaged { error, .. } = row {
                    office.warn(error);
                }
            }
        }
        Ok(if damaged { Ended::Broken } else { Ended::Done })
    }

    fn event(&self) -> Option<(&'static str, Option<&OsStr>)> {
        None
    }
}

impl List {
    /// A damaged record is always shown: which state it would be in cannot be said.
    fn row(&self, office: &Office, user: &UserName) -> Option<Row> {
        let account = office.find(user).ok().flatten();
        // An account's other name has no record of its own.
        let account = account.filter(|account| account.name == *user);
        match office.store.record(user) {
            Ok(None) => None,
            Err(e) => {
                let error = office.text.store_error(&e);
                Some(Row::Damaged { user: user.to_string(), state: "damaged", error })
            }
            Ok(Some(_)) => {
                let person = look_up(office, user, account.as_ref()).ok().flatten()?;
                let is_wanted = self.state.is_none_or(|state| State::from(state) == person.state);
                is_wanted.then(|| Row::Whole(Box::new(person)))
            }
        }
    }
}

fn table(text: &Text, rows: &[Row]) -> String {
    if rows.is_empty() {
        return text.nobody_listed();
    }
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header([
        text.column_user(),
        text.column_state(),
        text.column_since(),
        text.column_codes(),
        text.column_last(),
    ]);
    let moment = |moment: Option<Timestamp>| moment.map(local).unwrap_or_default();
    for row in rows {
        match row {
            Row::Whole(person) => table.add_row([
                person.user.clone(),
                state_word(text, person.state),
                moment(person.since),
                person.recovery_codes.left.to_string(),
                moment(person.last_success),
            ]),
            Row::Damaged { user, .. } => table.add_row([user.clone(), text.state_damaged()]),
        };
    }
    let shown = table.to_string();
    let lines: Vec<&str> = shown.lines().map(str::trim_end).collect();
    lines.join("\n")
}
