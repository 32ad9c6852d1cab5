//! `check`

use super::{Command, Ended};
use crate::failure::Failure;
use crate::office::Office;
use crate::text::{Text, shell_word};
use crate::typed::{Echo, ask};
use serde::Serialize;
use std::ffi::{OsStr, OsString};
use wardkey_core::credential::single_use;
use wardkey_core::desk::action::{Done, Errand};
use wardkey_core::verify::{Acceptance, Method, Refusal, Verdict};

/// Recovery codes at which a new set is due.
pub(crate) const FEW_CODES: usize = 2;

/// Tries one code, and spends it as a login would
#[derive(Debug, clap::Args)]
pub(crate) struct Check {
    /// Whose; left out: of the account that runs the command (root under sudo)
    user: Option<OsString>,
}

/// The contract's answer.
#[derive(Serialize)]
struct Answer<'a> {
    user: &'a str,
    result: &'static str,
    reason: Option<&'static str>,
}

impl Command for Check {
    fn run(&self, office: &Office) -> Result<Ended, Failure> {
        let account = office.account(self.user.as_deref())?;
        let text = &office.text;
        let typed = ask(&office.console, &text.check_prompt(), Echo::Hidden)
            .ok_or_else(|| Failure::refused(text, |t| (t.no_code_given(), t.give_code())))?;
        let user = account.name.to_string();
        match office.first_errand(&account, &Errand::Check(typed))? {
            Done::Checked(Verdict::Accepted(acceptance)) => Ok(accepted(office, &user, &acceptance)),
            Done::Checked(Verdict::Refused(refusal)) => Ok(refused(office, &user, &refusal)),
            _ => Err(office.odd_answer()),
        }
    }

    fn is_for_oneself(&self) -> bool {
        true
    }

    fn event(&self) -> Option<(&'static str, Option<&OsStr>)> {
        Some(("check", self.user.as_deref()))
    }
}

fn accepted(office: &Office, user: &str, acceptance: &Acceptance) -> Ended {
    let answer = Answer { user, result: "accepted", reason: None };
    office.console.answer(&answer, || office.text.accepted(&by(&office.text, acceptance)));
    if !office.console.is_json() && acceptance.recovery_left <= FEW_CODES && !acceptance.must_enroll {
        office.warn(&office.text.few_codes_left());
    }
    Ended::Done
}

fn by(text: &Text, acceptance: &Acceptance) -> String {
    match &acceptance.method {
        Method::Authenticator(label) => text.by_authenticator(label),
        Method::SingleUse(single_use::Kind::Recovery) => text.by_recovery(acceptance.recovery_left),
        Method::SingleUse(single_use::Kind::Pass) => text.by_pass(),
        Method::SingleUse(single_use::Kind::Emergency) => text.by_emergency(),
        Method::Mailed { .. } => text.by_mail(),
    }
}

fn refused(office: &Office, user: &str, refusal: &Refusal) -> Ended {
    let reason = Some(refusal.name());
    if office.console.is_json() {
        office.console.answer(&Answer { user, result: "refused", reason }, String::new);
    } else {
        let words = |t: &Text| {
            let (what, remedy) = t.refusal(&shell_word(user), refusal);
            (t.refused_with(&what), remedy)
        };
        office.console.failure(&Failure::refused(&office.text, words));
    }
    Ended::Refused
}
