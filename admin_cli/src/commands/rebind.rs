//! `rebind`

use super::{Command, Ended, said};
use crate::failure::Failure;
use crate::journal::verified_by;
use crate::office::Office;
use crate::text::Text;
use serde::Serialize;
use std::ffi::{OsStr, OsString};

/// Takes over an account's new uid after a directory move; everything else stays
#[derive(Debug, clap::Args)]
pub(crate) struct Rebind {
    /// Whose
    user: OsString,
    /// How the person was recognised; goes into the audit log
    #[arg(long, value_name = "TEXT")]
    verified_by: String,
}

#[derive(Serialize)]
struct Answer<'a> {
    user: &'a str,
    uid: u32,
    was: u32,
}

impl Command for Rebind {
    fn run(&self, office: &Office) -> Result<Ended, Failure> {
        let text = &office.text;
        let verified = said("--verified-by", &self.verified_by, Text::say_how_verified, text)?;
        let account = office.account(Some(&self.user))?;
        let rebound = office.desk().rebind(&account).map_err(office.problem_at_first(&account.name))?;
        let user = account.name.to_string();
        let reason = format!("{}; uid {} -> {}", verified_by(verified), rebound.from, rebound.to);
        office.journal.done("rebind", &user, Some(&reason));
        office.console.answer(&Answer { user: &user, uid: rebound.to, was: rebound.from }, || {
            text.rebound(&user, rebound.from, rebound.to)
        });
        Ok(Ended::Done)
    }

    fn event(&self) -> Option<(&'static str, Option<&OsStr>)> {
        Some(("rebind", Some(&self.user)))
    }
}
