//! One exploration to its end, and what came of it.

use crate::claims;
use crate::safeguard::Protocol;
use crate::world::{Bound, World};
use stateright::{Checker, Model};
use std::fmt;

/// What was explored and found.
#[derive(Debug)]
pub struct Explored {
    /// How far.
    pub bound: Bound,
    /// States that differ.
    pub states: usize,
    /// Events of the longest history that was looked at.
    pub depth: usize,
    /// Claims that do not hold, each with a history that breaks it.
    pub broken: Vec<String>,
    /// What had to be reached and was not.
    pub missed: Vec<&'static str>,
}

/// Looks at every history within a bound.
#[must_use]
pub fn explore(bound: Bound, threads: usize) -> Explored {
    let world = World { bound, protocol: Protocol::default() };
    let checker = world.checker().threads(threads).spawn_bfs().join();
    let found = checker.discoveries();
    let is_reached = |claim: &str| claim.starts_with("reached");
    let history = |(claim, path): (&&str, _)| format!("{claim}: {path:?}");
    let broken = found.iter().filter(|(claim, _)| !is_reached(claim)).map(history).collect();
    let mut missed = vec![claims::OPENED_AFTER_CUT, claims::HALF_READ, claims::SPENT_UNTOLD];
    missed.retain(|claim| !found.contains_key(claim));
    Explored { bound, states: checker.unique_state_count(), depth: checker.max_depth(), broken, missed }
}

impl fmt::Display for Explored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Bound { at_once, logins, desk: [codes, resets, enrolments, removals], kills, cuts, failures } =
            self.bound;
        write!(f, "{} states, at most {} events: {logins} logins, ", self.states, self.depth)?;
        write!(f, "{codes} new sets, {resets} resets, {enrolments} enrolments, {removals} removals, ")?;
        write!(f, "{at_once} at once, {kills} kills, {cuts} power cuts, {failures} failing syncs")
    }
}
