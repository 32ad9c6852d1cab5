//! `confirm`

use super::{Command, Ended, Remade, address};
use crate::counter::Undone;
use crate::failure::Failure;
use crate::office::Office;
use crate::paper::{CodesPage, Paper};
use crate::show::{plain_codes, show_end};
use crate::typed::{Echo, ask};
use serde::Serialize;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use wardkey_core::credential::secret::Secret;
use wardkey_core::credential::{SingleUseCode, Typed};
use wardkey_core::desk::action::{Done, Errand};
use wardkey_core::desk::{Confirmed, Keep};
use wardkey_core::policy::account::Account;
use wardkey_core::store::StoreError;

/// Reads one code, and a right one makes the pending authenticator active: that of enroll, replace or authenticator add
///
/// An address that waits is confirmed by the eight digits that were mailed there. After an enrolment the recovery codes are shown once; a further authenticator leaves them as they are.
#[derive(Debug, clap::Args)]
pub(crate) struct Confirm {
    /// Whom; left out: the account that runs the command (root under sudo)
    user: Option<OsString>,
    /// Write the recovery codes to a sheet to print; they then stand nowhere else
    #[arg(long, value_name = "FILE")]
    sheet: Option<PathBuf>,
}

/// The contract's answer.
#[derive(Serialize)]
struct Answer<'a> {
    user: &'a str,
    state: &'static str,
    recovery_codes: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sheet: Option<String>,
}

impl Command for Confirm {
    fn run(&self, office: &Office) -> Result<Ended, Failure> {
        let account = office.account(self.user.as_deref())?;
        let text = &office.text;
        let paper = Paper::asked(office, self.sheet.as_deref())?;
        let typed = ask(&office.console, &text.code_prompt(), Echo::Shown)
            .ok_or_else(|| Failure::refused(text, |t| (t.no_code_given(), t.give_code())))?;
        if address::is_meant(office, &account, &typed) {
            paper.iter().for_each(Paper::discard);
            let typed = Typed::parse(typed.expose());
            let confirmed =
                address::confirm(office, &account, &typed).map_err(office.problem_at_first(&account.name))?;
            address::show(office, &account, &confirmed);
            return Ok(Ended::Done);
        }
        let user = account.name.to_string();
        let mut keep = |codes: &[SingleUseCode]| keep_on(office, paper.as_ref(), &user, codes);
        let confirmed = try_code(office, &account, typed, &mut keep).map_err(|undone| {
            paper.iter().for_each(Paper::discard);
            undone.into_failure(office, &account).at_first(text)
        })?;
        let paper = paper.as_ref().filter(|paper| paper.has_codes());
        if office.console.is_json() {
            let codes = plain_codes(&confirmed.recovery_codes);
            let is_shown = paper.is_none();
            let recovery_codes = codes.iter().filter(|_| is_shown).map(|code| code.as_str()).collect();
            let sheet = paper.map(Paper::path);
            let answer = Answer { user: &user, state: "enrolled", recovery_codes, sheet };
            office.console.answer(&answer, String::new);
        } else {
            show_end(office, &account, &confirmed, paper);
            if self.sheet.is_some() && paper.is_none() {
                office.console.say(&text.sheet_unchanged());
            }
        }
        Ok(Ended::Done)
    }

    fn remade_by(&self, _json: bool) -> Option<Remade> {
        self.sheet.is_none().then_some(("recovery-codes", ""))
    }

    fn is_for_oneself(&self) -> bool {
        true
    }

    fn event(&self) -> Option<(&'static str, Option<&OsStr>)> {
        Some(("confirm", self.user.as_deref()))
    }
}

/// Puts codes on the sheet that was asked for; without one they are shown when they are in force.
pub(super) fn keep_on(
    office: &Office,
    paper: Option<&Paper>,
    user: &str,
    codes: &[SingleUseCode],
) -> Result<(), StoreError> {
    match paper {
        Some(paper) if !codes.is_empty() => {
            paper.write_codes(&CodesPage { office, user, made: office.now(), codes }.render())
        }
        _ => Ok(()),
    }
}

/// Tries one code against the pending authenticator, and lets `keep` keep the recovery codes before they are in force.
pub(super) fn try_code(
    office: &Office,
    account: &Account,
    typed: Secret,
    keep: Keep<'_>,
) -> Result<Confirmed, Undone> {
    match office.errand(account, &Errand::Confirm(typed), keep)? {
        Done::Confirmed(confirmed) => Ok(confirmed),
        _ => Err(Undone::Failure(office.odd_answer())),
    }
}
