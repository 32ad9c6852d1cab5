//! `recovery-codes`

use super::confirm::keep_on;
use super::{Command, Ended, Remade};
use crate::context::Context;
use crate::failure::Failure;
use crate::sheet::Sheet;
use crate::show::{plain_codes, show_codes, show_sheet};
use serde::Serialize;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use wardkey_core::credential::SingleUseCode;
use wardkey_core::desk::action::{Action, Done};

/// Makes a new set of recovery codes and shows it once; the old set is void
#[derive(Debug, clap::Args)]
pub(crate) struct RecoveryCodes {
    /// Whose; left out: of the account that runs the command (root under sudo)
    user: Option<OsString>,
    /// Write them to a sheet to print; they then stand nowhere else
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
        let user = account.name.to_string();
        let paper = Sheet::asked(context, self.sheet.as_deref())?;
        let mut keep = |codes: &[SingleUseCode]| keep_on(context, paper.as_ref(), &user, codes);
        let made = context.action(&account, &Action::RecoveryCodes, &mut keep);
        let made = made.map_err(|undone| {
            paper.iter().for_each(Sheet::discard);
            undone.into_failure(context, &account).at_first(&context.text)
        })?;
        let Done::RecoveryCodes(codes) = made else { return Err(context.odd_answer()) };
        if context.console.is_json() {
            let codes = plain_codes(&codes);
            let is_shown = paper.is_none();
            let recovery_codes = codes.iter().filter(|_| is_shown).map(|code| code.as_str()).collect();
            let sheet = paper.as_ref().map(Sheet::path);
            context.console.answer(&Answer { user: &user, recovery_codes, sheet }, String::new);
        } else {
            match &paper {
                Some(paper) => show_sheet(context, paper, codes.len()),
                None => show_codes(context, &codes),
            }
            context.console.say(&context.text.old_set_void(&user));
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
        Some(("recovery-codes", self.user.as_deref()))
    }
}
