//! `list`

use super::status::look_up;
use super::{Command, Ended};
use crate::context::Context;
use crate::failure::Failure;
use crate::show::{PersonShape, state_word};
use crate::text::{Text, local};
use comfy_table::{Table, presets};
use serde::{Serialize, Serializer};
use std::ffi::OsStr;
use wardkey_core::desk::status::{State, Status};
use wardkey_core::policy::account::{Account, Accounts};
use wardkey_core::store::Store;
use wardkey_core::system::clock::Timestamp;
use wardkey_core::user::UserName;

/// List everyone who has a record
#[derive(Debug, clap::Args)]
pub(crate) struct List {
    /// Only people in this state
    #[arg(long, value_name = "STATE")]
    state: Option<Wanted>,
}

/// A state, as it is typed.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Wanted {
    /// No second factor
    NotEnrolled,
    /// An authenticator is waiting for its first code
    Pending,
    /// A second factor is on
    Enrolled,
    /// Was reset
    #[value(alias = "must-enrol")]
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
struct Row {
    #[serde(flatten)]
    kept: Kept,
    /// In words alone.
    #[serde(skip)]
    found: Found,
}

impl Row {
    fn has_other_uid(&self) -> bool {
        matches!(&self.kept, Kept::Whole(person) if person.is_other_uid)
    }

    /// What is to be said of the account, if anything.
    fn about_account(&self, text: &Text) -> String {
        if self.has_other_uid() { text.account_has_other_uid() } else { self.found.word(text) }
    }
}

#[derive(Serialize)]
#[serde(untagged)]
enum Kept {
    Whole(#[serde(serialize_with = "shape")] Box<Status>),
    Damaged { user: String, state: &'static str, error: String },
}

fn shape<S: Serializer>(person: &Status, to: S) -> Result<S::Ok, S::Error> {
    PersonShape::from(person).serialize(to)
}

/// What became of the account that a record is of.
#[derive(Debug, PartialEq, Eq)]
enum Found {
    /// It is there.
    Itself(Account),
    /// It has another name now, which the old one leads to.
    As(UserName),
    /// It is not found; a directory that does not run looks the same.
    Not,
    /// The look-up failed.
    Unanswered(String),
}

impl Found {
    fn of(context: &Context, user: &UserName) -> Self {
        match context.accounts.find(user) {
            Ok(Some(account)) if account.name == *user => Self::Itself(account),
            Ok(Some(account)) => Self::As(account.name),
            Ok(None) => Self::Not,
            Err(e) => Self::Unanswered(context.text.lookup_failed(&context.text.lookup_error(&e))),
        }
    }

    /// An account's other name has no record of its own.
    fn account(&self) -> Option<&Account> {
        if let Self::Itself(account) = self { Some(account) } else { None }
    }

    fn word(&self, text: &Text) -> String {
        match self {
            Self::Itself(_) => String::new(),
            Self::As(name) => text.account_is_now(&name.to_string()),
            Self::Not => text.account_not_found_at_present(),
            Self::Unanswered(_) => text.account_not_looked_up(),
        }
    }
}

impl Command for List {
    fn run(&self, context: &Context) -> Result<Ended, Failure> {
        let users = context.store.users().map_err(|e| context.broken(&e))?;
        let rows: Vec<Row> = users.iter().filter_map(|user| self.row(context, user)).collect();
        context.console.answer(&rows, || table(&context.text, &rows));
        context.warn_all(&warnings(&context.text, &rows));
        let damaged = rows.iter().any(|row| matches!(row.kept, Kept::Damaged { .. }));
        Ok(if damaged { Ended::Broken } else { Ended::Done })
    }

    fn event(&self) -> Option<(&'static str, Option<&OsStr>)> {
        None
    }
}

impl List {
    /// A damaged record is always shown: which state it would be in cannot be said.
    fn row(&self, context: &Context, user: &UserName) -> Option<Row> {
        let found = Found::of(context, user);
        let kept = match context.store.record(user) {
            Ok(None) => return None,
            Err(e) => {
                let error = context.text.store_error(&e);
                Kept::Damaged { user: user.to_string(), state: "damaged", error }
            }
            Ok(Some(_)) => {
                let person = look_up(context, user, found.account()).ok().flatten()?;
                let is_wanted = self.state.is_none_or(|state| State::from(state) == person.state);
                is_wanted.then(|| Kept::Whole(Box::new(person)))?
            }
        };
        Some(Row { kept, found })
    }
}

/// What to look at: each damage, and the directory once, however many accounts it has.
fn warnings(text: &Text, rows: &[Row]) -> Vec<String> {
    let damages = rows.iter().filter_map(|row| match &row.kept {
        Kept::Damaged { error, .. } => Some(error.clone()),
        Kept::Whole(_) => None,
    });
    let unanswered = rows.iter().find_map(|row| match &row.found {
        Found::Unanswered(why) => Some(why.clone()),
        _ => None,
    });
    let is_lost = rows.iter().any(|row| row.found == Found::Not);
    let is_moved = rows.iter().any(Row::has_other_uid);
    let advice = [is_lost.then(|| text.look_before_removing()), is_moved.then(|| text.rebind_moved())];
    damages.chain(unanswered).chain(advice.into_iter().flatten()).collect()
}

fn table(text: &Text, rows: &[Row]) -> String {
    if rows.is_empty() {
        return text.nobody_listed();
    }
    let mut heading = vec![
        text.column_user(),
        text.column_state(),
        text.column_since(),
        text.column_codes(),
        text.column_last(),
    ];
    // Only where there is something to say: the line is long enough.
    if rows.iter().any(|row| !row.about_account(text).is_empty()) {
        heading.push(text.column_account());
    }
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(heading);
    let moment = |moment: Option<Timestamp>| moment.map(local).unwrap_or_default();
    for row in rows {
        let cells = match &row.kept {
            Kept::Whole(person) => [
                person.user.clone(),
                state_word(text, person.state),
                moment(person.since),
                codes_left(text, person),
                moment(person.last_success),
            ],
            Kept::Damaged { user, .. } => {
                [user.clone(), text.state_damaged(), String::new(), String::new(), String::new()]
            }
        };
        table.add_row(cells.into_iter().chain([row.about_account(text)]));
    }
    let shown = table.to_string();
    let lines: Vec<&str> = shown.lines().map(str::trim_end).collect();
    lines.join("\n")
}

/// Recovery codes, and those of an envelope where there was one.
fn codes_left(text: &Text, person: &Status) -> String {
    let left = person.recovery_codes.left;
    match person.emergency_issued {
        0 => left.to_string(),
        _ => text.and_emergency(left, person.emergency_left),
    }
}
