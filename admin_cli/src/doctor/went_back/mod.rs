//! Whether the state is an older one than the audit file tells of: a backup was restored, or a snapshot.
//!
//! A record knows its own last moment, and the audit file says what came after it. What proves nothing is passed over: it
//! must never be said of a state that did not go back.

mod history;
mod lines;

use super::accounts::listed;
use super::finding::{Finding, FindingSeverity};
use super::machine;
use crate::context::Context;
use history::{Histories, History};
use pam_stack::Root;
use std::time::Duration;
use wardkey_core::credential::single_use::{Kind, StoredCode};
use wardkey_core::policy::account::Accounts;
use wardkey_core::policy::config::StoreKind;
use wardkey_core::record::Record;
use wardkey_core::record::enrolment::{Enrolment, State};
use wardkey_core::store::Store;
use wardkey_core::system::clock::Timestamp;
use wardkey_core::user::UserName;

/// A line is written after what it tells of; so much later a stopped process may have written it.
const LATER: Duration = Duration::from_secs(300);

/// New recovery codes are made before they are shown, and the line is written once somebody has said that they are kept.
const KEPT_LATER: Duration = Duration::from_secs(24 * 3600);

/// What a record does not know of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Forgotten {
    /// A code was accepted.
    Accepted(Timestamp),
    /// A recovery code was accepted, and the record has it as unspent.
    RecoveryCode(Timestamp),
    /// There were new recovery codes.
    Codes(Timestamp),
    /// An authenticator took another's place.
    Replaced(Timestamp),
    /// Somebody was enrolled.
    Enrolled(Timestamp),
    /// Somebody was reset.
    Reset(Timestamp),
    /// The record was removed.
    Removed(Timestamp),
}

/// Whose record does not know of what.
type Forgetting = (String, Forgotten);

/// The finding, where the audit file proves it.
pub(crate) fn finding(context: &Context, root: &Root) -> Option<Finding> {
    let (state, audit) = (context.config.store.path.path(), context.config.log.audit_file.path());
    // Records that lie elsewhere, and lines of other machines, are not about each other.
    if context.config.store.kind != StoreKind::Files || machine::is_shared(root, &audit) {
        return None;
    }
    let look = || {
        let lines = lines::newest(&root.join(&audit), context.config.owner(), lines::READ_MAX);
        forgetting(context, &history::histories(&lines, &state.display().to_string()))
    };
    // A second time: somebody may be reset between a look at the lines and one at the record.
    let found = if look().is_empty() { return None } else { look() };
    let severity = FindingSeverity::Warning;
    let names: Vec<String> =
        found.iter().map(|(user, forgotten)| context.text.forgetting(user, *forgotten)).collect();
    let forgotten: Vec<Forgotten> = found.iter().map(|(_, forgotten)| *forgotten).collect();
    let (what, why, remedy) = context.text.went_back(&listed(&names), &forgotten);
    let place = state.display().to_string();
    (!found.is_empty()).then_some(Finding { id: "state-went-back", severity, place, what, why, remedy })
}

fn forgetting(context: &Context, histories: &Histories) -> Vec<Forgetting> {
    let mut found = Vec::new();
    for (user, history) in histories {
        let Ok(name) = UserName::new(user.as_bytes()) else { continue };
        // A record that cannot be read is another finding.
        let Ok(record) = context.store.record(&name) else { continue };
        let Some(forgotten) = forgotten(history, record.as_ref(), context.recovery_codes()) else { continue };
        // An account that went needs no record.
        let is_here = || matches!(context.accounts.find(&name), Ok(Some(account)) if account.name == name);
        if record.is_some() || is_here() {
            found.push((user.clone(), forgotten));
        }
    }
    found
}

/// The gravest thing that the record does not know of, if anything; `set` recovery codes make a whole set.
fn forgotten(history: &History, record: Option<&Record>, set: usize) -> Option<Forgotten> {
    let enrolment = record.map(|record| &record.enrolment);
    let begun = enrolment.map(|enrolment| Timestamp(enrolment.generation));
    let before =
        |known: Option<Timestamp>, span, time: &Timestamp| known.is_some_and(|k| k.plus(span) < *time);
    let removed = history.removed.filter(|time| before(begun, LATER, time)).map(Forgotten::Removed);
    let reset = history.reset.filter(|time| before(begun, LATER, time)).map(Forgotten::Reset);
    let is_on = enrolment.is_some_and(|enrolment| enrolment.state == State::Enrolled);
    // A code was accepted of somebody who has no record: they were enrolled, and that line is in a file that is gone.
    let unknown = history.accepted.filter(|_| record.is_none());
    let enrolled = history.enrolled.filter(|_| !is_on).or(unknown).map(Forgotten::Enrolled);
    let replaced = enrolment.map(|enrolment| enrolment.replaced.unwrap_or_default());
    let replaced = history.replaced.filter(|time| before(replaced, LATER, time)).map(Forgotten::Replaced);
    let issued = enrolment.and_then(issued);
    let codes = history.codes.filter(|time| before(issued, KEPT_LATER, time)).map(Forgotten::Codes);
    let recovery = record.and_then(|record| unspent_again(history, record, set)).map(Forgotten::RecoveryCode);
    let accepted =
        history.accepted.filter(|time| before(record.map(newest), LATER, time)).map(Forgotten::Accepted);
    removed.or(reset).or(enrolled).or(replaced).or(codes).or(recovery).or(accepted)
}

/// When the recovery codes were made.
fn issued(enrolment: &Enrolment) -> Option<Timestamp> {
    enrolment.codes_of(Kind::Recovery).map(|code| code.issued).max()
}

/// The newest moment that a record knows of. New recovery codes void what was unspent again, and so they end the finding.
fn newest(record: &Record) -> Timestamp {
    let Record { enrolment, ledger } = record;
    let others = [enrolment.enrolled, enrolment.replaced, issued(enrolment)].into_iter().flatten();
    others.fold(ledger.last_success.max(Timestamp(enrolment.generation)), Timestamp::max)
}

/// The last recovery code that was accepted, where more were than are spent. Of a set that is not whole, spent codes may
/// have been forgotten for want of room: nothing is told by it.
fn unspent_again(history: &History, record: &Record, set: usize) -> Option<Timestamp> {
    let issued = issued(&record.enrolment)?;
    let codes: Vec<&StoredCode> = record.enrolment.codes_of(Kind::Recovery).collect();
    let first = codes.iter().map(|code| code.serial).min()?;
    let is_whole = codes.len() == set
        && codes.iter().all(|code| code.issued == issued && code.serial - first < set as u64);
    let since = history.recovery.iter().filter(|time| issued <= **time);
    let spent = codes.len() - record.recovery_left();
    (is_whole && since.clone().count() > spent).then(|| since.max().copied()).flatten()
}

#[cfg(test)]
mod tests;
