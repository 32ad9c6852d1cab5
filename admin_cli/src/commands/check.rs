//! `check`

use super::{Command, Ended};
use crate::failure::Failure;
use crate::journal::Entry;
use crate::office::Office;
use crate::text::{Text, shell_word};
use crate::typed::{Echo, ask_code};
use serde::Serialize;
use std::ffi::{OsStr, OsString};
use wardkey_core::audit::Outcome;
use wardkey_core::seal::SealError;
use wardkey_core::single_use;
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
        let typed = ask_code(&office.console, &text.check_prompt(), Echo::Hidden)
            .ok_or_else(|| Failure::refused(text, |t| (t.no_code_given(), t.give_code())))?;
        // Single-use codes work without the key; an authenticator code then finds no answer.
        let sealing = office.sealing_key();
        let verdict = office.desk().spend(&account, &office.config.rules(), sealing.as_ref().ok(), &typed);
        let user = account.name.to_string();
        match verdict.map_err(office.problem(&account.name))? {
            Verdict::Accepted(acceptance) => Ok(accepted(office, &user, &acceptance)),
            Verdict::Refused(refusal) => Ok(refused(office, &user, &refusal)),
            Verdict::Unsealable => {
                Err(sealing.err().unwrap_or_else(|| Failure::key(text, &SealError::Foreign)))
            }
        }
    }

    fn event(&self) -> Option<(&'static str, Option<&OsStr>)> {
        Some(("check", self.user.as_deref()))
    }
}

fn accepted(office: &Office, user: &str, acceptance: &Acceptance) -> Ended {
    let method = Some(acceptance.method.name());
    office.journal.write(Entry {
        event: "check",
        user: Some(user),
        method,
        result: Outcome::Accepted,
        reason: None,
    });
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
    }
}

fn refused(office: &Office, user: &str, refusal: &Refusal) -> Ended {
    let reason = Some(refusal.name());
    office.journal.write(Entry {
        event: "check",
        user: Some(user),
        method: None,
        result: Outcome::Refused,
        reason,
    });
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
