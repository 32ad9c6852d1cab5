//! `fleet token`

use super::{failed, registry, seat};
use crate::commands::{Command, Ended};
use crate::context::Context;
use crate::failure::{Failure, Kind};
use crate::text::local;
use serde::Serialize;
use std::ffi::OsStr;
use std::str::FromStr;
use wardkey_core::invalid_value::InvalidValue;
use wardkey_core::policy::config::Span;
use wardkey_core::system::clock::Timestamp;
use wardkey_fleet::{JoiningToken, authority_fingerprint};

/// Longest life of a token, in seconds.
const WEEK: u64 = 7 * 86400;

/// Make a token with which one machine becomes this seat, once
///
/// An earlier token for the same seat becomes void. A seat that is there already keeps its number, and the machine that was it
/// is answered no more once the token is used.
#[derive(Debug, clap::Args)]
pub(crate) struct FleetToken {
    /// The seat: small letters, digits and hyphens
    seat: String,
    /// How long it opens, such as 30m or 2d, at most 7d
    #[arg(long = "for", value_name = "DURATION", default_value = "1h", value_parser = span)]
    lasts: Span<WEEK>,
}

fn span(text: &str) -> Result<Span<WEEK>, InvalidValue> {
    Span::from_str(text)
}

#[derive(Serialize)]
struct Answer<'a> {
    seat: &'a str,
    token: &'a str,
    expires: Timestamp,
}

impl Command for FleetToken {
    fn run(&self, context: &Context) -> Result<Ended, Failure> {
        let text = &context.text;
        let name = seat(text, &self.seat)?;
        let registry = registry(context)?;
        let authority = authority_fingerprint(&registry.0).map_err(|e| failed(text, &e))?;
        let token = JoiningToken::random(name.clone(), authority).ok_or_else(|| {
            Failure::new(Kind::System, text, |t| (t.no_entropy(), t.try_again_later()))
                .with_nothing_changed(text)
        })?;
        let until = registry.keep(&token, context.now(), self.lasts.get()).map_err(|e| failed(text, &e))?;
        context.audit.done_at_seat("fleet token", name.as_str(), Some(&format!("until {until}")));
        let printed = token.printed();
        context.console.answer(&Answer { seat: name.as_str(), token: &printed, expires: until }, || {
            let heading = text.token_heading(name.as_str(), &local(until));
            format!("{heading}\n\n  {}\n\n{}", *printed, text.use_token())
        });
        Ok(Ended::Done)
    }

    fn event(&self) -> Option<(&'static str, Option<&OsStr>)> {
        Some(("fleet token", None))
    }
}
