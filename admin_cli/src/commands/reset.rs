//! `reset`

use super::somebody_else::ask_whether_it_is;
use super::{Command, Ended, said};
use crate::audit::verified_by;
use crate::context::Context;
use crate::failure::Failure;
use crate::lockout::warnings_after_loss;
use crate::text::{Text, shell_word};
use serde::Serialize;
use std::ffi::{OsStr, OsString};
use wardkey_core::credential::mailed::Notice;
use wardkey_core::credential::single_use::Kind;
use wardkey_core::policy::account::Account;
use wardkey_core::store::Store;

/// Void everything of a user whose phone and codes are lost; they must enrol again
#[derive(Debug, clap::Args)]
pub(crate) struct Reset {
    /// The user
    user: OsString,
    /// How you verified who it is; goes into the audit log
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
    warnings: &'a [String],
}

impl Command for Reset {
    fn run(&self, context: &Context) -> Result<Ended, Failure> {
        let text = &context.text;
        let verified = said("--verified-by", &self.verified_by, Text::say_how_verified, text)?;
        let name = context.name(Some(&self.user))?;
        let Some(account) = context.find(&name)? else {
            let user = name.to_string();
            let is_kept = !matches!(context.desk().store.enrolment(&name), Ok(None));
            let word = shell_word(&user);
            let lost = Failure::refused(text, |t| (t.account_not_found(&user), t.follow_or_remove(&word)));
            return Err(if is_kept { lost } else { context.unknown(&user) });
        };
        let reason =
            self.reason.as_deref().map(|why| said("--reason", why, Text::say_why, text)).transpose()?;
        ask_whether_it_is(context, &account, Text::ask_reset)?;
        let had_envelope = has_envelope(context, &account);
        let told = context.notice_address(&account.name);
        context.desk().reset(&account).map_err(context.problem_at_first(&account.name))?;
        let user = account.name.to_string();
        let verified = verified_by(verified);
        let reason = reason.map_or(verified.clone(), |why| format!("{verified}; {why}"));
        context.audit.done("reset", &user, Some(&reason));
        context.notify(&account.name, told, Notice::Reset);
        let warnings = warnings_after_loss(context, &account.name);
        context.console.answer(&Answer { user: &user, state: "must-enroll", warnings: &warnings }, || {
            let word = shell_word(&user);
            let envelope = had_envelope.then(|| text.new_envelope(&word));
            [Some(text.reset_done(&user)), Some(text.reset_next(&user, &word)), envelope]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join("\n")
        });
        context.warn_all(&warnings);
        Ok(Ended::Done)
    }

    fn event(&self) -> Option<(&'static str, Option<&OsStr>)> {
        Some(("reset", Some(&self.user)))
    }
}

/// Whether somewhere a sealed envelope still opens, which the reset makes void.
fn has_envelope(context: &Context, account: &Account) -> bool {
    let record = context.store.record(&account.name).ok().flatten();
    record.is_some_and(|record| record.codes_left(Kind::Emergency) > 0)
}
