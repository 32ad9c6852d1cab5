//! New single-use codes. Each gets a serial of its own, so that none of them reopens what was spent.

use super::{Desk, NO_RECORD, Problem, Why, or_new};
use crate::credential::single_use::{Kind, Order, make};
use crate::credential::{Place, SingleUseCode};
use crate::policy::account::Account;
use crate::record::Record;
use crate::record::enrolment::{Enrolment, State};
use crate::record::ledger::Ledger;
use crate::store::StoreError;
use crate::system::clock::Timestamp;
use std::time::Duration;

/// Most codes a person can have at once, of all kinds.
pub const MAX_COUNT: usize = Place::COUNT;

/// A pass, and the last moment it opens anything.
#[derive(Debug, Clone)]
pub struct Pass {
    /// The code.
    pub code: SingleUseCode,
    /// Its end.
    pub expires: Timestamp,
}

/// Puts new codes where the person finds them, before they are in force; asked again, the earlier ones are void.
pub type Keep<'a> = &'a mut dyn FnMut(&[SingleUseCode]) -> Result<(), StoreError>;

/// What a batch of new codes has in common.
#[derive(Clone, Copy)]
pub(super) struct Batch {
    pub(super) kind: Kind,
    pub(super) count: usize,
    pub(super) issued: Timestamp,
    pub(super) expires: Option<Timestamp>,
}

/// Adds a batch in free places.
pub(super) fn issue(enrolment: &mut Enrolment, batch: Batch) -> Result<Vec<SingleUseCode>, Problem> {
    let free = MAX_COUNT.saturating_sub(enrolment.codes.len());
    if free < batch.count {
        return Err(Why::NoRoom { free }.into());
    }
    let Batch { kind, count, issued, expires } = batch;
    let mut shown = Vec::with_capacity(count);
    for _ in 0..count {
        let place = enrolment.free_place().ok_or(Why::NoRoom { free: 0 })?;
        let serial = enrolment.take_serial();
        let (code, stored) = make(Order { place, serial, kind, issued, expires })?;
        enrolment.codes.push(stored);
        shown.push(code);
    }
    Ok(shown)
}

/// Replaces the recovery set; spent codes of every kind go with it.
pub(super) fn replace_recovery(
    enrolment: &mut Enrolment,
    ledger: &Ledger,
    count: usize,
    now: Timestamp,
) -> Result<Vec<SingleUseCode>, Problem> {
    enrolment.codes.retain(|code| code.kind != Kind::Recovery);
    drop_spent(enrolment, ledger);
    issue(enrolment, Batch { kind: Kind::Recovery, count, issued: now, expires: None })
}

/// Forgets the codes that have been spent.
pub(super) fn drop_spent(enrolment: &mut Enrolment, ledger: &Ledger) {
    enrolment.codes.retain(|code| !ledger.is_spent(code.place, code.serial));
}

