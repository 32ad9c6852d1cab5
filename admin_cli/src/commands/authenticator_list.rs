//! `authenticator list`

use super::{Command, Ended};
use crate::context::Context;
use crate::failure::Failure;
use crate::show::device_lines;
use std::ffi::{OsStr, OsString};
use wardkey_core::desk::action::{Action, Done};

/// List a user's authenticators, and when each was last used
#[derive(Debug, clap::Args)]
pub(crate) struct AuthenticatorList {
    /// The user [default: the account running the command; root under sudo]
    user: Option<OsString>,
}

impl Command for AuthenticatorList {
    fn run(&self, context: &Context) -> Result<Ended, Failure> {
        let account = context.account(self.user.as_deref())?;
        let Done::Status(person) = context.first_action(&account, &Action::Status)? else {
            return Err(context.odd_answer());
        };
        let devices = person.authenticators;
        context.console.answer(&devices, || match devices.len() {
            0 => context.text.no_authenticators(&account.name.to_string()),
            _ => device_lines(&context.text, &devices).join("\n"),
        });
        Ok(Ended::Done)
    }

    fn is_for_oneself(&self) -> bool {
        true
    }

    fn event(&self) -> Option<(&'static str, Option<&OsStr>)> {
        None
    }
}
