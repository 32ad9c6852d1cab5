//! What someone had enrolled when they showed both factors.

use crate::record::enrolment::{Enrolment, State};
use serde::{Deserialize, Serialize};

/// The credentials that a grace stands on: once they are others, it ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Basis {
    generation: u64,
    serials: Vec<u64>,
}

impl Basis {
    /// That of an enrolment; none while it is not in force, so that nothing can stand on it.
    #[must_use]
    pub fn of(enrolment: &Enrolment) -> Option<Self> {
        let mut serials: Vec<u64> = enrolment.authenticators.iter().map(|a| a.serial).collect();
        serials.sort_unstable();
        let is_in_force = enrolment.state == State::Enrolled;
        is_in_force.then_some(Self { generation: enrolment.generation, serials })
    }

    /// The generation of the record.
    #[must_use]
    pub const fn generation(&self) -> u64 {
        self.generation
    }

    #[cfg(test)]
    pub(super) fn new(generation: u64, serials: &[u64]) -> Self {
        Self { generation, serials: serials.to_vec() }
    }
}
