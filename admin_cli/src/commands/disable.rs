//! `disable`

use super::enable::{
    announce, confirmed, desk, failure, finish_broken_off, listed, paths, report_left, report_sshd,
    rest_is_proven, unprovable,
};
use super::{Command, Ended, still_named};
use crate::context::Context;
use crate::doctor::on_this_machine;
use crate::enable::watch::forget;
use crate::enable::{
    ByHand, Journal, JournalDesk, Reach, SSHD, Settled, SwitchStep, Switched, When, by_hand, forget_notice,
    go, more_of, reach, reload_if_sshd, sshd, systemd,
};
use crate::failure::{Failure, Kind};
use pam_stack::Root;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use wardkey_core::login::SWITCHING_STATE;
use wardkey_core::printable::escaped;

/// Switch services off: their files hold again what they held before `wardkey enable`
///
/// What somebody has added to a file since stays in it.
#[derive(Debug, clap::Args)]
pub(crate) struct Disable {
    /// Services that `wardkey enable` switched on, or in which somebody wrote our lines by hand
    #[arg(value_name = "SERVICE", required_unless_present_any = ["all", "check"])]
    services: Vec<String>,
    /// All of them
    #[arg(long, conflicts_with = "services")]
    all: bool,
    /// Only say which lines still name `pam_wardkey.so`, as before a package is removed [status 1 where there are some]
    #[arg(long, conflicts_with_all = ["services", "all"])]
    check: bool,
    /// With --check: leave out the lines that pam-auth-update keeps for wardkey's profile, and takes out itself
    #[arg(long, requires = "check")]
    outside_profile: bool,
}

/// The contract's answer.
#[derive(Serialize)]
struct Answer<'a> {
    off: &'a BTreeSet<String>,
    /// Services that ask on, and the file.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    left: BTreeMap<&'a str, &'a Path>,
}

impl Command for Disable {
    fn run(&self, context: &Context) -> Result<Ended, Failure> {
        if self.check {
            return still_named::check(context, self.outside_profile);
        }
        let (text, root) = (&context.text, Root::new("/"));
        let desk = desk(context)?;
        // A way back that a kill broke off is finished first.
        finish_broken_off(context, &desk)?;
        let journal = desk.journal().map_err(|e| failure(text, &e.into()))?;
        let now = match &journal.step {
            Some(SwitchStep::Trying { to, .. } | SwitchStep::Going { to, .. }) => to.clone(),
            None => journal.on.clone(),
        };
        let off = self.named(&now);
        let left: BTreeSet<String> = now.services.difference(&off).cloned().collect();
        settled_first(context, &journal, &left)?;
        let more = more_of(&now, &left);
        let way =
            on_this_machine(context, &root, false, |about| reach(&root, &now.files, &left, &more, about));
        let mut way = way.map_err(|e| Failure::store(text, &e).with_nothing_changed(text))?;
        unprovable(text, &way, &left)?;
        way.hold_unproven(&now.files, &rest_is_proven(context));
        let hand = self.by_hand(context, &root, &way, &off)?;
        hand.join(&mut way.changes);
        if hand.asks_on(SSHD) && !way.held.contains(SSHD) {
            way.keep_drop_in(&now);
        }
        let stay = way.keep_stuck(&root, &off);
        let goes = |name: &&String| !stay.contains(*name) && !hand.asks_on(name);
        let off: BTreeSet<String> = off.union(&hand.off).filter(goes).cloned().collect();
        if off.is_empty() && way.changes.is_empty() {
            return nothing_goes(context, &desk, journal, way.stuck, &stay, &hand);
        }
        if !context.console.is_json() {
            let diff = announce(text, &way).to_text(text, &text.will_ask());
            let names = off.iter().map(|name| format!("\n  {}", escaped(name))).collect::<String>();
            let heading = if off.is_empty() { String::new() } else { format!("\n{}", text.will_not_ask()) };
            context.console.say(&format!("{diff}{heading}{names}"));
        }
        // Nobody waits for this answer, not the timer either.
        drop(desk);
        confirmed(context, &text.switch_off_question())?;
        let undone = carry_out(context, &journal, &way, &hand, &off)?;
        let is_done = |name: &&String| !undone.iter().any(|path| path.ends_with(name));
        let off: BTreeSet<String> = off.iter().filter(is_done).cloned().collect();
        let names = listed(&off);
        context.console.answer(&Answer { off: &off, left: hand.asking_on() }, || {
            match hand.changes.is_empty() {
                _ if off.is_empty() => text.lines_went(),
                true => text.switched_off(&names),
                false => text.by_hand_off(&names),
            }
        });
        if off.contains(SSHD)
            && !now.files.contains_key(Path::new(sshd::DROP_IN))
            && Path::new(sshd::DROP_IN).exists()
        {
            context.warn(&text.drop_in_by_hand(sshd::DROP_IN));
        }
        let end = ended(context, &hand);
        Ok(if way.stuck.is_empty() && undone.is_empty() { end } else { Ended::Broken })
    }

