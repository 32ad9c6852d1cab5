//! `rebind`

use super::{Command, Ended, said};
use crate::audit::verified_by;
use crate::context::Context;
use crate::failure::Failure;
use crate::text::Text;
use serde::Serialize;
use std::ffi::{OsStr, OsString};

/// Take over an account's new uid after a directory move; everything else stays
#[derive(Debug, clap::Args)]
pub(crate) struct Rebind {
    /// The user
    user: OsString,
    /// How you verified who it is; goes into the audit log
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
    fn run(&self, context: &Context) -> Result<Ended, Failure> {
        let text = &context.text;
        let verified = said("--verified-by", &self.verified_by, Text::say_how_verified, text)?;
        let account = context.account(Some(&self.user))?;
        let rebound = context.desk().rebind(&account).map_err(context.problem_at_first(&account.name))?;
        let user = account.name.to_string();
        let reason = format!("{}; uid {} -> {}", verified_by(verified), rebound.from, rebound.to);
        context.audit.done("rebind", &user, Some(&reason));
        context.console.answer(&Answer { user: &user, uid: rebound.to, was: rebound.from }, || {
            text.rebound(&user, rebound.from, rebound.to)
        });
        Ok(Ended::Done)
    }

    fn event(&self) -> Option<(&'static str, Option<&OsStr>)> {
        Some(("rebind", Some(&self.user)))
    }
}
