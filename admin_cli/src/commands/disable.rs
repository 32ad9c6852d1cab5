//! `disable`

use super::enable::{announce, confirmed, desk, failure, listed, report_left, unprovable};
use super::{Command, Ended};
use crate::context::Context;
use crate::doctor::on_this_machine;
use crate::enable::{Step, Switched, When, finish, go, more_of, reach, reload_if_sshd, systemd};
use crate::failure::{Failure, Kind};
use pam_stack::Root;
use serde::Serialize;
use std::collections::BTreeSet;
use std::ffi::OsStr;
use wardkey_core::printable::escaped;

/// Switch services off: their files hold again what they held before `wardkey enable`
///
/// What somebody has added to a file since stays in it.
#[derive(Debug, clap::Args)]
pub(crate) struct Disable {
    /// Services that `wardkey enable` switched on
    #[arg(value_name = "SERVICE", required_unless_present = "all")]
    services: Vec<String>,
    /// All of them
    #[arg(long, conflicts_with = "services")]
    all: bool,
}

/// The contract's answer.
#[derive(Serialize)]
struct Answer<'a> {
    off: &'a BTreeSet<String>,
}

impl Command for Disable {
    fn run(&self, context: &Context) -> Result<Ended, Failure> {
        let (text, root) = (&context.text, Root::new("/"));
        let desk = desk(context)?;
        // A way back that a kill broke off is finished first.
        report_left(context, &finish(&desk, None).map_err(|e| failure(text, &e))?);
        let journal = desk.journal().map_err(|e| failure(text, &e.into()))?;
        let now = match &journal.step {
            Some(Step::Trying { to, .. } | Step::Going { to, .. }) => to.clone(),
            None => journal.on.clone(),
        };
        let off = self.named(context, &now)?;
        let left: BTreeSet<String> = now.services.difference(&off).cloned().collect();
        // What would stay on is not confirmed by switching another one off.
        let waiting: BTreeSet<String> = left.difference(&journal.on.services).cloned().collect();
        if matches!(journal.step, Some(Step::Trying { .. })) && !waiting.is_empty() {
            let names = listed(&waiting);
            return Err(Failure::refused(text, |t| (t.waits_already(&names), t.confirm_or_disable()))
                .with_nothing_changed(text));
        }
        let more = more_of(&now, &left);
        let way =
            on_this_machine(context, &root, false, |about| reach(&root, &now.files, (&left, &more), about));
        let way = way.map_err(|e| Failure::store(text, &e).with_nothing_changed(text))?;
        unprovable(text, &way, &left)?;
        if off.is_empty() {
            context.console.answer(&Answer { off: &off }, || text.nothing_to_switch_off());
            return Ok(Ended::Done);
        }
        if !context.console.is_json() {
            let names = off.iter().map(|name| format!("  {}", escaped(name))).collect::<Vec<_>>().join("\n");
            let diff = announce(text, &way).to_text(text, &text.will_ask());
            context.console.say(&format!("{diff}\n{}\n{names}", text.will_not_ask()));
        }
        // Nobody waits for this answer, not the timer either.
        drop(desk);
        confirmed(context, &text.switch_off_question())?;
        let desk = self::desk(context)?;
        if desk.journal().map_err(|e| failure(text, &e.into()))? != journal {
            return Err(Failure::refused(text, |t| (t.somebody_switches(), t.try_again_later()))
                .with_nothing_changed(text));
        }
        let mut settled = go(&desk, &way).map_err(|e| failure(text, &e))?;
        settled.left.extend(way.stuck);
        systemd::disarm();
        report_left(context, &settled);
        let names = listed(&off);
        context.audit.done_alone("disable", &names);
        reload_if_sshd(&settled, When::Now).map_err(|why| {
            Failure::new(Kind::System, text, |t| (t.sshd_not_reloaded(&why), t.reload_sshd()))
        })?;
        if !settled.left.is_empty() {
            return Ok(Ended::Broken);
        }
        context.console.answer(&Answer { off: &off }, || text.switched_off(&names));
        Ok(Ended::Done)
    }

    /// Where the configuration does not load, everybody is refused: this is the way out.
    fn says_what_is_wrong(&self) -> bool {
        true
    }

    fn event(&self) -> Option<(&'static str, Option<&OsStr>)> {
        Some(("disable", None))
    }
}

impl Disable {
    fn named(&self, context: &Context, now: &Switched) -> Result<BTreeSet<String>, Failure> {
        if self.all {
            return Ok(now.services.clone());
        }
        let text = &context.text;
        let services: Vec<String> = self.services.iter().map(|name| name.to_ascii_lowercase()).collect();
        if let Some(other) = services.iter().find(|name| !now.services.contains(*name)) {
            return Err(Failure::refused(text, |t| {
                (t.not_switched_on(&escaped(other)), t.switch_on_first())
            })
            .with_nothing_changed(text));
        }
        Ok(services.into_iter().collect())
    }
}
