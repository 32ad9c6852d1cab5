//! What must hold in every state that can be reached, and what must be reached at all.

use crate::disk::Disk;
use crate::record::{Damage, PLACES, Secret, Verdict, decide};
use crate::safeguard::Protocol;
use crate::world::{State, World};
use stateright::Property;

/// A code is accepted at most once, whatever was killed, cut off or run beside it.
pub const ONCE: &str = "once: a code is accepted at most once";
/// Nobody is told yes before the mark is on disk.
pub const DURABLE: &str = "durable: a code that was told yes would be refused after any power cut";
/// A mark that somebody was told of never comes undone.
pub const KEPT: &str = "kept: a code that was told yes opens no more";
/// Nobody is locked out of a code that they did not use.
pub const OPEN: &str = "open: a code in force that nobody used opens";
/// Nobody is locked out by half a record.
pub const READABLE: &str = "readable: no kill and no power cut leaves a record that is not believed";
/// A torn block never takes the other with it.
pub const WHOLE: &str = "whole: one block of the ledger is proven after any power cut";
/// A record that was reset or made again is judged by nothing of the old one.
pub const PRESENT: &str = "present: every yes is by the record as it is";
/// Nobody is turned away by damage that is none.
pub const AVAILABLE: &str = "available: no login makes damage of a record that can be read";
/// What the desk said is done stays done, until a removal takes it away.
pub const DONE: &str = "done: what somebody was told is done is not undone";

/// Reached: a code opened after a power cut.
pub const OPENED_AFTER_CUT: &str = "reached: a code opens after a power cut";
/// Reached: half a block is read by somebody.
pub const HALF_READ: &str = "reached: half a block stands when the lock is free";
/// Reached: a code's mark is written and its login killed before the yes.
pub const SPENT_UNTOLD: &str = "reached: a code is spent and nobody was told";

/// The claims, and what must be reached so that they are not empty.
#[must_use]
pub fn all() -> Vec<Property<World>> {
    vec![
        Property::always(ONCE, |_, s: &State| s.history.told.as_flattened().iter().all(|told| *told < 2)),
        Property::always(DURABLE, |world: &World, s: &State| {
            s.disk.cuts().into_iter().all(|cut| forgets_none(s, &s.disk.after(cut), world.protocol))
        }),
        Property::always(KEPT, |world: &World, s: &State| forgets_none(s, &s.disk, world.protocol)),
        Property::always(OPEN, |world: &World, s: &State| shuts_nobody_out(s, world.protocol)),
        Property::always(READABLE, |world: &World, s: &State| s.disk.record(world.protocol).is_ok()),
        Property::always(WHOLE, |world: &World, s: &State| {
            let has_block = |cut| s.disk.after(cut).record(world.protocol) != Err(Damage::Blocks);
            s.disk.cuts().into_iter().all(has_block)
        }),
        Property::always(PRESENT, |_, s: &State| !s.history.is_stale),
        Property::always(AVAILABLE, |_, s: &State| !s.history.is_misjudged),
        Property::always(DONE, |_, s: &State| keeps_promises(s)),
        Property::sometimes(OPENED_AFTER_CUT, |world: &World, s: &State| {
            s.history.all_told().next().is_some() && s.left.cuts < world.bound.cuts && s.has_opened_since_cut
        }),
        Property::sometimes(HALF_READ, |_, s: &State| {
            s.processes.iter().all(|p| !p.has_lock) && s.has_half_a_block()
        }),
        Property::sometimes(SPENT_UNTOLD, |world: &World, s: &State| {
            s.processes.is_empty() && is_spent_untold(s, world.protocol)
        }),
    ]
}

/// What a login with this code would come to now, were it alone.
fn opens(disk: &Disk, secret: Secret, protocol: Protocol) -> bool {
    let Ok(Some((enrolment, marks))) = disk.record(protocol) else { return false };
    matches!(decide(protocol, &enrolment, marks, Some(secret)), Verdict::Accepted(_))
}

fn forgets_none(state: &State, disk: &Disk, protocol: Protocol) -> bool {
    state.history.all_told().all(|secret| !opens(disk, secret, protocol))
}

/// The codes of the enrolment that stands.
fn in_force(state: &State) -> impl Iterator<Item = Secret> + '_ {
    let places = || (0u8..).take(PLACES);
    let present = state.disk.names.enrolment.filter(|file| file.is_whole()).map(|file| file.enrolment);
    let secrets =
        present.into_iter().flat_map(move |e| places().map(move |place| (e, Secret { of: e.id, place })));
    secrets.filter(|(enrolment, secret)| enrolment.serial_of(*secret).is_some()).map(|(_, secret)| secret)
}

fn shuts_nobody_out(state: &State, protocol: Protocol) -> bool {
    let mut unused = in_force(state).filter(|secret| !state.history.is_tried(*secret));
    // A record that is not believed is another claim.
    state.disk.record(protocol).is_err() || unused.all(|secret| opens(&state.disk, secret, protocol))
}

fn is_spent_untold(state: &State, protocol: Protocol) -> bool {
    let mut untold = in_force(state).filter(|secret| state.history.told(*secret) == 0);
    untold.any(|secret| !opens(&state.disk, secret, protocol))
}

fn keeps_promises(state: &State) -> bool {
    let in_force = state.history.promised & !state.history.removed;
    let mut promised = (0u8..8).filter(|id| in_force & 1 << id != 0);
    let present = state.disk.names.enrolment.map(|file| file.enrolment);
    let is_kept = |id| match present {
        Some(present) => present.descends_from(id),
        None => false,
    };
    promised.all(is_kept)
}
