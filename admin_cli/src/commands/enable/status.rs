//! What is on.

use super::proven::proven;
use super::switch::listed;
use super::trouble::paths;
use super::{failure, put_back};
use crate::commands::Ended;
use crate::context::Context;
use crate::enable::watch::{WatchMemory, on_now, recall};
use crate::enable::{Journal, PutBack, SwitchStep, look};
use crate::failure::Failure;
use crate::text::local;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;
use wardkey_core::grace::{BootClock, BootTime, SystemBootClock};
use wardkey_core::login::SWITCHING_STATE;
use wardkey_core::system::clock::Timestamp;

/// The contract's answer.
#[derive(Serialize)]
struct Answer {
    on: BTreeSet<String>,
    trying: BTreeMap<String, bool>,
    until: Option<Timestamp>,
    put_back: BTreeSet<String>,
    is_stopped: bool,
    watch: WatchMemory,
}

pub(super) fn run(context: &Context) -> Result<Ended, Failure> {
    let text = &context.text;
    let journal = look(Path::new(SWITCHING_STATE)).map_err(|e| failure(text, &e.into()))?;
    let answer = answer(context, &journal);
    context.console.answer(&answer, || said(context, &journal, &answer));
    Ok(Ended::Done)
}

fn answer(context: &Context, journal: &Journal) -> Answer {
    let on = journal.on.services.clone();
    let put_back = journal.put_back.as_ref().map(PutBack::off).unwrap_or_default();
    let is_watched = on_now(journal).is_some_and(|on| !on.files.is_empty());
    let watch = if is_watched { recall(Path::new(SWITCHING_STATE)) } else { WatchMemory::new() };
    let mut answer = Answer { on, trying: BTreeMap::new(), until: None, put_back, is_stopped: false, watch };
    match &journal.step {
        None => {}
        Some(SwitchStep::Going { .. }) => answer.is_stopped = true,
        Some(SwitchStep::Trying { until, .. }) => {
            let proven = proven();
            let is_proven = |name: String| (name.clone(), proven.contains(&name));
            answer.trying = journal.tried().into_iter().map(is_proven).collect();
            answer.until = Some(context.now().plus(left(*until)));
        }
    }
    answer
}

/// How long it is until then.
pub(super) fn left(until: BootTime) -> Duration {
    until.since(SystemBootClock.now()).unwrap_or_default()
}

fn said(context: &Context, journal: &Journal, answer: &Answer) -> String {
    let text = &context.text;
    let mut lines = Vec::new();
    if !answer.on.is_empty() {
        lines.push(text.services_on(&listed(&answer.on)));
    }
    if let Some(until) = &answer.until {
        lines.push(text.status_until(&local(*until)));
        let line = |(name, is_proven): (&String, &bool)| {
            if *is_proven { text.status_proven(name) } else { text.status_unproven(name) }
        };
        lines.extend(answer.trying.iter().map(line));
    }
    if answer.is_stopped {
        lines.push(text.status_stopped());
    }
    if let Some(back) = &journal.put_back {
        lines.extend(put_back::said(text, back));
        if !back.left.is_empty() {
            lines.push(text.something_left(&paths(&back.left)));
        }
    }
    if !answer.watch.is_empty() {
        lines.push(text.watch_found());
        lines.extend(answer.watch.values().flat_map(BTreeMap::values).map(|what| text.watch_line(what)));
        lines.push(text.watch_remedy());
    }
    if lines.is_empty() { text.status_nothing() } else { lines.join("\n") }
}
