//! `rename`

use super::{Command, Ended, said};
use crate::audit::verified_by;
use crate::context::Context;
use crate::failure::Failure;
use crate::text::{Text, shell_word};
use serde::Serialize;
use std::ffi::{OsStr, OsString};
use wardkey_core::desk::{Problem, Renamed, Why};
use wardkey_core::policy::account::Account;
use wardkey_core::store::Store;
use wardkey_core::user::UserName;

/// Let a record follow an account that was renamed; everything else stays
#[derive(Debug, clap::Args)]
pub(crate) struct Rename {
    /// The old name
    old: OsString,
    /// The new name
    new: OsString,
    /// Take over the account's uid too, if a directory move changed both
    #[arg(long)]
    rebind: bool,
    /// How you verified who it is; goes into the audit log
    #[arg(long, value_name = "TEXT")]
    verified_by: String,
}

#[derive(Serialize)]
struct Answer<'a> {
    user: &'a str,
    was: &'a str,
}

impl Command for Rename {
    fn run(&self, context: &Context) -> Result<Ended, Failure> {
        let text = &context.text;
        let verified = said("--verified-by", &self.verified_by, Text::say_how_verified, text)?;
        let old = context.name(Some(&self.old))?;
        let account = context.account(Some(&self.new))?;
        may_follow(context, &old, &account)?;
        let key = || context.config.sealing_key();
        let renamed = context.desk().rename(&old, &account, key, self.rebind);
        let renamed = renamed.map_err(|problem| failure(context, (&old, &account.name), problem))?;
        let (was, user) = (old.to_string(), account.name.to_string());
        context.audit.done("rename", &was, Some(&reason(verified, (&was, &user), renamed)));
        context.console.answer(&Answer { user: &user, was: &was }, || text.renamed(&was, &user));
        Ok(Ended::Done)
    }

    fn event(&self) -> Option<(&'static str, Option<&OsStr>)> {
        Some(("rename", Some(&self.old)))
    }
}

/// No other account may have the old name. Another spelling of the new name is the same account.
fn may_follow(context: &Context, old: &UserName, account: &Account) -> Result<(), Failure> {
    let text = &context.text;
    let (was, user) = (old.to_string(), account.name.to_string());
    if *old == account.name {
        return Err(Failure::refused(text, |t| (t.same_name(&user), t.old_name_first())));
    }
    if context.find(old)?.is_some_and(|found| found.name != account.name) {
        let word = shell_word(&was);
        return Err(Failure::refused(text, |t| (t.still_an_account(&was), t.look_for_account(&word))));
    }
    if context.store.enrolment(old).map_err(|e| context.broken(&e))?.is_none() {
        return Err(Failure::refused(text, |t| (t.nothing_kept(&was), t.see_list())));
    }
    Ok(())
}

/// What the desk could not do, for whichever name it is about.
fn failure(context: &Context, (old, new): (&UserName, &UserName), problem: Problem) -> Failure {
    let (was, user) = (shell_word(&old.to_string()), new.to_string());
    let word = shell_word(&user);
    match problem {
        Problem::Refused(Why::OtherUid) => Failure::refused(&context.text, |t| {
            (t.renamed_to_other_uid(&user), t.rename_and_rebind(&was, &word))
        }),
        Problem::Refused(Why::NameTaken) => context.problem_at_first(new)(problem),
        other => context.problem_at_first(old)(other),
    }
}

fn reason(verified: &str, (was, user): (&str, &str), renamed: Renamed) -> String {
    let Renamed { from, to } = renamed;
    let moved = if from == to { String::new() } else { format!("; uid {from} -> {to}") };
    format!("{}; {was} -> {user}{moved}", verified_by(verified))
}
