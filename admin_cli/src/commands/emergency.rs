//! `emergency`

use super::{Command, Ended, Remade, said};
use crate::context::Context;
use crate::failure::Failure;
use crate::show::{code_list, keep_then_clear, plain_codes};
use crate::text::Text;
use serde::Serialize;
use std::ffi::{OsStr, OsString};
use wardkey_core::invalid_value::InvalidValue;

/// Makes codes for a sealed envelope; each opens one login, and its use is logged as an alert
#[derive(Debug, clap::Args)]
pub(crate) struct Emergency {
    /// For whom
    user: OsString,
    /// How many
    #[arg(long, value_name = "N", value_parser = count)]
    count: u8,
    /// Why, and where the envelope is; goes into the audit log
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

fn count(text: &str) -> Result<u8, InvalidValue> {
    let given: i64 = text.parse().map_err(|_| InvalidValue::NoNumber)?;
    u8::try_from(given).ok().filter(|n| (1..=32).contains(n)).ok_or(InvalidValue::Range {
        min: 1,
        max: 32,
        given,
    })
}

/// The contract's answer.
#[derive(Serialize)]
struct Answer<'a> {
    user: &'a str,
    codes: Vec<&'a str>,
}

impl Command for Emergency {
    fn run(&self, context: &Context) -> Result<Ended, Failure> {
        let text = &context.text;
        let reason = said("--reason", &self.reason, Text::say_why, text)?;
        let account = context.account(Some(&self.user))?;
        let made = context.desk().emergency(&account, self.count.into(), context.recovery_codes());
        let codes = made.map_err(context.problem_at_first(&account.name))?;
        let user = account.name.to_string();
        context.audit.done("emergency", &user, Some(reason));
        let plain = plain_codes(&codes);
        let answer = Answer { user: &user, codes: plain.iter().map(|code| code.as_str()).collect() };
        context.console.answer(&answer, || {
            let heading = text.emergency_heading(&user);
            format!("{heading}\n\n{}\n{}", *code_list(&codes), text.seal_envelope())
        });
        keep_then_clear(context);
        Ok(Ended::Done)
    }

    fn remade_by(&self, _json: bool) -> Option<Remade> {
        Some(("emergency", " --count N --reason TEXT"))
    }

    fn event(&self) -> Option<(&'static str, Option<&OsStr>)> {
        Some(("emergency", Some(&self.user)))
    }
}
