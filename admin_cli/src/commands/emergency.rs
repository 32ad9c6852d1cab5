//! `emergency`

use super::{Command, Ended, said};
use crate::failure::Failure;
use crate::office::Office;
use crate::show::{code_list, plain_codes};
use crate::text::Text;
use clap::value_parser;
use serde::Serialize;
use std::ffi::{OsStr, OsString};

/// Makes codes for a sealed envelope; each opens one login, and its use is logged as an alert
#[derive(Debug, clap::Args)]
pub(crate) struct Emergency {
    /// For whom
    user: OsString,
    /// How many
    #[arg(long, value_name = "N", value_parser = value_parser!(u8).range(1..=32))]
    count: u8,
    /// Why, and where the envelope is; goes into the audit log
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

/// The contract's answer.
#[derive(Serialize)]
struct Answer<'a> {
    user: &'a str,
    codes: Vec<&'a str>,
}

impl Command for Emergency {
    fn run(&self, office: &Office) -> Result<Ended, Failure> {
        let text = &office.text;
        let reason = said("--reason", &self.reason, Text::say_why, text)?;
        let account = office.account(Some(&self.user))?;
        let codes =
            office.desk().emergency(&account, self.count.into()).map_err(office.problem(&account.name))?;
        let user = account.name.to_string();
        office.journal.done("emergency", &user, Some(reason));
        let plain = plain_codes(&codes);
        let answer = Answer { user: &user, codes: plain.iter().map(|code| code.as_str()).collect() };
        office.console.answer(&answer, || {
            let heading = text.emergency_heading(&user);
            format!("{heading}\n\n{}\n{}", *code_list(&codes), text.seal_envelope())
        });
        Ok(Ended::Done)
    }

    fn event(&self) -> Option<(&'static str, Option<&OsStr>)> {
        Some(("emergency", Some(&self.user)))
    }
}
