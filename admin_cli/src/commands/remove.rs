//! `remove`

use super::{Command, Ended, said};
use crate::failure::Failure;
use crate::office::Office;
use crate::reach::warnings_after_loss;
use crate::text::Text;
use serde::Serialize;
use std::ffi::{OsStr, OsString};

/// Removes everything kept of somebody who leaves, also a damaged record or one without an account
#[derive(Debug, clap::Args)]
pub(crate) struct Remove {
    /// Whom
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
    fn run(&self, office: &Office) -> Result<Ended, Failure> {
        let text = &office.text;
        let reason = said("--reason", &self.reason, Text::say_why, text)?;
        let typed = office.name(Some(&self.user))?;
        let account = office.find(&typed)?;
        let is_known = account.is_some();
        let name = account.map_or(typed, |account| account.name);
        let user = name.to_string();
        let store = office.desk().store;
        if matches!(store.enrolment(&name), Ok(None)) {
            let nothing = Failure::refused(text, |t| (t.nothing_kept(&user), t.nothing_to_remove()));
            return Err(if is_known { nothing } else { office.unknown(&user) });
        }
        store.purge(&name).map_err(|e| office.broken(&e))?;
        office.journal.done("remove", &user, Some(reason));
        let warnings = warnings_after_loss(office, &name);
        let answer = Answer { user: &user, removed: true, warnings: &warnings };
        office.console.answer(&answer, || text.removed(&user));
        office.warn_all(&warnings);
        Ok(Ended::Done)
    }

    fn event(&self) -> Option<(&'static str, Option<&OsStr>)> {
        Some(("remove", Some(&self.user)))
    }
}
