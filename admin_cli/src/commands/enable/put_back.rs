//! What the unit runs: at a boot, and when the time is up.

use super::switch::listed;
use super::{failure, report_left, rest_is_proven};
use crate::commands::Ended;
use crate::context::Context;
use crate::enable::{
    Journal, JournalDesk, PutBack, Settled, SwitchStep, When, WhyBack, finish, put_back, reload_if_sshd,
    systemd, tell_at_login,
};
use crate::failure::{Failure, Kind};
use crate::text::Text;
use pam_stack::Root;
use std::path::Path;
use wardkey_core::grace::{BootClock, BootId, SystemBootClock};
use wardkey_core::login::SWITCHING_STATE;
use wardkey_core::system::syslog::{self, Severity};

pub(super) fn run(context: &Context) -> Result<Ended, Failure> {
    carry_on(context).inspect_err(|e| alert(&e.logged))
}

fn carry_on(context: &Context) -> Result<Ended, Failure> {
    let text = &context.text;
    let desk = JournalDesk::wait_for(Path::new(SWITCHING_STATE)).map_err(|e| failure(text, &e.into()))?;
    let journal = desk.journal().map_err(|e| failure(text, &e.into()))?;
    let why = match &journal.step {
        None => {
            // What was told at logins is gone with a restart, and still holds.
            if let Some(back) = journal.put_back.filter(|back| back.why != WhyBack::Failed && is_news(back)) {
                tell_at_login(&words(text, &back));
            }
            return Ok(Ended::Done);
        }
        Some(SwitchStep::Going { .. }) => None,
        Some(SwitchStep::Trying { boot, .. }) if BootId::read().ok().as_ref() != Some(boot) => {
            Some(WhyBack::Boot)
        }
        Some(SwitchStep::Trying { until, .. }) if SystemBootClock.now() >= *until => Some(WhyBack::TimeUp),
        Some(SwitchStep::Trying { .. }) if systemd::is_armed() => return Ok(Ended::Done),
        Some(SwitchStep::Trying { .. }) => Some(WhyBack::Boot),
    };
    let settled = match why {
        Some(why) => put_back(&desk, &Root::new("/"), why, &rest_is_proven(context)),
        None => finish(&desk, &rest_is_proven(context)),
    };
    let settled = settled.map_err(|e| failure(text, &e))?;
    report(context, &desk, &settled, When::Behind)?;
    Ok(Ended::Done)
}

/// Finishes a way back that a kill broke off, as the unit would have.
///
/// # Errors
/// The journal says what is left to do.
pub(crate) fn finish_broken_off(context: &Context, desk: &JournalDesk) -> Result<(), Failure> {
    let is_under_way = matches!(desk.journal(), Ok(Journal { step: Some(SwitchStep::Going { .. }), .. }));
    let settled = finish(desk, &rest_is_proven(context)).map_err(|e| failure(&context.text, &e))?;
    if is_under_way { report(context, desk, &settled, When::Now) } else { Ok(()) }
}

/// Lets sshd read its files again, and says what was put back and what is left.
fn report(context: &Context, desk: &JournalDesk, settled: &Settled, when: When) -> Result<(), Failure> {
    report_left(context, settled);
    let read_again = reload_if_sshd(settled, when);
    // Last: at a boot somebody may wait for a directory of people that does not answer yet. What is left was told by now.
    let back = desk.journal().ok().and_then(|journal| journal.put_back);
    if let Some(back) = back.filter(is_news) {
        told(context, &back);
    }
    read_again.map_err(|why| {
        Failure::new(Kind::System, &context.text, |t| (t.sshd_not_reloaded(&why), t.reload_sshd()))
    })
}

/// To the log at alert level, to the audit file, and to those who log in next.
fn told(context: &Context, back: &PutBack) {
    let english = words(&Text::default(), back);
    alert(&english);
    context.audit.done_alone("enable", &english);
    tell_at_login(&words(&context.text, back));
}

fn is_news(back: &PutBack) -> bool {
    !back.off().is_empty() || !back.by_profile.is_empty()
}

fn words(text: &Text, back: &PutBack) -> String {
    said(text, back).join(" ")
}

/// What was put back, and what asks on all the same.
pub(super) fn said(text: &Text, back: &PutBack) -> Vec<String> {
    let why = match back.why {
        WhyBack::TimeUp => text.because_time(),
        WhyBack::Boot => text.because_boot(),
        WhyBack::Failed => text.because_failed(),
    };
    let off = back.off();
    let put_back = (!off.is_empty()).then(|| text.status_put_back(&listed(&off), &why));
    let asks =
        (!back.by_profile.is_empty()).then(|| text.put_back_by_profile(&listed(&back.by_profile), &why));
    // A command that fails leaves nothing of its own.
    let held = asks.as_ref().filter(|_| back.why != WhyBack::Failed);
    let held = held.map(|_| [text.needed_by_profile(), text.profile_off()]);
    put_back.into_iter().chain(asks).chain(held.into_iter().flatten()).collect()
}

fn alert(words: &str) {
    let _ = syslog::send(Severity::Alert, words);
}
