//! `authenticator remove`

use super::{Command, Ended};
use crate::failure::Failure;
use crate::office::Office;
use serde::Serialize;
use std::ffi::{OsStr, OsString};
use wardkey_core::desk::action::{Done, Errand};

/// Ends one of several authenticators; the last one cannot be removed
#[derive(Debug, clap::Args)]
pub(crate) struct AuthenticatorRemove {
    /// Whose; left out: of the account that runs the command (root under sudo)
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
    fn run(&self, office: &Office) -> Result<Ended, Failure> {
        let account = office.account(self.user.as_deref())?;
        let errand = Errand::Remove(self.label.clone());
        let Done::Removed(removed) = office.first_errand(&account, &errand)? else {
            return Err(office.odd_answer());
        };
        let user = account.name.to_string();
        office.console.answer(&Answer { user: &user, removed: &removed }, || {
            office.text.authenticator_removed(&removed, &user)
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
