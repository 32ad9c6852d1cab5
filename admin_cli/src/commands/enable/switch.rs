//! Switching on.

use super::announce::Announcement;
use super::status::left;
use super::{
    Enable, announce, confirmed, failure, finish_broken_off, report_left, report_sshd, rest_is_proven,
    unprovable,
};
use crate::commands::Ended;
use crate::context::Context;
use crate::doctor::finding::Finding;
use crate::doctor::sshd::Sshd;
use crate::doctor::{About, Ahead, foreseen, lets_in, on_this_machine, sort};
use crate::enable::sshd::Rehearsed;
use crate::enable::{
    JournalDesk, Reach, SSHD, Stopped, SwitchStep, Switched, When, WhyBack, directory, forget_notice, keep,
    look, more_of, put_back, reach, reload_if_sshd, sshd, systemd, tried, try_on,
};
use crate::failure::{Failure, Kind};
use crate::services::{self, Services};
use crate::text::{Text, local};
use nix::sys::stat::Mode;
use pam_stack::Root;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;
use wardkey_core::grace::{BootClock, BootId, BootTime, SystemBootClock};
use wardkey_core::login::{SWITCHING_STATE, proven_dir};
use wardkey_core::policy::config::DEFAULT_PATH;
use wardkey_core::printable::escaped;
use wardkey_core::store::{Doing, StoreError};
use wardkey_core::system::clock::Timestamp;
use wardkey_core::system::trusted_file::Readers;

/// The contract's answer.
#[derive(Serialize)]
struct Answer<'a> {
    services: &'a BTreeSet<String>,
    until: Option<Timestamp>,
}

pub(super) fn run(context: &Context, line: &Enable) -> Result<Ended, Failure> {
    let text = &context.text;
    if context.config_path != Path::new(DEFAULT_PATH) {
        return Err(Failure::new(Kind::Usage, text, |t| {
            (t.own_config_only(DEFAULT_PATH), t.leave_out_config())
        }));
    }
    if !systemd::runs() && !line.no_revert && !line.print {
        return Err(
            Failure::refused(text, |t| (t.no_systemd(), t.do_without_revert())).with_nothing_changed(text)
        );
    }
    if line.print {
        return print(context, line);
    }
    let desk = desk(context)?;
    let on = idle(context, &desk)?;
    let planned = planned(context, line, &on)?;
    nothing_in_the_way(context, line, &planned)?;
    let Planned { said, reach, .. } = &planned;
    if reach.changes.is_empty() {
        context.console.answer(said, || match said.left().is_empty() {
            true => said.nothing(text),
            false => said.to_text(text, &text.will_ask()),
        });
        return Ok(Ended::Done);
    }
    if !context.console.is_json() {
        context.console.say(&said.to_text(text, &text.will_ask()));
    }
    if confirmed(context, &text.switch_on_question())? {
        still_so(context, line, &on, &planned)?;
    }
    carry_out(context, line, &desk, reach, &on)
}

/// Shows what would change, and what is in the way, beside a command that is under way.
fn print(context: &Context, line: &Enable) -> Result<Ended, Failure> {
    let text = &context.text;
    let journal = look(Path::new(SWITCHING_STATE)).map_err(|e| failure(text, &e.into()))?;
    let on = match journal.step {
        Some(SwitchStep::Trying { to, .. } | SwitchStep::Going { to, .. }) => to,
        None => journal.on,
    };
    let planned = planned(context, line, &on)?;
    if !context.console.is_json() {
        context.console.say(&planned.said.to_text(text, &text.will_ask()));
        nothing_in_the_way(context, line, &planned)?;
    } else {
        nothing_in_the_way(context, line, &planned)?;
        context.console.answer(&planned.said, String::new);
    }
    Ok(Ended::Done)
}

/// What a command comes to on the machine as it is.
struct Planned {
    root: Root,
    services: Services,
    /// What was asked for.
    names: BTreeSet<String>,
    /// What is on already.
    on: BTreeSet<String>,
    reach: Reach,
    said: Announcement,
}

fn planned(context: &Context, line: &Enable, on: &Switched) -> Result<Planned, Failure> {
    let (text, root) = (&context.text, Root::new("/"));
    let (services, _) = services::of(&root);
    let names = on_this_machine(context, &root, false, |about| asked_for(context, line, &services, about))?;
    let wanted: BTreeSet<String> = on.services.union(&names).cloned().collect();
    let sshd = sshd_files(context, &root, line, on, &wanted)?;
    let reach =
        on_this_machine(context, &root, false, |about| reach(&root, &on.files, &wanted, &sshd.files, about));
    let reach = reach.map_err(|e| Failure::store(text, &e).with_nothing_changed(text))?;
    let new = tried(on, &reach.to, &reach.changes);
    let then = sshd.then.as_ref().and_then(|then| then.sshd.as_ref());
    let ahead = Ahead { names: &new, sshd: sshd.now.as_ref(), sshd_then: then };
    let said = announce(text, &reach).with(foreseen(context, &root, &services, &ahead), line.keys_too);
    Ok(Planned { root, services, names, on: on.services.clone(), reach, said })
}

