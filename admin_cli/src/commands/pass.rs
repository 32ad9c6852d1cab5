//! `pass`

use super::{Command, Ended, Remade, said};
use crate::audit::verified_by;
use crate::context::Context;
use crate::failure::Failure;
use crate::text::{Text, local};
use serde::Serialize;
use std::ffi::{OsStr, OsString};
use std::str::FromStr;
use wardkey_core::invalid_value::InvalidValue;
use wardkey_core::policy::config::Span;
use wardkey_core::system::clock::Timestamp;

/// Longest life of a pass, in seconds.
const DAY: u64 = 86400;

/// Make a code for one login, to read to the user when you call back
///
/// An earlier pass becomes void. After a reset, a pass is the only code that opens.
#[derive(Debug, clap::Args)]
pub(crate) struct Pass {
    /// The user
    user: OsString,
    /// How long it opens, such as 30m or 12h, at most 24h
    #[arg(long = "for", value_name = "DURATION", default_value = "1h", value_parser = span)]
    lasts: Span<DAY>,
    /// How you verified who it is; goes into the audit log
    #[arg(long, value_name = "TEXT")]
    verified_by: String,
}

fn span(text: &str) -> Result<Span<DAY>, InvalidValue> {
    Span::from_str(text)
}

/// The contract's answer.
#[derive(Serialize)]
struct Answer<'a> {
    user: &'a str,
    pass: &'a str,
    expires: Timestamp,
}

impl Command for Pass {
    fn run(&self, context: &Context) -> Result<Ended, Failure> {
        let text = &context.text;
        let verified = said("--verified-by", &self.verified_by, Text::say_how_verified, text)?;
        let account = context.account(Some(&self.user))?;
        let pass = context
            .desk()
            .pass(&account, self.lasts.get())
            .map_err(context.problem_at_first(&account.name))?;
        let user = account.name.to_string();
        context.audit.done("pass", &user, Some(&verified_by(verified)));
        let code = pass.code.to_text();
        context.console.answer(&Answer { user: &user, pass: &code, expires: pass.expires }, || {
            let heading = text.pass_heading(&user, &local(pass.expires));
            format!("{heading}\n\n  {}\n\n{}", *code, text.read_out())
        });
        Ok(Ended::Done)
    }

    fn remade_by(&self, _json: bool) -> Option<Remade> {
        Some(("pass", " --verified-by TEXT"))
    }

    fn event(&self) -> Option<(&'static str, Option<&OsStr>)> {
        Some(("pass", Some(&self.user)))
    }
}
