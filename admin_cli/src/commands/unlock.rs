//! `unlock`

use super::{Command, Ended, said};
use crate::context::Context;
use crate::failure::Failure;
use crate::text::Text;
use serde::Serialize;
use std::ffi::{OsStr, OsString};
use wardkey_core::credential::throttle::{Kind, Standing};
use wardkey_core::desk::Why;
use wardkey_core::policy::account::Account;
use wardkey_core::store::Store;

/// End a user's waiting, or enable an authenticator that wrong codes have disabled
#[derive(Debug, clap::Args)]
pub(crate) struct Unlock {
    /// The user
    user: OsString,
    /// Why; goes into the audit log
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

#[derive(Serialize)]
struct Answer<'a> {
    user: &'a str,
    unlocked: bool,
}

impl Command for Unlock {
    fn run(&self, context: &Context) -> Result<Ended, Failure> {
        let text = &context.text;
        let why = self.reason.as_deref().map(|why| said("--reason", why, Text::say_why, text)).transpose()?;
        let account = context.account(Some(&self.user))?;
        let ended = standing(context, &account)?;
        context.desk().unlock(&account.name).map_err(context.problem_at_first(&account.name))?;
        let user = account.name.to_string();
        let was_locked = !ended.is_empty();
        let reason: Vec<&str> = ended.iter().map(String::as_str).chain(why).collect();
        context.audit.done("unlock", &user, Some(reason.join("; ")).filter(|r| !r.is_empty()).as_deref());
        context.console.answer(&Answer { user: &user, unlocked: was_locked }, || {
            if was_locked { context.text.unlocked(&user) } else { context.text.was_not_locked(&user) }
        });
        Ok(Ended::Done)
    }

    fn event(&self) -> Option<(&'static str, Option<&OsStr>)> {
        Some(("unlock", Some(&self.user)))
    }
}

/// What there is to unlock, as audit lines have it. The account that was enrolled must be the one that is unlocked.
fn standing(context: &Context, account: &Account) -> Result<Vec<String>, Failure> {
    let Some(record) = context.store.record(&account.name).map_err(|e| context.broken(&e))? else {
        return Ok(Vec::new());
    };
    if record.enrolment.uid != account.uid {
        return Err(context.problem_at_first(&account.name)(Why::OtherUid.into()));
    }
    let (limits, now) = (context.config.rules().limits, context.now());
    let stands = |kind| match limits.standing(kind, record.ledger.tally(kind), now) {
        Standing::Free => None,
        Standing::Waiting(until) => Some(format!("{}: waiting until {until}", word(kind))),
        Standing::Disabled => Some(format!("{}: disabled", word(kind))),
    };
    Ok(Kind::ALL.into_iter().filter_map(stands).collect())
}

fn word(kind: Kind) -> String {
    let english = Text::default();
    match kind {
        Kind::Authenticator => english.kind_authenticator(),
        Kind::Combined => english.kind_combined(),
        Kind::SingleUse => english.kind_single_use(),
        Kind::Mailed => english.kind_mailed(),
        Kind::Pair => english.kind_pair(),
        Kind::CombinedPair => english.kind_combined_pair(),
    }
}