/// Refuses what is not proven, and whatever would lock somebody out.
fn nothing_in_the_way(context: &Context, line: &Enable, planned: &Planned) -> Result<(), Failure> {
    let text = &context.text;
    let Planned { root, services, names, on, reach, said } = planned;
    unprovable(text, reach, on)?;
    let named = said.left().iter().filter(|(name, _)| !line.all && names.contains(*name));
    let stubborn: Vec<String> = named.map(|(name, why)| text.left_alone(name, why)).collect();
    if !stubborn.is_empty() {
        let list = stubborn.join("\n");
        let words = |t: &Text| (format!("{}\n{list}", t.left_as_they_are()), t.mend_first());
        return Err(Failure::refused(text, words).with_nothing_changed(text));
    }
    // What this change mends locks nobody out.
    let mut after = root.clone();
    for change in &reach.changes {
        after.lay(&change.path, change.after.clone().map(String::into_bytes));
    }
    lockouts(context, root, services, &after)
}

/// A person may take their time, and somebody changes a file that others include, or the people, meanwhile.
fn still_so(context: &Context, line: &Enable, on: &Switched, shown: &Planned) -> Result<(), Failure> {
    let now = planned(context, line, on)?;
    nothing_in_the_way(context, line, &now)?;
    if now.reach.changes == shown.reach.changes {
        return Ok(());
    }
    let text = &context.text;
    Err(Failure::refused(text, |t| (t.changed_since_shown(), t.run_and_look_again()))
        .with_nothing_changed(text))
}

/// sshd's part of a change.
struct SshdPart {
    /// Files of its own, and what they are to hold.
    files: BTreeMap<PathBuf, String>,
    /// sshd as it is, where its service is wanted.
    now: Option<Sshd>,
    /// sshd as it will be, where its settings change.
    then: Option<Rehearsed>,
}

/// sshd's drop-in, where that service is wanted and sshd does not ask yet.
fn sshd_files(
    context: &Context,
    root: &Root,
    line: &Enable,
    on: &Switched,
    wanted: &BTreeSet<String>,
) -> Result<SshdPart, Failure> {
    let text = &context.text;
    let held = more_of(on, wanted);
    let now = wanted.contains(SSHD).then(|| crate::doctor::sshd::examine(root)).flatten();
    let drop_in = sshd::drop_in(line.keys_too);
    let is_due = |faults: &[sshd::PlacedFault]| {
        if line.keys_too { !held.values().any(|text| *text == drop_in) } else { sshd::is_needed(faults) }
    };
    if now.as_ref().is_none_or(|now| (!held.is_empty() && !line.keys_too) || !is_due(&now.faults)) {
        return Ok(SshdPart { files: held, now, then: None });
    }
    let unfit = |why| Failure::refused(text, |t| t.sshd_unfit(&why)).with_nothing_changed(text);
    let then = sshd::rehearse(root, &scratch(context)?, &drop_in, line.keys_too).map_err(unfit)?;
    let files = BTreeMap::from([(PathBuf::from(sshd::DROP_IN), drop_in)]);
    Ok(SshdPart { files, now, then: Some(then) })
}

/// A directory of root's alone.
fn scratch(context: &Context) -> Result<PathBuf, Failure> {
    directory(Path::new(SWITCHING_STATE))
        .map(|(path, _)| path)
        .map_err(|e| Failure::new(Kind::State, &context.text, |t| (t.untrusted(&e), t.mend(&e))))
}

/// Takes the journal's desk.
pub(crate) fn desk(context: &Context) -> Result<JournalDesk, Failure> {
    JournalDesk::take(Path::new(SWITCHING_STATE)).map_err(|e| failure(&context.text, &e.into()))
}

/// What is on, where nothing else is under way; a way back that a kill broke off is finished first.
fn idle(context: &Context, desk: &JournalDesk) -> Result<Switched, Failure> {
    let text = &context.text;
    finish_broken_off(context, desk)?;
    let journal = desk.journal().map_err(|e| failure(text, &e.into()))?;
    match &journal.step {
        Some(SwitchStep::Trying { to, .. }) => {
            let names = listed(&to.services);
            Err(Failure::refused(text, |t| (t.waits_already(&names), t.confirm_or_disable()))
                .with_nothing_changed(text))
        }
        _ => Ok(journal.on),
    }
}

/// The names one after the other.
pub(crate) fn listed(names: &BTreeSet<String>) -> String {
    names.iter().map(|name| escaped(name)).collect::<Vec<_>>().join(", ")
}

