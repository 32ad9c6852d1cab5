//! `confirm`

use super::{Command, Ended, Remade, address};
use crate::context::Context;
use crate::failure::Failure;
use crate::input::{Echo, ask};
use crate::self_service::Undone;
use crate::sheet::{CodesPage, Sheet};
use crate::show::{plain_codes, show_end};
use serde::Serialize;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use wardkey_core::credential::secret::Secret;
use wardkey_core::credential::{SingleUseCode, Typed};
use wardkey_core::desk::action::{Action, Done};
use wardkey_core::desk::{Confirmed, Keep};
use wardkey_core::policy::account::Account;
use wardkey_core::store::StoreError;

/// Read one code and, if it is right, activate the pending authenticator (of enroll, replace or authenticator add)
///
/// A pending address is confirmed by the eight digits that were mailed to it. After an enrolment the recovery codes are
/// shown once; one more authenticator leaves them as they are.
#[derive(Debug, clap::Args)]
pub(crate) struct Confirm {
    /// The user [default: the account running the command; root under sudo]
    user: Option<OsString>,
    /// Write the recovery codes to a sheet to print, and show them nowhere else
    #[arg(long, value_name = "FILE")]
    sheet: Option<PathBuf>,
}

/// The contract's answer.
#[derive(Serialize)]
struct Answer<'a> {
    user: &'a str,
    state: &'static str,
    recovery_codes: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sheet: Option<String>,
}

impl Command for Confirm {
    fn run(&self, context: &Context) -> Result<Ended, Failure> {
        let account = context.account(self.user.as_deref())?;
        let text = &context.text;
        let sheet = Sheet::asked(context, self.sheet.as_deref())?;
        let typed = ask(&context.console, &text.code_prompt(), Echo::Shown)
            .ok_or_else(|| Failure::refused(text, |t| (t.no_code_given(), t.give_code())))?;
        if address::is_meant(context, &account, &typed) {
            sheet.iter().for_each(Sheet::discard);
            let typed = Typed::parse(typed.expose());
            let confirmed = address::confirm(context, &account, &typed)
                .map_err(context.problem_at_first(&account.name))?;
            address::show(context, &account, &confirmed);
            return Ok(Ended::Done);
        }
        let user = account.name.to_string();
        let mut keep = |codes: &[SingleUseCode]| keep_on(context, sheet.as_ref(), &user, codes);
        let confirmed = try_code(context, &account, typed, &mut keep).map_err(|undone| {
            sheet.iter().for_each(Sheet::discard);
            undone.into_failure(context, &account).at_first(text)
        })?;
        let sheet = sheet.as_ref().filter(|sheet| sheet.has_codes());
        if context.console.is_json() {
            let codes = plain_codes(&confirmed.recovery_codes);
            let is_shown = sheet.is_none();
            let recovery_codes = codes.iter().filter(|_| is_shown).map(|code| code.as_str()).collect();
            let path = sheet.map(Sheet::path);
            let answer = Answer { user: &user, state: "enrolled", recovery_codes, sheet: path };
            context.console.answer(&answer, String::new);
        } else {
            show_end(context, &account, &confirmed, sheet);
            if self.sheet.is_some() && sheet.is_none() {
                context.console.say(&text.sheet_unchanged());
            }
        }
        Ok(Ended::Done)
    }

    fn remade_by(&self, _json: bool) -> Option<Remade> {
        self.sheet.is_none().then_some(("recovery-codes", ""))
    }

    fn is_for_oneself(&self) -> bool {
        true
    }

    fn event(&self) -> Option<(&'static str, Option<&OsStr>)> {
        Some(("confirm", self.user.as_deref()))
    }
}

/// Puts codes on the sheet that was asked for; without one they are shown when they are in force.
pub(super) fn keep_on(
    context: &Context,
    sheet: Option<&Sheet>,
    user: &str,
    codes: &[SingleUseCode],
) -> Result<(), StoreError> {
    match sheet {
        Some(sheet) if !codes.is_empty() => {
            sheet.write_codes(&CodesPage::recovery(context, user, codes).render())
        }
        _ => Ok(()),
    }
}

/// Tries one code against the pending authenticator, and lets `keep` keep the recovery codes before they are in force.
pub(super) fn try_code(
    context: &Context,
    account: &Account,
    typed: Secret,
    keep: Keep<'_>,
) -> Result<Confirmed, Undone> {
    match context.action(account, &Action::Confirm(typed), keep)? {
        Done::Confirmed(confirmed) => Ok(confirmed),
        _ => Err(Undone::Failure(context.odd_answer())),
    }
}
