//! Each step of switching on and off, over the journal: it is on the disk before a file changes, and says after a kill what
//! is left to do.

use super::block::without_blocks;
use super::change::{Change, Stand, clear, content, remove, replace};
use super::held::{asking_after, keep_needed};
use super::journal::{Journal, PutBack, SwitchStep, Switched, WhyBack};
use super::journal_file::{JournalDesk, NoJournal};
use super::needs::needs;
use super::reach::Reach;
use super::sshd::{DROP_IN, Unfit, is_in_force};
use super::systemd::{Unwilling, When, reload_sshd};
use pam_stack::Root;
use std::path::{Path, PathBuf};
use wardkey_core::grace::{BootId, BootTime};
use wardkey_core::store::StoreError;

/// Our module, in a line that somebody has moved from between our marks.
const OURS: &str = "pam_wardkey";

/// Whether a file that somebody edited lets nobody in without our lines who did not get in with them, but for the code.
pub(crate) type Proves<'a> = dyn Fn(&Path, &[u8]) -> bool + 'a;

/// Why a step ended early.
#[derive(Debug)]
pub(crate) enum Stopped {
    /// The journal.
    Journal(NoJournal),
    /// A file could not be written.
    Store(StoreError),
    /// Somebody changed a file between the plan and the write.
    Edited(PathBuf),
    /// sshd's files do not do what the copy of them did.
    Unfit(Unfit),
    /// sshd did not read them again.
    Unwilling(Unwilling),
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
pub(crate) fn try_on(
    desk: &JournalDesk,
    reach: &Reach,
    until: BootTime,
    boot: BootId,
) -> Result<Settled, Stopped> {
    let journal = Journal { put_back: None, ..desk.journal()? };
    let step = SwitchStep::Trying { to: reach.to.clone(), changes: reach.changes.clone(), until, boot };
    desk.write(&Journal { step: Some(step), ..journal })?;
    let mut settled = Settled::default();
    for change in &reach.changes {
        match change.carry_out()? {
            Stand::Due => {
                settled.changed.push(change.path.clone());
                sshd_follows(&change.path)?;
            }
            Stand::Done => {}
            Stand::Edited => return Err(Stopped::Edited(change.path.clone())),
        }
    }
    Ok(settled)
}

/// Lets sshd read its files before PAM's change: while its password method is on, it answers the question for a code with the
/// password, and refuses everybody.
fn sshd_follows(path: &Path) -> Result<(), Stopped> {
    if path != Path::new(DROP_IN) {
        return Ok(());
    }
    is_in_force(&Root::new("/")).map_err(Stopped::Unfit)?;
    reload_sshd(When::Now).map_err(Stopped::Unwilling)
}

/// What was tried is kept, as it is.
///
/// # Errors
/// [`Stopped`]: it will be put back.
pub(crate) fn keep(desk: &JournalDesk, to: Switched) -> Result<(), Stopped> {
    desk.write(&Journal { on: to, step: None, put_back: None })?;
    desk.forget_proofs();
    Ok(())
}

/// Goes where `reach` leads, and nothing takes it back.
///
/// # Errors
/// [`Stopped`]: the journal says what is left to do.
pub(crate) fn go(desk: &JournalDesk, reach: &Reach, proves: &Proves<'_>) -> Result<Settled, Stopped> {
    let step = SwitchStep::Going { to: reach.to.clone(), changes: reach.changes.clone() };
    // Root decides about all of it now: what was put back before is no news.
    desk.write(&Journal { step: Some(step), put_back: None, ..desk.journal()? })?;
    finish(desk, proves)
}

/// Puts back what was tried and not confirmed, but for what would let nobody in while pam-auth-update's lines ask.
///
/// # Errors
/// [`Stopped`]: the journal says what is left to do.
pub(crate) fn put_back(
    desk: &JournalDesk,
    machine: &Root,
    why: WhyBack,
    proves: &Proves<'_>,
) -> Result<Settled, Stopped> {
    let journal = desk.journal()?;
    let Some(SwitchStep::Trying { to: tried, changes, .. }) = &journal.step else {
        return finish(desk, proves);
    };
    let (services, mut to) = (journal.tried(), journal.on.clone());
    let mut changes: Vec<Change> = changes.iter().rev().map(Change::reversed).collect();
    let mut by_profile = asking_after(machine, &changes, services.iter().map(String::as_str));
    // A command that failed leaves all as it was, also sshd's settings, which sshd may have refused.
    if why != WhyBack::Failed {
        by_profile.extend(keep_needed(machine, &tried.files, &mut changes, &mut to));
    }
    let step = SwitchStep::Going { to, changes };
    // Said also where what follows stops half way and is finished later.
    let said = PutBack { services, why, left: Vec::new(), by_profile };
    desk.write(&Journal { step: Some(step), put_back: Some(said), on: journal.on })?;
    finish(desk, proves)
}

/// Finishes what has no way back; where nothing is under way it does nothing. A file that cannot be written keeps no other
/// from its way, but for one that needs it: see `needs`.
///
/// # Errors
/// [`Stopped`]: the journal still says what is left to do.
pub(crate) fn finish(desk: &JournalDesk, proves: &Proves<'_>) -> Result<Settled, Stopped> {
    let journal = desk.journal()?;
    journal.paths().into_iter().for_each(clear);
    let Some(SwitchStep::Going { to, changes }) = &journal.step else { return Ok(Settled::default()) };
    let (mut settled, mut failed) = (Settled::default(), None);
    let mut held: Vec<PathBuf> = Vec::new();
    for change in changes {
        if needs(&change.path, change.after.as_deref(), &held) {
            settled.left.push(change.path.clone());
            held.push(change.path.clone());
            continue;
        }
        let left = settled.left.len();
        let is_kept = to.files.contains_key(&change.path);
        if let Err(error) = carry_on(change, is_kept, proves, &mut settled) {
            failed = failed.or(Some(error));
            held.push(change.path.clone());
        }
        held.extend_from_slice(settled.left.get(left..).unwrap_or_default());
    }
    if let Some(error) = failed {
        return Err(error.into());
    }
    let put_back = journal.put_back.clone().map(|back| PutBack { left: settled.left.clone(), ..back });
    let mut on = to.clone();
    // What is left is still ours: it goes with the next `disable`, once somebody has mended it.
    let stays =
        |change: &&Change| settled.left.contains(&change.path) && !settled.changed.contains(&change.path);
    for change in changes.iter().filter(stays) {
        on.files.entry(change.path.clone()).or_insert_with(|| change.reversed());
    }
    on.services.extend(put_back.iter().flat_map(PutBack::still_on));
    desk.write(&Journal { on, step: None, put_back })?;
    desk.forget_proofs();
    Ok(settled)
}

/// One file of it. Also one that an earlier run has finished counts as changed: that run may have ended before the program
/// read it.
fn carry_on(
    change: &Change,
    is_kept: bool,
    proves: &Proves<'_>,
    settled: &mut Settled,
) -> Result<(), StoreError> {
    match change.carry_out()? {
        Stand::Due | Stand::Done => settled.changed.push(change.path.clone()),
        Stand::Edited if is_kept => {}
        Stand::Edited => take_out(change, proves, settled)?,
    }
    Ok(())
}

/// Takes our lines, and only them, out of a file that somebody has edited since, in whatever encoding; where a jump of theirs
/// counts our lines, they stay. A file that is gone with its package has none.
fn take_out(change: &Change, proves: &Proves<'_>, settled: &mut Settled) -> Result<(), StoreError> {
    let Some(now) = content(&change.path)? else { return Ok(()) };
    let wide: String = now.iter().map(|byte| char::from(*byte)).collect();
    let Some(rest) = without_blocks(&wide) else {
        settled.left.push(change.path.clone());
        return Ok(());
    };
    let bytes: Vec<u8> = rest.chars().filter_map(|c| u8::try_from(c).ok()).collect();
    if change.after.is_none() && rest.trim().is_empty() {
        remove(&change.path)?;
    } else if rest != wide {
        if !proves(&change.path, &bytes) {
            settled.left.push(change.path.clone());
            return Ok(());
        }
        replace(&change.path, &bytes)?;
    }
    settled.changed.push(change.path.clone());
    if rest.lines().any(|line| !line.trim_start().starts_with('#') && line.contains(OURS)) {
        settled.left.push(change.path.clone());
    }
    Ok(())
}

#[cfg(test)]
#[path = "switching_tests.rs"]
mod tests;
