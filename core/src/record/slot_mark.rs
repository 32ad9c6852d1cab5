//! What the ledger knows of one authenticator's codes: which step comes next, and which were accepted last.

use crate::system::clock::Timestamp;

/// Accepted steps that are remembered, so that a code that comes again is known for a used one. Clients that
/// reconnect by themselves send theirs for hours.
pub const REMEMBERED: usize = 8;

/// Numbers of one mark in the ledger.
const NUMBERS: usize = 4 + REMEMBERED;

/// What is known of one authenticator's codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SlotMark {
    /// Which authenticator; a mark of another serial is void.
    pub serial: u64,
    /// One past the last accepted step; 0: none yet.
    pub next: u64,
    /// Learned drift, in steps.
    pub drift: i64,
    /// When it last opened anything.
    pub last_used: Timestamp,
    /// One past each of the last accepted steps, the newest first; 0: none.
    pub(crate) accepted: [u64; REMEMBERED],
}

impl SlotMark {
    /// The mark of an authenticator of which nothing was accepted.
    #[must_use]
    pub fn fresh(serial: u64) -> Self {
        Self { serial, ..Self::default() }
    }

    /// The last accepted steps, the newest first.
    pub fn accepted(&self) -> impl Iterator<Item = u64> + '_ {
        self.accepted.iter().filter_map(|past| past.checked_sub(1))
    }

    /// With this step accepted: it and all before it open no more, and it is remembered.
    #[must_use]
    pub fn spending(mut self, step: u64) -> Self {
        let past = step.saturating_add(1);
        self.next = self.next.max(past);
        if !self.accepted.contains(&past) {
            let newer = self.accepted.iter().take_while(|other| **other > past).count();
            if let Some(rest) = self.accepted.get_mut(newer..).filter(|rest| !rest.is_empty()) {
                rest.rotate_right(1);
                rest.iter_mut().take(1).for_each(|first| *first = past);
            }
        }
        self
    }

    /// As the ledger keeps it.
    pub(crate) fn numbers(&self) -> [u64; NUMBERS] {
        let mut numbers = [0; NUMBERS];
        let head = [self.serial, self.next, self.drift.cast_unsigned(), self.last_used.0];
        numbers.iter_mut().zip(head.into_iter().chain(self.accepted)).for_each(|(place, n)| *place = n);
        numbers
    }

    /// Reads a mark from the ledger's numbers. A ledger that does not remember has the last accepted step alone.
    pub(crate) fn read(next: &mut impl FnMut() -> Option<u64>, remembers: bool) -> Option<Self> {
        let (serial, past, drift, last_used) = (next()?, next()?, next()?.cast_signed(), Timestamp(next()?));
        let mut mark = Self { serial, next: past, drift, last_used, accepted: [0; REMEMBERED] };
        match past.checked_sub(1) {
            _ if remembers => {
                for place in &mut mark.accepted {
                    *place = next()?;
                }
            }
            Some(step) => mark = mark.spending(step),
            None => {}
        }
        Some(mark)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn spending(steps: impl IntoIterator<Item = u64>) -> SlotMark {
        steps.into_iter().fold(SlotMark::fresh(1), SlotMark::spending)
    }

    #[test]
    fn the_last_eight_steps_are_remembered_newest_first() {
        assert_eq!(spending([]).accepted().count(), 0);
        assert_eq!(spending([0]).accepted().collect::<Vec<_>>(), [0], "step 0 is a step like any other");
        let mark = spending(10..20);
        assert_eq!(mark.accepted().collect::<Vec<_>>(), (12..20).rev().collect::<Vec<_>>());
        assert_eq!(mark.next, 20);
    }

    proptest! {
        #[test]
        fn the_order_of_acceptance_does_not_matter_and_nothing_stands_twice(steps in proptest::collection::vec(0u64..30, 0..20)) {
            let mark = spending(steps.clone());
            let mut sorted = steps;
            sorted.sort_unstable();
            sorted.dedup();
            let newest: Vec<u64> = sorted.iter().rev().take(REMEMBERED).copied().collect();
            prop_assert_eq!(mark.accepted().collect::<Vec<_>>(), newest);
            prop_assert_eq!(mark.next, sorted.last().map_or(0, |last| last + 1));
        }

        #[test]
        fn a_mark_is_read_back(numbers in any::<[u64; NUMBERS]>()) {
            let mut given = numbers.into_iter();
            let mark = SlotMark::read(&mut || given.next(), true).unwrap();
            prop_assert_eq!(mark.numbers(), numbers);
        }
    }
}
