//! `check`

use super::{Command, Ended};
use crate::context::Context;
use crate::failure::Failure;
use crate::input::{Echo, ask};
use crate::text::{Text, shell_word};
use serde::Serialize;
use std::ffi::{OsStr, OsString};
use wardkey_core::credential::single_use;
use wardkey_core::desk::action::{Action, Done};
use wardkey_core::verify::{Acceptance, Method, Refusal, Verdict};

/// Recovery codes at which a new set is due.
pub(crate) const FEW_CODES: usize = 2;

/// Try one code, and spend it as a login would
#[derive(Debug, clap::Args)]
pub(crate) struct Check {
    /// The user [default: the account running the command; root under sudo]
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
    fn run(&self, context: &Context) -> Result<Ended, Failure> {
        let account = context.account(self.user.as_deref())?;
        let text = &context.text;
        let typed = ask(&context.console, &text.check_prompt(), Echo::Hidden)
            .ok_or_else(|| Failure::refused(text, |t| (t.no_code_given(), t.give_code())))?;
        let user = account.name.to_string();
        match context.first_action(&account, &Action::Check(typed))? {
            Done::Checked(Verdict::Accepted(acceptance)) => Ok(accepted(context, &user, &acceptance)),
            Done::Checked(Verdict::Refused(refusal)) => Ok(refused(context, &user, &refusal)),
            _ => Err(context.odd_answer()),
        }
    }

    fn is_for_oneself(&self) -> bool {
        true
    }

    fn event(&self) -> Option<(&'static str, Option<&OsStr>)> {
        Some(("check", self.user.as_deref()))
    }
}

fn accepted(context: &Context, user: &str, acceptance: &Acceptance) -> Ended {
    let answer = Answer { user, result: "accepted", reason: None };
    context.console.answer(&answer, || context.text.accepted(&by(&context.text, acceptance)));
    if !context.console.is_json() && acceptance.recovery_left <= FEW_CODES && !acceptance.must_enroll {
        context.warn(&context.text.few_codes_left());
    }
    Ended::Done
}

fn by(text: &Text, acceptance: &Acceptance) -> String {
    match &acceptance.method {
        Method::Authenticator(label) => text.by_authenticator(label),
        Method::SingleUse(single_use::Kind::Recovery) => text.by_recovery(acceptance.recovery_left),
        Method::SingleUse(single_use::Kind::Pass) => text.by_pass(),
        Method::SingleUse(single_use::Kind::Emergency) => text.by_emergency(acceptance.emergency_left),
        Method::Mailed { .. } => text.by_mail(),
    }
}

fn refused(context: &Context, user: &str, refusal: &Refusal) -> Ended {
    let reason = Some(refusal.name());
    if context.console.is_json() {
        context.console.answer(&Answer { user, result: "refused", reason }, String::new);
    } else {
        let words = |t: &Text| {
            let (what, remedy) = t.refusal(&shell_word(user), refusal);
            (t.refused_with(&what), remedy)
        };
        context.console.failure(&Failure::refused(&context.text, words));
    }
    Ended::Refused
}
