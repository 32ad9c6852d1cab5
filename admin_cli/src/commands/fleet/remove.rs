//! `fleet remove`

use super::{failed, registry, seat};
use crate::commands::{Command, Ended};
use crate::context::Context;
use crate::failure::Failure;
use serde::Serialize;
use std::ffi::OsStr;

/// Remove a seat: its next question is not answered
///
/// A token for it that was not used becomes void. Its number is never given to another.
#[derive(Debug, clap::Args)]
pub(crate) struct FleetRemove {
    /// The seat
    seat: String,
}

#[derive(Serialize)]
struct Answer<'a> {
    seat: &'a str,
    state: &'static str,
}

impl Command for FleetRemove {
    fn run(&self, context: &Context) -> Result<Ended, Failure> {
        let text = &context.text;
        let name = seat(text, &self.seat)?;
        let registry = registry(context)?;
        if !registry.remove(&name, context.now()).map_err(|e| failed(text, &e))? {
            let name = name.as_str();
            return Err(Failure::refused(text, |t| (t.no_such_seat(name), t.look_at_seats())));
        }
        context.audit.done_at_seat("fleet remove", name.as_str(), None);
        let answer = Answer { seat: name.as_str(), state: "removed" };
        context.console.answer(&answer, || text.seat_removed(name.as_str()));
        Ok(Ended::Done)
    }

    fn event(&self) -> Option<(&'static str, Option<&OsStr>)> {
        Some(("fleet remove", None))
    }
}
