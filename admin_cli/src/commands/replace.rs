//! `replace`

use super::device::Device;
use super::pending::Trial;
use super::{Command, Ended, Remade};
use crate::context::Context;
use crate::failure::Failure;
use std::ffi::{OsStr, OsString};
use wardkey_core::desk::Successor;
use wardkey_core::desk::action::{Action, Done};

/// Set up a new phone: the old one keeps working until the new one is confirmed
///
/// Recovery codes stay as they are. With --json the new authenticator stays pending for 24 hours, and `confirm`
/// completes it.
#[derive(Debug, clap::Args)]
pub(crate) struct Replace {
    /// The user [default: the account running the command; root under sudo]
    user: Option<OsString>,
    /// The authenticator to replace; needed if there are several
    #[arg(value_name = "LABEL")]
    old: Option<String>,
    #[command(flatten)]
    device: Device,
    /// What the person calls the new one [default: the old one's name]
    #[arg(long, value_name = "NAME")]
    label: Option<String>,
}

impl Command for Replace {
    fn run(&self, context: &Context) -> Result<Ended, Failure> {
        let text = &context.text;
        let account = context.account(self.user.as_deref())?;
        let successor = Successor {
            old: self.old.clone(),
            label: self.label.clone(),
            parameters: self.device.parameters(context),
            key: self.device.key(context)?,
        };
        let Done::Begun { begun, until } = context.first_action(&account, &Action::Replace(successor))?
        else {
            return Err(context.odd_answer());
        };
        let user = account.name.to_string();
        if !context.console.is_json() {
            context.console.say(&text.old_one_works());
            context.console.say("");
        }
        let when_left = text.still_pending_beside(&user);
        Trial { context, account: &account, until, when_left, sheet: None }.see_through(&begun)
    }

    fn remade_by(&self, json: bool) -> Option<Remade> {
        json.then_some(("replace", ""))
    }

    fn is_for_oneself(&self) -> bool {
        true
    }

    fn event(&self) -> Option<(&'static str, Option<&OsStr>)> {
        Some(("replace", self.user.as_deref()))
    }
}
