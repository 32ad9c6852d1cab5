//! `status`

use super::{Command, Ended};
use crate::console::{bad, careful};
use crate::context::Context;
use crate::failure::Failure;
use crate::keys;
use crate::services;
use crate::show::{PersonShape, person_text};
use crate::text::shell_word;
use std::ffi::{OsStr, OsString};
use wardkey_core::desk::action::{Action, Done};
use wardkey_core::desk::status;
use wardkey_core::policy::account::Account;
use wardkey_core::store::{Store, StoreError};
use wardkey_core::user::UserName;

/// Show whether a user's second factor is on, what they have left and whether they must wait
#[derive(Debug, clap::Args)]
pub(crate) struct Status {
    /// The user [default: the account running the command; root under sudo]
    user: Option<OsString>,
}

impl Command for Status {
    fn run(&self, context: &Context) -> Result<Ended, Failure> {
        if !context.is_root {
            return self.own(context);
        }
        let typed = context.name(self.user.as_deref())?;
        let account = context.find(&typed)?;
        let name = account.as_ref().map_or(&typed, |account| &account.name);
        let person = look_up(context, name, account.as_ref()).map_err(|e| context.broken(&e))?;
        let Some(person) = person else { return Err(context.unknown(&typed.to_string())) };
        let record = context.store.enrolment(name).ok().flatten();
        context.console.answer(&PersonShape::from(&person).with_record(record.as_ref()), || {
            let mut shown = person_text(&context.text, &person, services::that_ask().as_deref());
            if let Some(trouble) = record.as_ref().and_then(|record| keys::trouble_for(context, record)) {
                shown = format!("{shown}\n  {}", bad(&trouble));
            }
            if let Some(line) = about_account(context, &typed, account.as_ref()) {
                shown = format!("{shown}\n  {line}");
            }
            shown
        });
        Ok(Ended::Done)
    }

    fn is_for_oneself(&self) -> bool {
        true
    }

    fn event(&self) -> Option<(&'static str, Option<&OsStr>)> {
        None
    }
}

impl Status {
    /// One's own.
    fn own(&self, context: &Context) -> Result<Ended, Failure> {
        let account = context.account(self.user.as_deref())?;
        let Done::Status(person) = context.first_action(&account, &Action::Status)? else {
            return Err(context.odd_answer());
        };
        context.console.answer(&PersonShape::from(&*person), || {
            person_text(&context.text, &person, services::that_ask().as_deref())
        });
        Ok(Ended::Done)
    }
}

/// What an account is called now, or that it is not found: a directory that is down looks like a person who has left.
fn about_account(context: &Context, typed: &UserName, account: Option<&Account>) -> Option<String> {
    let word = |name: &UserName| shell_word(&name.to_string());
    let Some(account) = account else { return Some(context.text.no_account_line(&word(typed))) };
    let is_left = *typed != account.name && matches!(context.store.enrolment(typed), Ok(Some(_)));
    is_left.then(|| careful(&context.text.record_of_old_name(&word(typed), &word(&account.name))))
}

/// Somebody as they stand; `None` when there is neither record nor account.
pub(super) fn look_up(
    context: &Context,
    name: &UserName,
    account: Option<&Account>,
) -> Result<Option<status::Status>, StoreError> {
    let text = &context.text;
    status::look_up(&context.site(), name, account, |e| {
        context.warn(&text.lookup_failed(&text.lookup_error(&e)));
    })
}
