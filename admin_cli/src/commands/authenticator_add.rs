//! `authenticator add`

use super::device::Device;
use super::pending::Trial;
use super::{Command, Ended, Remade};
use crate::context::Context;
use crate::failure::Failure;
use std::ffi::{OsStr, OsString};
use wardkey_core::desk::Wanted;
use wardkey_core::desk::action::{Action, Done};

/// Set up one more authenticator; the others stay as they are
///
/// It counts from its first right code on. With --json it stays pending for 24 hours, and `confirm` completes it.
#[derive(Debug, clap::Args)]
pub(crate) struct AuthenticatorAdd {
    /// The user [default: the account running the command; root under sudo]
    user: Option<OsString>,
    /// What the person calls it
    #[arg(default_value = "app 2")]
    label: String,
    #[command(flatten)]
    device: Device,
}

impl Command for AuthenticatorAdd {
    fn run(&self, context: &Context) -> Result<Ended, Failure> {
        let text = &context.text;
        let account = context.account(self.user.as_deref())?;
        let parameters = self.device.parameters(context);
        let wanted = Wanted { label: self.label.clone(), parameters, key: self.device.key(context)? };
        let Done::Begun { begun, until } = context.first_action(&account, &Action::Add(wanted))? else {
            return Err(context.odd_answer());
        };
        let user = account.name.to_string();
        let when_left = text.still_pending_beside(&user);
        Trial { context, account: &account, until, when_left, sheet: None }.see_through(&begun)
    }

    fn remade_by(&self, json: bool) -> Option<Remade> {
        json.then_some(("authenticator add", " LABEL"))
    }

    fn is_for_oneself(&self) -> bool {
        true
    }

    fn event(&self) -> Option<(&'static str, Option<&OsStr>)> {
        Some(("authenticator add", self.user.as_deref()))
    }
}
