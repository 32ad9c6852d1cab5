//! `authenticator remove`

use super::{Command, Ended};
use crate::context::Context;
use crate::failure::Failure;
use serde::Serialize;
use std::ffi::{OsStr, OsString};
use wardkey_core::desk::action::{Action, Done};

/// Remove one of several authenticators; the last one cannot be removed
#[derive(Debug, clap::Args)]
pub(crate) struct AuthenticatorRemove {
    /// The user [default: the account running the command; root under sudo]
    user: Option<OsString>,
    /// Which one
    label: Option<String>,
}

#[derive(Serialize)]
struct Answer<'a> {
    user: &'a str,
    removed: &'a str,
}

impl Command for AuthenticatorRemove {
    fn run(&self, context: &Context) -> Result<Ended, Failure> {
        let account = context.account(self.user.as_deref())?;
        let action = Action::Remove(self.label.clone());
        let Done::Removed(removed) = context.first_action(&account, &action)? else {
            return Err(context.odd_answer());
        };
        let user = account.name.to_string();
        context.console.answer(&Answer { user: &user, removed: &removed }, || {
            context.text.authenticator_removed(&removed, &user)
        });
        Ok(Ended::Done)
    }

    fn is_for_oneself(&self) -> bool {
        true
    }

    fn event(&self) -> Option<(&'static str, Option<&OsStr>)> {
        Some(("authenticator remove", self.user.as_deref()))
    }
}
