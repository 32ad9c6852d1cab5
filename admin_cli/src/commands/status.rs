//! `status`

use super::{Command, Ended};
use crate::console::bad;
use crate::failure::Failure;
use crate::keys;
use crate::office::Office;
use crate::show::{Person, person_text};
use std::ffi::{OsStr, OsString};
use wardkey_core::account::Account;
use wardkey_core::clock::Timestamp;
use wardkey_core::policy::Duty;
use wardkey_core::store::{Store, StoreError};
use wardkey_core::user::UserName;

/// Shows whether somebody's second factor is on, what they have left and whether they must wait
#[derive(Debug, clap::Args)]
pub(crate) struct Status {
    /// Whose; left out: of the account that runs the command (root under sudo)
    user: Option<OsString>,
}

impl Command for Status {
    fn run(&self, office: &Office) -> Result<Ended, Failure> {
        let typed = office.name(self.user.as_deref())?;
        let account = office.find(&typed)?;
        let name = account.as_ref().map_or(&typed, |account| &account.name);
        let person = look_up(office, name, account.as_ref(), office.now()).map_err(|e| office.broken(&e))?;
        let Some(person) = person else { return Err(office.unknown(&typed.to_string())) };
        office.console.answer(&person, || {
            let mut shown = person_text(&office.text, &person);
            if let Some(trouble) = key_trouble(office, name) {
                shown = format!("{shown}\n  {}", bad(&trouble));
            }
            if account.is_none() {
                shown = format!("{shown}\n  {}", office.text.no_account_line());
            }
            shown
        });
        Ok(Ended::Done)
    }

    fn event(&self) -> Option<(&'static str, Option<&OsStr>)> {
        None
    }
}

/// What is wrong with the sealing key for somebody's authenticators.
fn key_trouble(office: &Office, name: &UserName) -> Option<String> {
    let enrolment = office.store.enrolment(name).ok().flatten()?;
    keys::trouble_for(office, &enrolment)
}

/// Somebody as they stand; `None` when there is neither record nor account.
pub(super) fn look_up(
    office: &Office,
    name: &UserName,
    account: Option<&Account>,
    now: Timestamp,
) -> Result<Option<Person>, StoreError> {
    let limits = office.config.rules().limits;
    let mut person = match (office.store.record(name)?, account) {
        (None, None) => return Ok(None),
        (None, Some(_)) => Person::unknown(name.to_string()),
        (Some(record), account) => Person {
            is_other_uid: account.is_some_and(|account| account.uid != record.enrolment.uid),
            ..Person::of(&record, &limits, now)
        },
    };
    if let Some(account) = account {
        match office.duty(account) {
            Duty::Concerned => {}
            Duty::NotConcerned => person.is_concerned = false,
            Duty::Exempt(exemption) => person.exempt = Some(exemption.into()),
        }
    }
    Ok(Some(person))
}