    /// Where the configuration does not load, everybody is refused: this is the way out.
    fn says_what_is_wrong(&self) -> bool {
        true
    }

    fn needs_records(&self) -> bool {
        false
    }

    fn event(&self) -> Option<(&'static str, Option<&OsStr>)> {
        (!self.check).then_some(("disable", None))
    }
}

impl Disable {
    /// The services that are named, as libpam knows them.
    fn lowered(&self) -> BTreeSet<String> {
        self.services.iter().map(|name| name.to_ascii_lowercase()).collect()
    }

    /// What is meant of what was switched on.
    fn named(&self, now: &Switched) -> BTreeSet<String> {
        let named = self.lowered();
        let is_meant = |name: &&String| self.all || named.contains(*name);
        now.services.iter().filter(is_meant).cloned().collect()
    }

    /// What is meant of what somebody wrote by hand, once `way` is gone.
    fn by_hand(
        &self,
        context: &Context,
        root: &Root,
        way: &Reach,
        off: &BTreeSet<String>,
    ) -> Result<ByHand, Failure> {
        let mut machine = root.clone();
        for change in &way.changes {
            machine.lay(&change.path, change.after.clone().map(String::into_bytes));
        }
        let only = self.lowered();
        let keep = way.to.files.keys().chain(&way.stuck).cloned().collect();
        let only = (!self.all).then_some(&only);
        let mut hand = on_this_machine(context, root, false, |about| by_hand(&machine, only, &keep, about));
        let held = way.held.iter().filter(|name| *name != SSHD);
        hand.held = held.map(|name| (name.clone(), Path::new("/etc/pam.d").join(name))).collect();
        let text = &context.text;
        let drop_in = sshd::without_drop_in(&machine).filter(|change| {
            !keep.contains(&change.path) && !hand.asks_on(SSHD) && (self.all || self.lowered().contains(SSHD))
        });
        let goes = |name: &str| name == SSHD && drop_in.is_some();
        let is_known = |name: &&String| {
            off.contains(*name) || hand.off.contains(*name) || hand.asks_on(name) || goes(name)
        };
        if let Some(other) = self.lowered().iter().find(|name| !is_known(name)) {
            return Err(Failure::refused(text, |t| {
                (t.not_switched_on(&escaped(other)), t.switch_on_first())
            })
            .with_nothing_changed(text));
        }
        hand.changes.extend(drop_in);
        Ok(hand)
    }
}

