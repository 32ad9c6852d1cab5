//! Keeping what was proven.

use super::proven::proven;
use super::switch::{desk, listed};
use super::{failure, report_left, rest_is_proven, unprovable};
use crate::commands::Ended;
use crate::context::Context;
use crate::doctor::on_this_machine;
use crate::enable::{
    Settled, Stand, SwitchStep, Switched, When, go, keep, more_of, reach, reload_if_sshd, systemd,
};
use crate::failure::{Failure, Kind};
use crate::text::Text;
use pam_stack::Root;
use serde::Serialize;
use std::collections::BTreeSet;
use wardkey_core::printable::escaped;

/// The contract's answer.
#[derive(Serialize)]
struct Answer {
    confirmed: BTreeSet<String>,
    put_back: BTreeSet<String>,
}

pub(super) fn run(context: &Context, named: &[String]) -> Result<Ended, Failure> {
    let text = &context.text;
    let desk = desk(context)?;
    let journal = desk.journal().map_err(|e| failure(text, &e.into()))?;
    let tried = journal.tried();
    let Some(SwitchStep::Trying { to, changes, .. }) = journal.step else {
        return Err(Failure::refused(text, |t| (t.nothing_to_confirm(), t.switch_on_first()))
            .with_nothing_changed(text));
    };
    // A kill may have ended the command that switched them on: what is half on is not kept.
    if changes.iter().any(|change| !matches!(change.stand(), Ok(Stand::Done | Stand::Edited))) {
        let words = |t: &Text| (t.half_switched(), t.take_all_back());
        return Err(Failure::refused(text, words).with_nothing_changed(text));
    }
    let named: Vec<String> = named.iter().map(|name| name.to_ascii_lowercase()).collect();
    if let Some(other) = named.iter().find(|name| !tried.contains(*name)) {
        let words = |t: &Text| (t.not_tried(&escaped(other)), t.switch_on_first());
        return Err(Failure::new(Kind::Refused, text, words).with_nothing_changed(text));
    }
    let proven = proven();
    let kept: BTreeSet<String> =
        tried.iter().filter(|name| proven.contains(*name) || named.contains(name)).cloned().collect();
    if kept.is_empty() {
        return Err(
            Failure::refused(text, |t| (t.none_proven(), t.log_in_first())).with_nothing_changed(text)
        );
    }
    let back: BTreeSet<String> = tried.difference(&kept).cloned().collect();
    let again: BTreeSet<String> = back.intersection(&journal.on.services).cloned().collect();
    if !again.is_empty() {
        let names = listed(&again);
        return Err(Failure::refused(text, |t| (t.again_unproven(&names), t.log_in_first()))
            .with_nothing_changed(text));
    }
    let (stay, settled) = if back.is_empty() {
        keep(&desk, to).map_err(|e| failure(text, &e))?;
        Default::default()
    } else {
        part(context, &desk, &to, &journal.on.services.union(&kept).cloned().collect())?
    };
    systemd::disarm();
    context.audit.done_alone("enable", &format!("confirmed: {}", listed(&kept)));
    let answer = Answer { confirmed: kept, put_back: &back - &stay };
    context.console.answer(&answer, || said(text, &answer));
    reload_if_sshd(&settled, When::Now)
        .map_err(|why| Failure::new(Kind::System, text, |t| (t.sshd_not_reloaded(&why), t.reload_sshd())))?;
    Ok(if stay.is_empty() && settled.left.is_empty() { Ended::Done } else { Ended::Broken })
}

/// Keeps these of what was tried, and puts the rest back; those that ask on, by a file with half a mark or by
/// pam-auth-update's lines, are answered.
fn part(
    context: &Context,
    desk: &crate::enable::JournalDesk,
    to: &Switched,
    keep: &BTreeSet<String>,
) -> Result<(BTreeSet<String>, Settled), Failure> {
    let (text, root) = (&context.text, Root::new("/"));
    let more = more_of(to, keep);
    let way = on_this_machine(context, &root, false, |about| reach(&root, &to.files, keep, &more, about));
    let mut way = way.map_err(|e| Failure::store(text, &e).with_nothing_changed(text))?;
    unprovable(text, &way, keep)?;
    way.hold_unproven(&to.files, &rest_is_proven(context));
    let mut stay = way.keep_stuck(&root, &(&to.services - keep));
    if !way.held.is_empty() {
        let held = listed(&way.held);
        context.warn(&format!("{}\n{}", text.stays_by_profile(&held), text.profile_off()));
        stay.extend(way.held.iter().cloned());
    }
    let mut settled = go(desk, &way, &rest_is_proven(context)).map_err(|e| failure(text, &e))?;
    settled.left.extend_from_slice(&way.stuck);
    report_left(context, &settled);
    Ok((stay, settled))
}

fn said(text: &Text, answer: &Answer) -> String {
    let mut lines = vec![text.kept(&listed(&answer.confirmed))];
    if !answer.put_back.is_empty() {
        lines.push(text.put_back_unproven(&listed(&answer.put_back)));
        lines.push(text.name_to_keep());
    }
    lines.join("\n")
}
