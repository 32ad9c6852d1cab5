//! `remove`

use super::{Command, Ended, said};
use crate::context::Context;
use crate::failure::Failure;
use crate::lockout::warnings_after_loss;
use crate::text::Text;
use serde::Serialize;
use std::ffi::{OsStr, OsString};

/// Remove the record of a user who leaves, even if it is damaged or its account is gone
#[derive(Debug, clap::Args)]
pub(crate) struct Remove {
    /// The user
    user: OsString,
    /// Why; goes into the audit log
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

#[derive(Serialize)]
struct Answer<'a> {
    user: &'a str,
    removed: bool,
    warnings: &'a [String],
}

impl Command for Remove {
    fn run(&self, context: &Context) -> Result<Ended, Failure> {
        let text = &context.text;
        let reason = said("--reason", &self.reason, Text::say_why, text)?;
        let typed = context.name(Some(&self.user))?;
        let account = context.find(&typed)?;
        let is_known = account.is_some();
        let name = account.map_or(typed, |account| account.name);
        let user = name.to_string();
        let store = context.desk().store;
        if matches!(store.enrolment(&name), Ok(None)) {
            let nothing = Failure::refused(text, |t| (t.nothing_kept(&user), t.nothing_to_remove()));
            return Err(if is_known { nothing } else { context.unknown(&user) });
        }
        store.purge(&name).map_err(|e| context.broken(&e))?;
        context.audit.done("remove", &user, Some(reason));
        let warnings = warnings_after_loss(context, &name);
        let answer = Answer { user: &user, removed: true, warnings: &warnings };
        context.console.answer(&answer, || text.removed(&user));
        context.warn_all(&warnings);
        Ok(Ended::Done)
    }

    fn event(&self) -> Option<(&'static str, Option<&OsStr>)> {
        Some(("remove", Some(&self.user)))
    }
}
