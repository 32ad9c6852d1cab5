//! `emergency`

use super::keeping::Keeping;
use super::{Command, Ended, Remade, said};
use crate::context::Context;
use crate::failure::Failure;
use crate::sheet::{CodesPage, Sheet};
use crate::show::{code_list, plain_codes};
use crate::text::{Text, shell_word};
use serde::Serialize;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use wardkey_core::credential::SingleUseCode;
use wardkey_core::invalid_value::InvalidValue;

/// Make codes for a sealed envelope; each opens one login, and its use is logged as an alert
///
/// At a terminal they open nothing until you have typed that they are kept.
#[derive(Debug, clap::Args)]
pub(crate) struct Emergency {
    /// The user
    user: OsString,
    /// How many
    #[arg(long, value_name = "N", value_parser = count)]
    count: u8,
    /// Why, and where the envelope is; goes into the audit log
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// Write them to a sheet to print, and show them nowhere else
    #[arg(long, value_name = "FILE")]
    sheet: Option<PathBuf>,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    sheet: Option<String>,
}

impl Command for Emergency {
    fn run(&self, context: &Context) -> Result<Ended, Failure> {
        let text = &context.text;
        let reason = said("--reason", &self.reason, Text::say_why, text)?;
        let account = context.account(Some(&self.user))?;
        let user = account.name.to_string();
        let sheet = Sheet::asked(context, self.sheet.as_deref())?;
        let show = |codes: &[SingleUseCode]| show(context, &user, codes);
        let mut keeping = Keeping::new(context, &show, text.no_envelope_made());
        let mut keep = |codes: &[SingleUseCode]| match &sheet {
            Some(sheet) => sheet.write_codes(&CodesPage::envelope(context, &user, codes).render()),
            None if context.console.is_interactive() => keeping.keep(codes),
            None => Ok(()),
        };
        let counts = (self.count.into(), context.recovery_codes());
        let made = context.desk().emergency(&account, counts, &mut keep);
        if let Some(declined) = keeping.declined(Text::see_help) {
            return Err(declined);
        }
        let codes = made.map_err(|problem| {
            sheet.iter().for_each(Sheet::discard);
            context.problem_at_first(&account.name)(problem)
        })?;
        context.audit.done("emergency", &user, Some(reason));
        tell(context, &user, &codes, sheet.as_ref());
        Ok(Ended::Done)
    }

    fn remade_by(&self, _json: bool) -> Option<Remade> {
        self.sheet.is_none().then_some(("emergency", " --count N --reason TEXT"))
    }

    fn event(&self) -> Option<(&'static str, Option<&OsStr>)> {
        Some(("emergency", Some(&self.user)))
    }
}

fn show(context: &Context, user: &str, codes: &[SingleUseCode]) {
    let (console, text) = (&context.console, &context.text);
    console.tell(&text.emergency_heading(user));
    console.say("");
    console.say(&code_list(codes));
    console.tell(&text.seal_envelope());
    console.say("");
}

fn tell(context: &Context, user: &str, codes: &[SingleUseCode], sheet: Option<&Sheet>) {
    let (console, text) = (&context.console, &context.text);
    if console.is_json() {
        let plain = plain_codes(codes);
        let codes = plain.iter().filter(|_| sheet.is_none()).map(|code| code.as_str()).collect();
        return console.answer(&Answer { user, codes, sheet: sheet.map(Sheet::path) }, String::new);
    }
    match sheet {
        Some(sheet) => {
            console.tell(&text.envelope_on_sheet(codes.len(), &sheet.path()));
            console.tell(&text.sheet_seal(&shell_word(&sheet.path())));
        }
        None if console.is_interactive() => console.tell(&text.envelope_made(codes.len(), user)),
        None => show(context, user, codes),
    }
}