/// No file changes: nothing is on, or what is on cannot be taken out.
fn nothing_goes(
    context: &Context,
    desk: &JournalDesk,
    journal: Journal,
    stuck: Vec<PathBuf>,
    stay: &BTreeSet<String>,
    hand: &ByHand,
) -> Result<Ended, Failure> {
    let text = &context.text;
    report_left(context, &Settled { left: stuck, ..Settled::default() });
    let answer = Answer { off: &BTreeSet::new(), left: hand.asking_on() };
    if !stay.is_empty() {
        context.console.answer(&answer, || text.nothing_goes());
        ended(context, hand);
        return Ok(Ended::Broken);
    }
    desk.write(&Journal { put_back: None, ..journal }).map_err(|e| failure(text, &e.into()))?;
    forget_notice();
    context.console.answer(&answer, || text.nothing_to_switch_off());
    Ok(ended(context, hand))
}

/// Changes the files, where the journal still says what it said when they were planned; the answer is which were changed
/// meanwhile, and have something of ours left.
///
/// # Errors
/// Nothing was changed, or the journal says what is left to do, or sshd did not follow.
fn carry_out(
    context: &Context,
    journal: &Journal,
    way: &Reach,
    hand: &ByHand,
    off: &BTreeSet<String>,
) -> Result<Vec<PathBuf>, Failure> {
    let text = &context.text;
    let desk = desk(context)?;
    if desk.journal().map_err(|e| failure(text, &e.into()))? != *journal {
        return Err(Failure::refused(text, |t| (t.somebody_switches(), t.try_again_later()))
            .with_nothing_changed(text));
    }
    systemd::finish_at_boot();
    let mut settled = go(&desk, way, &rest_is_proven(context)).map_err(|e| failure(text, &e))?;
    settled.left.extend(hand.undone());
    systemd::disarm();
    forget_notice();
    if way.to.services.is_empty() {
        systemd::watch_no_more();
        forget(Path::new(SWITCHING_STATE));
    }
    let undone = settled.left.clone();
    settled.left.extend_from_slice(&way.stuck);
    report_left(context, &settled);
    report_sshd(context, &settled);
    let what = if off.is_empty() { paths(&settled.changed) } else { listed(off) };
    context.audit.done_alone("disable", &what);
    reload_if_sshd(&settled, When::Now)
        .map_err(|why| Failure::new(Kind::System, text, |t| (t.sshd_not_reloaded(&why), t.reload_sshd())))?;
    Ok(undone)
}

/// What is tried and not confirmed does not stay because something else goes.
fn settled_first(context: &Context, journal: &Journal, left: &BTreeSet<String>) -> Result<(), Failure> {
    let Some(SwitchStep::Trying { .. }) = &journal.step else { return Ok(()) };
    let waiting: Vec<String> = left.difference(&journal.on.services).map(|name| escaped(name)).collect();
    if waiting.is_empty() {
        return Ok(());
    }
    let (text, names) = (&context.text, waiting.join(", "));
    Err(Failure::refused(text, |t| (t.waits_already(&names), t.confirm_or_disable()))
        .with_nothing_changed(text))
}

/// Names what stays, with what to do.
fn ended(context: &Context, hand: &ByHand) -> Ended {
    if hand.asking_on().is_empty() {
        return Ended::Done;
    }
    let text = &context.text;
    let line =
        |(name, file): (&String, &PathBuf)| text.by_hand_in(&escaped(name), &file.display().to_string());
    let lines: Vec<String> = hand.left.iter().map(line).collect();
    if !lines.is_empty() {
        context.warn(&format!("{}\n{}\n{}", text.by_hand_left(), lines.join("\n"), text.by_hand_remedy()));
    }
    let names = |of: &BTreeMap<String, PathBuf>| listed(&of.keys().cloned().collect());
    if !hand.held.is_empty() {
        context.warn(&format!("{}\n{}", text.one_field_stays(&names(&hand.held)), text.profile_off()));
    }
    if !hand.by_profile.is_empty() {
        context.warn(&format!("{}\n{}", text.left_to_profile(&names(&hand.by_profile)), text.profile_off()));
    }
    if hand.asks_on(SSHD) && Path::new(sshd::DROP_IN).exists() {
        context.warn(&text.drop_in_needed(sshd::DROP_IN));
    }
    Ended::Broken
}
