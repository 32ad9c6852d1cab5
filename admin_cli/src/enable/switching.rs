//! Each step of switching on and off, over the journal: it is on the disk before a file changes, and says after a kill what
//! is left to do.

use super::block::without_blocks;
use super::change::{Change, Stand, clear, content};
use super::journal::{Desk, Journal, NoJournal, PutBack, Step, Switched, WhyBack};
use super::reach::Reach;
use std::collections::BTreeSet;
use std::path::PathBuf;
use wardkey_core::grace::{BootId, BootTime};
use wardkey_core::store::StoreError;

/// Why a step ended early.
#[derive(Debug)]
pub(crate) enum Stopped {
    /// The journal.
    Journal(NoJournal),
    /// A file could not be written.
    Store(StoreError),
    /// Somebody changed a file between the plan and the write.
    Edited(PathBuf),
}

impl From<NoJournal> for Stopped {
    fn from(error: NoJournal) -> Self {
        Self::Journal(error)
    }
}

impl From<StoreError> for Stopped {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// What a step did.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Settled {
    /// The files that it changed.
    pub(crate) changed: Vec<PathBuf>,
    /// Files in which something of ours is left, for somebody to look at.
    pub(crate) left: Vec<PathBuf>,
}

/// Switches on what `reach` leads to, until it is confirmed. Where that stops half way, the journal still says that it is
/// to be put back.
///
/// # Errors
/// [`Stopped`].
pub(crate) fn try_on(desk: &Desk, reach: &Reach, until: BootTime, boot: BootId) -> Result<Settled, Stopped> {
    let journal = Journal { put_back: None, ..desk.journal()? };
    let step = Step::Trying { to: reach.to.clone(), changes: reach.changes.clone(), until, boot };
    desk.write(&Journal { step: Some(step), ..journal })?;
    let mut settled = Settled::default();
    for change in &reach.changes {
        match change.carry_out()? {
            Stand::Due => settled.changed.push(change.path.clone()),
            Stand::Done => {}
            Stand::Edited => return Err(Stopped::Edited(change.path.clone())),
        }
    }
    Ok(settled)
}

/// What was tried is kept, as it is.
///
/// # Errors
/// [`Stopped`]: it will be put back.
pub(crate) fn keep(desk: &Desk, to: Switched) -> Result<(), Stopped> {
    Ok(desk.write(&Journal { on: to, step: None, put_back: None, ..desk.journal()? })?)
}

/// Goes where `reach` leads, and nothing takes it back.
///
/// # Errors
/// [`Stopped`]: the journal says what is left to do.
pub(crate) fn go(desk: &Desk, reach: &Reach) -> Result<Settled, Stopped> {
    let step = Step::Going { to: reach.to.clone(), changes: reach.changes.clone() };
    desk.write(&Journal { step: Some(step), ..desk.journal()? })?;
    finish(desk, None)
}

/// Puts back what was tried and not confirmed.
///
/// # Errors
/// [`Stopped`]: the journal says what is left to do.
pub(crate) fn put_back(desk: &Desk, why: WhyBack) -> Result<Settled, Stopped> {
    let journal = desk.journal()?;
    let Some(Step::Trying { to, changes, .. }) = &journal.step else { return finish(desk, None) };
    let services = to.services.difference(&journal.on.services).cloned().collect();
    let changes = changes.iter().rev().map(Change::reversed).collect();
    let step = Step::Going { to: journal.on.clone(), changes };
    desk.write(&Journal { step: Some(step), ..journal })?;
    finish(desk, Some((services, why)))
}

/// Finishes what has no way back; where nothing is under way it does nothing.
///
/// # Errors
/// [`Stopped`]: the journal still says what is left to do.
pub(crate) fn finish(desk: &Desk, put_back: Option<(BTreeSet<String>, WhyBack)>) -> Result<Settled, Stopped> {
    let journal = desk.journal()?;
    journal.paths().into_iter().for_each(clear);
    let Some(Step::Going { to, changes }) = &journal.step else { return Ok(Settled::default()) };
    let mut settled = Settled::default();
    for change in changes {
        match change.carry_out()? {
            Stand::Due => settled.changed.push(change.path.clone()),
            Stand::Done => {}
            Stand::Edited if to.files.contains_key(&change.path) => {}
            Stand::Edited => take_out(change, &mut settled)?,
        }
    }
    let put_back = put_back.map(|(services, why)| PutBack { services, why, left: settled.left.clone() });
    let put_back = put_back.or_else(|| journal.put_back.clone());
    desk.write(&Journal { on: to.clone(), step: None, put_back, ..journal })?;
    Ok(settled)
}

/// Takes our lines, and only them, out of a file that somebody has edited since.
fn take_out(change: &Change, settled: &mut Settled) -> Result<(), StoreError> {
    let now = content(&change.path)?.map(String::from_utf8);
    let Some(Ok(now)) = now else {
        settled.left.push(change.path.clone());
        return Ok(());
    };
    let Some(rest) = without_blocks(&now) else {
        settled.left.push(change.path.clone());
        return Ok(());
    };
    let rest = Change { path: change.path.clone(), before: Some(now), after: Some(rest) };
    match rest.carry_out()? {
        Stand::Due => settled.changed.push(change.path.clone()),
        Stand::Done => {}
        Stand::Edited => settled.left.push(change.path.clone()),
    }
    Ok(())
}

#[cfg(test)]
#[path = "switching_tests.rs"]
mod tests;
