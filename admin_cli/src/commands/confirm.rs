//! `confirm`

use super::{Command, Ended, Remade};
use crate::failure::Failure;
use crate::office::Office;
use crate::show::{plain_codes, show_end};
use crate::typed::{Echo, ask_code};
use serde::Serialize;
use std::ffi::{OsStr, OsString};
use wardkey_core::account::Account;
use wardkey_core::credential::Typed;
use wardkey_core::enrolling::{Confirmed, Effect, Problem, Terms};
use wardkey_core::seal::SealingKey;

/// Reads one code, and a right one makes the pending authenticator active: that of enroll, replace or authenticator add
///
/// After an enrolment the recovery codes are shown once; a further authenticator leaves them as they are.
#[derive(Debug, clap::Args)]
pub(crate) struct Confirm {
    /// Whom; left out: the account that runs the command (root under sudo)
    user: Option<OsString>,
}

/// The contract's answer.
#[derive(Serialize)]
struct Answer<'a> {
    user: &'a str,
    state: &'static str,
    recovery_codes: Vec<&'a str>,
}

impl Command for Confirm {
    fn run(&self, office: &Office) -> Result<Ended, Failure> {
        let account = office.account(self.user.as_deref())?;
        let sealing = office.sealing_key()?;
        let text = &office.text;
        let typed = ask_code(&office.console, &text.code_prompt(), Echo::Shown)
            .ok_or_else(|| Failure::refused(text, |t| (t.no_code_given(), t.give_code())))?;
        let confirmed =
            try_code(office, &account, &sealing, &typed).map_err(office.problem(&account.name))?;
        let user = account.name.to_string();
        if office.console.is_json() {
            let codes = plain_codes(&confirmed.recovery_codes);
            let recovery_codes = codes.iter().map(|code| code.as_str()).collect();
            office.console.answer(&Answer { user: &user, state: "enrolled", recovery_codes }, String::new);
        } else {
            show_end(office, &account, &confirmed);
        }
        Ok(Ended::Done)
    }

    fn remade_by(&self, _json: bool) -> Option<Remade> {
        Some(("recovery-codes", ""))
    }

    fn event(&self) -> Option<(&'static str, Option<&OsStr>)> {
        Some(("confirm", self.user.as_deref()))
    }
}

/// Tries one code against the pending authenticator, and writes down that it is active.
pub(super) fn try_code(
    office: &Office,
    account: &Account,
    sealing: &SealingKey,
    typed: &Typed,
) -> Result<Confirmed, Problem> {
    let rules = office.config.rules();
    let terms = Terms { rules: &rules, sealing, recovery_codes: office.recovery_codes() };
    let confirmed = office.desk().confirm(account, terms, typed)?;
    let reason = match &confirmed.effect {
        Effect::SwitchedOn => None,
        Effect::Added => Some("one more authenticator".to_owned()),
        Effect::Replaced(old) => Some(format!("replaced: {old}")),
    };
    office.journal.done("confirm", &account.name.to_string(), reason.as_deref());
    Ok(confirmed)
}
