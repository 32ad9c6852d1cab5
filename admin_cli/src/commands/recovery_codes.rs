//! `recovery-codes`

use super::confirm::keep_on;
use super::keeping::Keeping;
use super::somebody_else::ask_whether_it_is;
use super::{Command, Ended, Remade};
use crate::actor;
use crate::context::Context;
use crate::failure::Failure;
use crate::sheet::Sheet;
use crate::show::{plain_codes, show_codes, show_sheet};
use crate::text::{Text, shell_word};
use serde::Serialize;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use wardkey_core::credential::SingleUseCode;
use wardkey_core::desk::action::{Action, Done};

/// Make a new set of recovery codes and show it once
///
/// At a terminal the old set works until you have typed that the new one is kept. With --json, --sheet or a pipe the old set
/// is void at once.
#[derive(Debug, clap::Args)]
pub(crate) struct RecoveryCodes {
    /// The user [default: the account running the command; root under sudo]
    user: Option<OsString>,
    /// Write them to a sheet to print, and show them nowhere else
    #[arg(long, value_name = "FILE")]
    sheet: Option<PathBuf>,
}

/// The contract's answer.
#[derive(Serialize)]
struct Answer<'a> {
    user: &'a str,
    recovery_codes: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sheet: Option<String>,
}

impl Command for RecoveryCodes {
    fn run(&self, context: &Context) -> Result<Ended, Failure> {
        let account = context.account(self.user.as_deref())?;
        ask_whether_it_is(context, &account, Text::ask_new_codes)?;
        let user = account.name.to_string();
        let sheet = Sheet::asked(context, self.sheet.as_deref())?;
        let show =
            |codes: &[SingleUseCode]| show_codes(context, codes, Some(&context.text.new_set_on_saved()));
        let mut keeping = Keeping::new(context, &show, old_set(context, &user));
        let mut keep = |codes: &[SingleUseCode]| match &sheet {
            None if context.console.is_interactive() => keeping.keep(codes),
            sheet => keep_on(context, sheet.as_ref(), &user, codes),
        };
        let made = context.action(&account, &Action::RecoveryCodes, &mut keep);
        if let Some(declined) = keeping.declined(|t| t.new_set_again(&shell_word(&user))) {
            return Err(declined);
        }
        let made = made.map_err(|undone| {
            sheet.iter().for_each(Sheet::discard);
            let is_uncertain = keeping.were_shown() && !undone.is_refused();
            let failure = undone.into_failure(context, &account);
            if is_uncertain {
                return failure.of_clean_step().leaving(context.text.either_set(&shell_word(&user)));
            }
            failure.at_first(&context.text)
        })?;
        let Done::RecoveryCodes(codes) = made else { return Err(context.odd_answer()) };
        self.tell(context, &user, &codes, sheet.as_ref());
        Ok(Ended::Done)
    }

    fn remade_by(&self, _json: bool) -> Option<Remade> {
        self.sheet.is_none().then_some(("recovery-codes", ""))
    }

    fn is_for_oneself(&self) -> bool {
        true
    }

    fn event(&self) -> Option<(&'static str, Option<&OsStr>)> {
        Some(("recovery-codes", self.user.as_deref()))
    }
}

impl RecoveryCodes {
    fn tell(&self, context: &Context, user: &str, codes: &[SingleUseCode], sheet: Option<&Sheet>) {
        if context.console.is_json() {
            let plain = plain_codes(codes);
            let recovery_codes = plain.iter().filter(|_| sheet.is_none()).map(|code| code.as_str()).collect();
            let path = sheet.map(Sheet::path);
            context.console.answer(&Answer { user, recovery_codes, sheet: path }, String::new);
            return;
        }
        match sheet {
            Some(sheet) => show_sheet(context, sheet, codes.len()),
            None if context.console.is_interactive() => {}
            None => show_codes(context, codes, None),
        }
        context.console.tell(&context.text.old_set_void(user));
    }
}

/// What holds until the new set is in force.
fn old_set(context: &Context, user: &str) -> String {
    let text = &context.text;
    if actor::is(user) { text.old_codes_still_work() } else { text.old_codes_of_still_work(user) }
}
