//! `enroll`

use super::address;
use super::device::Device;
use super::pending::Trial;
use super::somebody_else::ask_whom;
use super::{Command, Ended, Remade};
use crate::context::Context;
use crate::failure::Failure;
use crate::sheet::Sheet;
use crate::text::shell_word;
use std::cell::OnceCell;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use wardkey_core::desk::Wanted;
use wardkey_core::desk::action::{Action, Done};

/// Enrol a user: QR code and key, one code from the app, then the recovery codes, shown once
///
/// Nothing counts until a code from the app has been right. If the enrolment is interrupted, the authenticator stays
/// pending for 24 hours and nothing else changes; `confirm` completes it, `enroll` starts over. With --json it stops there.
#[derive(Debug, clap::Args)]
pub(crate) struct Enroll {
    /// The user [default: the account running the command; under sudo it asks at a terminal]
    user: Option<OsString>,
    /// Register an address for codes by mail, confirmed by one; for a user already enrolled, change only that
    #[arg(long, value_name = "ADDR")]
    email: Option<String>,
    #[command(flatten)]
    device: Device,
    /// What the person calls this authenticator
    #[arg(long, value_name = "NAME", default_value = "app")]
    label: String,
    /// Write a sheet to print with QR code and key; after a right code the recovery codes replace them there, and are shown nowhere else
    #[arg(long, value_name = "FILE")]
    sheet: Option<PathBuf>,
    /// Whom a person at a terminal named when asked.
    #[arg(skip)]
    asked: OnceCell<OsString>,
}

impl Command for Enroll {
    fn run(&self, context: &Context) -> Result<Ended, Failure> {
        if let Some(name) = ask_whom(context, self.user.as_deref())? {
            let _ = self.asked.set(name);
        }
        let account = context.account(self.whom())?;
        let email = self.email.as_deref().map(|given| address::read(context, given)).transpose()?;
        if email.is_some() {
            context.needs_root()?;
        }
        if let Some(email) = email.as_ref().filter(|_| address::comes_alone(context, &account)) {
            return address::register(context, &account, email);
        }
        let sheet = Sheet::asked(context, self.sheet.as_deref())?;
        let parameters = self.device.parameters(context);
        let wanted = Wanted { label: self.label.clone(), parameters, key: self.device.key(context)? };
        let Done::Begun { begun, until } = context.first_action(&account, &Action::Enroll(wanted))? else {
            return Err(context.odd_answer());
        };
        let user = account.name.to_string();
        let when_left = context.text.still_pending(&shell_word(&user));
        let sheet = sheet.as_ref();
        let trial = Trial { context, account: &account, until, when_left, sheet };
        match (trial.see_through(&begun)?, email) {
            (Ended::Done, Some(email)) => address::register(context, &account, &email),
            (ended, _) => Ok(ended),
        }
    }

    fn remade_by(&self, json: bool) -> Option<Remade> {
        match (json, &self.sheet) {
            (true, _) => Some(("enroll", "")),
            (false, None) => Some(("recovery-codes", "")),
            (false, Some(_)) => None,
        }
    }

    fn is_for_oneself(&self) -> bool {
        true
    }

    fn event(&self) -> Option<(&'static str, Option<&OsStr>)> {
        Some(("enroll", self.whom()))
    }
}

impl Enroll {
    fn whom(&self) -> Option<&OsStr> {
        self.asked.get().or(self.user.as_ref()).map(OsString::as_os_str)
    }
}
