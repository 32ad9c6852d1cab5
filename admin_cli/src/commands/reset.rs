//! `reset`

use super::{Command, Ended, said};
use crate::failure::Failure;
use crate::office::Office;
use crate::text::Text;
use serde::Serialize;
use std::ffi::{OsStr, OsString};

/// Voids everything of somebody whose phone and codes are lost; they must enrol anew
#[derive(Debug, clap::Args)]
pub(crate) struct Reset {
    /// Whom
    user: OsString,
    /// How the person was recognised; goes into the audit log
    #[arg(long, value_name = "TEXT")]
    verified_by: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

#[derive(Serialize)]
struct Answer<'a> {
    user: &'a str,
    state: &'static str,
}

impl Command for Reset {
    fn run(&self, office: &Office) -> Result<Ended, Failure> {
        let text = &office.text;
        let verified = said("--verified-by", &self.verified_by, Text::say_how_verified, text)?;
        let name = office.name(Some(&self.user))?;
        let Some(account) = office.find(&name)? else {
            let user = name.to_string();
            let is_kept = !matches!(office.desk().store.enrolment(&name), Ok(None));
            let gone = Failure::refused((text.deleted_account(&user), text.remove_instead(&user)));
            return Err(if is_kept { gone } else { office.unknown(&user) });
        };
        office.desk().reset(&account).map_err(office.problem(&account.name))?;
        let user = account.name.to_string();
        let mut reason = text.verified_by(verified);
        if let Some(why) = &self.reason {
            reason = format!("{reason}; {why}");
        }
        office.journal.done("reset", &user, Some(&reason));
        office.console.answer(&Answer { user: &user, state: "must-enroll" }, || {
            format!("{}\n{}", text.reset_done(&user), text.reset_next(&user))
        });
        Ok(Ended::Done)
    }

    fn event(&self) -> Option<(&'static str, Option<&OsStr>)> {
        Some(("reset", Some(&self.user)))
    }
}
