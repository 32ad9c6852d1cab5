//! `disable --check`

use super::Ended;
use crate::context::Context;
use crate::enable::naming;
use crate::failure::{Failure, Kind};
use crate::profile::Profile;
use crate::services::Unread;
use pam_stack::{Place, Root};
use serde::Serialize;
use std::collections::BTreeSet;
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
    /// Whether pam-auth-update keeps it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    profile: bool,
}

/// Says which lines still name the module, and changes nothing; `outside_profile`: but those that pam-auth-update keeps.
pub(super) fn check(context: &Context, outside_profile: bool) -> Result<Ended, Failure> {
    let (text, root) = (&context.text, Root::new("/"));
    let places = naming(&root).map_err(|error| {
        let what = Unread::Directory(error);
        Failure::new(Kind::System, text, |t| (t.service_unread(&what), t.try_again_later()))
    })?;
    let profile = Profile::of(&root);
    let (kept, other): (BTreeSet<Place>, BTreeSet<Place>) =
        places.into_iter().partition(|place| profile.has(place));
    let is_on = !kept.is_empty();
    let kept = if outside_profile { BTreeSet::new() } else { kept };
    let shown = |places: &BTreeSet<Place>| {
        let lines = places.iter().map(|place| format!("  {}", escaped(&place.to_string())));
        lines.collect::<Vec<_>>().join("\n")
    };
    let mut parts = Vec::new();
    if !other.is_empty() {
        parts.push(format!("{}\n{}", text.still_named(), shown(&other)));
    }
    if !kept.is_empty() {
        parts.push(format!("{}\n{}", text.kept_by_profile(), shown(&kept)));
    }
    let is_free = parts.is_empty();
    // While the profile is on, `disable --all` alone does not do, and its lines are not asked about here.
    parts.push(if is_on { text.profile_off() } else { text.take_all_out() });
    let named = |profile| move |place: Place| Named { file: place.file, line: place.line, profile };
    let lines = other.into_iter().map(named(false)).chain(kept.into_iter().map(named(true))).collect();
    context.console.answer(&Answer { lines }, || match (is_free, outside_profile) {
        (true, true) => text.named_nowhere_else(),
        (true, false) => text.named_nowhere(),
        (false, _) => parts.join("\n"),
    });
    Ok(if is_free { Ended::Done } else { Ended::Refused })
}
