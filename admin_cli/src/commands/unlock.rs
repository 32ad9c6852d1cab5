//! `unlock`

use super::{Command, Ended};
use crate::failure::Failure;
use crate::office::Office;
use serde::Serialize;
use std::ffi::{OsStr, OsString};

/// Ends somebody's waiting, or an authenticator disabled by wrong codes
#[derive(Debug, clap::Args)]
pub(crate) struct Unlock {
    /// Whom
    user: OsString,
}

#[derive(Serialize)]
struct Answer<'a> {
    user: &'a str,
    unlocked: bool,
}

impl Command for Unlock {
    fn run(&self, office: &Office) -> Result<Ended, Failure> {
        let account = office.account(Some(&self.user))?;
        office.desk().unlock(&account.name).map_err(office.problem(&account.name))?;
        let user = account.name.to_string();
        office.journal.done("unlock", &user, None);
        office.console.answer(&Answer { user: &user, unlocked: true }, || office.text.unlocked(&user));
        Ok(Ended::Done)
    }

    fn event(&self) -> Option<(&'static str, Option<&OsStr>)> {
        Some(("unlock", Some(&self.user)))
    }
}