fn asked_for(
    context: &Context,
    line: &Enable,
    services: &Services,
    about: &About<'_>,
) -> Result<BTreeSet<String>, Failure> {
    if line.all {
        let opens =
            services.programs().filter(|(name, service)| sort(name).is_some() && lets_in(service, about));
        return Ok(opens.map(|(name, _)| name.to_owned()).collect());
    }
    if line.services.is_empty() {
        return Err(Failure::new(Kind::Usage, &context.text, |t| (t.name_services(), t.see_help())));
    }
    if let Some(unknown) = line.services.iter().find(|name| !services.has(name)) {
        let hint = crate::commands::service_names::hint(&context.text, services, unknown);
        let words = |t: &Text| (t.no_such_pam_service(&escaped(unknown)), hint.clone());
        return Err(Failure::refused(&context.text, words).with_nothing_changed(&context.text));
    }
    let names: BTreeSet<String> = line.services.iter().map(|name| name.to_ascii_lowercase()).collect();
    // What a part that others include, cron, or wardkey's own service does with a question, nobody knows.
    match names.iter().find(|name| sort(name).is_none()) {
        Some(strange) => {
            let words = |t: &Text| (t.strange_program(&escaped(strange)), t.add_by_hand());
            Err(Failure::refused(&context.text, words).with_nothing_changed(&context.text))
        }
        None => Ok(names),
    }
}

/// Nothing is switched on while somebody would be locked out.
fn lockouts(context: &Context, root: &Root, services: &Services, after: &Root) -> Result<(), Failure> {
    let text = &context.text;
    let found = crate::commands::doctor::lock_outs(context, root, services, after);
    let lines: Vec<String> = found
        .iter()
        .map(|finding: &Finding| format!("  {}. {}", finding.what.trim_end_matches('.'), finding.remedy))
        .map(|line| line.trim_end().to_owned())
        .collect();
    if lines.is_empty() {
        return Ok(());
    }
    let list = lines.join("\n");
    Err(Failure::refused(text, |t| (format!("{}\n{list}", t.locks_out()), t.mend_first()))
        .with_nothing_changed(text))
}

fn carry_out(
    context: &Context,
    line: &Enable,
    desk: &JournalDesk,
    reach: &Reach,
    on: &Switched,
) -> Result<Ended, Failure> {
    let text = &context.text;
    let within: Duration = line.confirm_within.get();
    let new = tried(on, &reach.to, &reach.changes);
    // Read before the timer is set, so that the time is up when it fires.
    let until = BootTime(SystemBootClock.now().0.saturating_add(within.as_secs()));
    if line.no_revert {
        // A kill may come while the files change.
        systemd::finish_at_boot();
    } else {
        systemd::arm(within + Duration::from_secs(1)).map_err(|why| {
            Failure::new(Kind::System, text, |t| (t.systemd_unwilling(&why), t.do_without_revert()))
                .with_nothing_changed(text)
        })?;
    }
    let proven = proven_dir(Path::new(SWITCHING_STATE));
    // An old proof proves nothing.
    match std::fs::remove_dir_all(&proven) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
            return Err(
                Failure::store(text, &StoreError::Io(proven, Doing::Removing, e)).with_nothing_changed(text)
            );
        }
        _ => {}
    }
    crate::directories::ensure(&proven, Mode::S_IRWXU, Readers::RootOnly).map_err(|e| {
        Failure::new(Kind::State, text, |t| (t.untrusted(&e), t.mend(&e))).with_nothing_changed(text)
    })?;
    let boot = BootId::read().map_err(|e| {
        Failure::new(Kind::System, text, |t| (t.untrusted(&e), t.mend(&e))).with_nothing_changed(text)
    })?;
    let settled = match try_on(desk, reach, until, boot) {
        Ok(settled) => settled,
        Err(stopped) => return taken_back(context, desk, &stopped).map(|()| Ended::Broken),
    };
    forget_notice();
    if let Err(why) = systemd::watch() {
        context.warn(&text.not_watched(&why));
    }
    let names = listed(&new);
    context.audit.done_alone("enable", &names);
    if line.no_revert {
        keep(desk, reach.to.clone()).or_else(|stopped| taken_back(context, desk, &stopped))?;
        let answer = Answer { services: &new, until: None };
        context.console.answer(&answer, || text.switched_on_for_good(&names));
        report_sshd(context, &settled);
        return Ok(Ended::Done);
    }
    let until = context.now().plus(left(until));
    let end = local(until);
    let answer = Answer { services: &new, until: Some(until) };
    context.console.answer(&answer, || {
        format!("{}\n{}", text.switched_on_until(&names, &end), text.put_back_otherwise())
    });
    Ok(Ended::Done)
}

/// Puts back at once what could not be switched on as a whole.
fn taken_back(context: &Context, desk: &JournalDesk, stopped: &Stopped) -> Result<(), Failure> {
    let text = &context.text;
    let settled = put_back(desk, &Root::new("/"), WhyBack::Failed, &rest_is_proven(context));
    let settled = settled.map_err(|e| failure(text, &e))?;
    systemd::disarm();
    report_left(context, &settled);
    let _ = reload_if_sshd(&settled, When::Now);
    let failure = failure(text, stopped);
    Err(if settled.left.is_empty() { failure.with_nothing_changed(text) } else { failure })
}
