//! One crate of the product: its sums, and what is not reached, by function.

use super::counts::Counts;
use super::reasons::Place;
use super::source::Source;
use std::collections::BTreeMap;

/// So many of so many.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// Reached.
    pub reached: usize,
    /// In all.
    pub all: usize,
}

impl Share {
    /// In hundredths of a per cent, rounded down.
    #[must_use]
    pub fn hundredths(self) -> usize {
        (self.reached * 10_000).checked_div(self.all).unwrap_or(10_000)
    }

    const fn add(&mut self, is_reached: bool) {
        self.all += 1;
        self.reached += is_reached as usize;
    }
}

/// What is not reached of one function.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Gap {
    /// Lines that never ran.
    pub lines: Vec<usize>,
    /// Conditions that ran, with what they never were.
    pub branches: Vec<(usize, usize, bool)>,
}

/// A crate.
#[derive(Debug, Default)]
pub struct Room {
    /// Lines.
    pub lines: Share,
    /// Either way of each condition.
    pub branches: Share,
    /// What is not reached.
    pub gaps: BTreeMap<Place, Gap>,
}

impl Room {
    /// Adds one file of the product.
    pub fn add(&mut self, name: &str, source: &Source, counts: &Counts) {
        for (&line, &count) in counts.lines.iter().filter(|(line, _)| !source.is_test(**line)) {
            self.lines.add(count > 0);
            if count == 0 {
                self.gap(name, source, line).lines.push(line);
            }
        }
        for (&(line, column, ..), &(yes, no)) in &counts.branches {
            if source.is_test(line) {
                continue;
            }
            for (way, count) in [(true, yes), (false, no)] {
                self.branches.add(count > 0);
                if count == 0 && counts.lines.get(&line).is_none_or(|count| *count > 0) {
                    self.gap(name, source, line).branches.push((line, column, way));
                }
            }
        }
    }

    fn gap(&mut self, name: &str, source: &Source, line: usize) -> &mut Gap {
        self.gaps.entry((name.to_owned(), source.function(line))).or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_reached_is_named_once() {
        let source = Source::of(
            "fn f() {\n    if a {\n        b();\n    }\n    if c && d {}\n}\n#[cfg(test)]\nmod t {\n    if x {}\n}\n",
        );
        let mut counts = Counts::default();
        counts.lines.extend([(1, 3), (2, 3), (3, 0), (4, 3), (5, 3), (6, 3), (9, 0)]);
        counts.branches.extend([((2, 8, 2, 9), (0, 3)), ((5, 8, 5, 9), (1, 2)), ((9, 8, 9, 9), (0, 0))]);
        let mut room = Room::default();
        room.add("f.rs", &source, &counts);
        assert_eq!(room.lines, Share { reached: 5, all: 6 });
        assert_eq!(room.branches, Share { reached: 3, all: 4 });
        assert_eq!(room.branches.hundredths(), 7500);
        let gap = &room.gaps[&("f.rs".to_owned(), "f".to_owned())];
        assert_eq!(gap, &Gap { lines: vec![3], branches: vec![(2, 8, true)] });
        assert_eq!(room.gaps.len(), 1, "a test's own line is not a gap");
    }
}
