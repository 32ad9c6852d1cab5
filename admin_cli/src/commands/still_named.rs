//! `disable --check`

use super::Ended;
use crate::context::Context;
use crate::enable::naming;
use crate::failure::{Failure, Kind};
use crate::services::Unread;
use pam_stack::Root;
use serde::Serialize;
use std::path::PathBuf;
use wardkey_core::printable::escaped;

/// The contract's answer.
#[derive(Serialize)]
struct Answer {
    lines: Vec<Named>,
}

#[derive(Serialize)]
struct Named {
    file: PathBuf,
    line: usize,
}

/// Says which lines still name the module, and changes nothing.
pub(super) fn check(context: &Context) -> Result<Ended, Failure> {
    let text = &context.text;
    let places = naming(&Root::new("/")).map_err(|error| {
        let what = Unread::Directory(error);
        Failure::new(Kind::System, text, |t| (t.service_unread(&what), t.try_again_later()))
    })?;
    let shown: Vec<String> =
        places.iter().map(|place| format!("  {}", escaped(&place.to_string()))).collect();
    let lines = places.into_iter().map(|place| Named { file: place.file, line: place.line }).collect();
    context.console.answer(&Answer { lines }, || {
        if shown.is_empty() {
            text.named_nowhere()
        } else {
            format!("{}\n{}\n{}", text.still_named(), shown.join("\n"), text.take_all_out())
        }
    });
    Ok(if shown.is_empty() { Ended::Done } else { Ended::Refused })
}
