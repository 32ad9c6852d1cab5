//! `recovery-codes`

use super::{Command, Ended, Remade};
use crate::failure::Failure;
use crate::office::Office;
use crate::show::{plain_codes, show_codes};
use serde::Serialize;
use std::ffi::{OsStr, OsString};

/// Makes a new set of recovery codes and shows it once; the old set is void
#[derive(Debug, clap::Args)]
pub(crate) struct RecoveryCodes {
    /// Whose; left out: of the account that runs the command (root under sudo)
    user: Option<OsString>,
}

/// The contract's answer.
#[derive(Serialize)]
struct Answer<'a> {
    user: &'a str,
    recovery_codes: Vec<&'a str>,
}

impl Command for RecoveryCodes {
    fn run(&self, office: &Office) -> Result<Ended, Failure> {
        let account = office.account(self.user.as_deref())?;
        let count = office.recovery_codes();
        let codes = office.desk().recovery_codes(&account, count).map_err(office.problem(&account.name))?;
        let user = account.name.to_string();
        office.journal.done("recovery-codes", &user, None);
        if office.console.is_json() {
            let codes = plain_codes(&codes);
            let recovery_codes = codes.iter().map(|code| code.as_str()).collect();
            office.console.answer(&Answer { user: &user, recovery_codes }, String::new);
        } else {
            show_codes(office, &codes);
            office.console.say(&office.text.old_set_void(&user));
        }
        Ok(Ended::Done)
    }

    fn remade_by(&self, _json: bool) -> Option<Remade> {
        Some(("recovery-codes", ""))
    }

    fn event(&self) -> Option<(&'static str, Option<&OsStr>)> {
        Some(("recovery-codes", self.user.as_deref()))
    }
}