impl Desk<'_> {
    /// A new set of `count` recovery codes for someone enrolled; the old set is void. Before they are in force `keep` puts
    /// them where the person finds them.
    ///
    /// # Errors
    /// [`Why::NotEnrolled`], [`Why::MustEnroll`], [`Why::OtherUid`], [`Why::NoRoom`], [`Why::Replaced`], or [`Problem`];
    /// what `keep` cannot keep is not in force, and the old set stays.
    pub fn recovery_codes(
        &self,
        account: &Account,
        count: usize,
        keep: Keep<'_>,
    ) -> Result<Vec<SingleUseCode>, Problem> {
        let mut shown_for = None;
        self.revise(&account.name, &mut |record| {
            let (mut enrolment, ledger) = or_new(record, account)?;
            still_of(&mut shown_for, &enrolment)?;
            match enrolment.state {
                State::Enrolled => {}
                State::NotEnrolled => return Err(Why::NotEnrolled.into()),
                State::MustEnroll => return Err(Why::MustEnroll.into()),
            }
            let codes = replace_recovery(&mut enrolment, &ledger, count, self.clock.now())?;
            keep(&codes)?;
            Ok((enrolment, codes))
        })
    }

    /// A pass from the help desk, which opens for so long; an earlier one is void.
    ///
    /// # Errors
    /// [`Why::OtherUid`], [`Why::NoRoom`], or [`Problem`].
    pub fn pass(&self, account: &Account, lasts: Duration) -> Result<Pass, Problem> {
        self.revise(&account.name, &mut |record| {
            let (mut enrolment, ledger) = or_new(record, account)?;
            enrolment.codes.retain(|code| code.kind != Kind::Pass);
            make_room(&mut enrolment, &ledger, 1);
            let issued = self.clock.now();
            let expires = issued.plus(lasts);
            let batch = Batch { kind: Kind::Pass, count: 1, issued, expires: Some(expires) };
            let code = issue(&mut enrolment, batch)?.pop().ok_or(Why::NoRoom { free: 0 })?;
            Ok((enrolment, Pass { code, expires }))
        })
    }

    /// Whether a recovery set fits, for someone who is to get one.
    pub(super) fn check_room(&self, account: &Account, count: usize) -> Result<(), Problem> {
        let Some(Record { enrolment, ledger }) = self.store.record(&account.name)? else { return Ok(()) };
        let free = MAX_COUNT.saturating_sub(envelope(&enrolment, &ledger));
        if enrolment.state != State::Enrolled && free < count {
            Err(Why::NoRoom { free }.into())
        } else {
            Ok(())
        }
    }

    /// `count` more codes for the sealed envelope, which `keep` puts where they will be found before they are in force. Room
    /// is kept for a recovery set of `recovery_codes` and a pass: nobody may be left without either because an envelope is
    /// full.
    ///
    /// # Errors
    /// [`Why::MustEnroll`], [`Why::OtherUid`], [`Why::NoRoom`], [`Why::Replaced`], or [`Problem`]; what `keep` cannot keep is
    /// not in force.
    pub fn emergency(
        &self,
        account: &Account,
        (count, recovery_codes): (usize, usize),
        keep: Keep<'_>,
    ) -> Result<Vec<SingleUseCode>, Problem> {
        let mut shown_for = None;
        self.revise(&account.name, &mut |record| {
            let (mut enrolment, ledger) = or_new(record, account)?;
            still_of(&mut shown_for, &enrolment)?;
            if enrolment.state == State::MustEnroll {
                return Err(Why::MustEnroll.into());
            }
            let free = MAX_COUNT.saturating_sub(envelope(&enrolment, &ledger) + recovery_codes + 1);
            if free < count {
                return Err(Why::NoRoom { free }.into());
            }
            make_room(&mut enrolment, &ledger, count);
            let batch = Batch { kind: Kind::Emergency, count, issued: self.clock.now(), expires: None };
            let codes = issue(&mut enrolment, batch)?;
            keep(&codes)?;
            Ok((enrolment, codes))
        })
    }
}

/// Ends where codes were shown for another record than this one: a further set would be written down for nobody, and in vain
/// where the store holds on to the record that the person showed who they are for. Somebody who had no record may have
/// got one.
fn still_of(shown_for: &mut Option<u64>, enrolment: &Enrolment) -> Result<(), Why> {
    let before = shown_for.replace(enrolment.generation);
    let is_other = |before: u64| before != NO_RECORD && before != enrolment.generation;
    if before.is_some_and(is_other) { Err(Why::Replaced) } else { Ok(()) }
}

/// Emergency codes that still open: only being spent, or a reset, makes room of them.
pub(super) fn envelope(enrolment: &Enrolment, ledger: &Ledger) -> usize {
    enrolment.codes_of(Kind::Emergency).filter(|code| !ledger.is_spent(code.place, code.serial)).count()
}

/// Spent codes stay as long as there is room: a reuse is then told as such.
fn make_room(enrolment: &mut Enrolment, ledger: &Ledger, count: usize) {
    if enrolment.codes.len() + count > MAX_COUNT {
        drop_spent(enrolment, ledger);
    }
}

#[cfg(test)]
#[path = "codes_tests.rs"]
mod tests;
