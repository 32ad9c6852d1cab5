//! Why something is not reached: the rows of `docs/coverage.md`, a function each.

use std::collections::{BTreeMap, BTreeSet};

/// A function: its file, and its name in it.
pub type Place = (String, String);

/// The rows, and which of them were asked for.
#[derive(Debug, Default)]
pub struct Reasons {
    rows: BTreeMap<Place, String>,
    used: BTreeSet<Place>,
}

impl Reasons {
    /// Those of a document: `` | `file` | `function` | why | ``.
    #[must_use]
    pub fn of(document: &str) -> Self {
        let mut reasons = Self::default();
        for line in document.lines() {
            let cells: Vec<&str> = line.trim().trim_matches('|').splitn(3, '|').map(str::trim).collect();
            if let [file, function, why] = cells[..]
                && let (Some(file), Some(function)) = (quoted(file), quoted(function))
                && !why.is_empty()
            {
                reasons.rows.insert((file.to_owned(), function.to_owned()), why.to_owned());
            }
        }
        reasons
    }

    /// Why this function is not reached everywhere.
    pub fn for_place(&mut self, place: &Place) -> Option<&str> {
        let why = self.rows.get(place)?;
        self.used.insert(place.clone());
        Some(why)
    }

    /// The rows that nobody asked for.
    pub fn unused(&self) -> impl Iterator<Item = &Place> {
        self.rows.keys().filter(|place| !self.used.contains(*place))
    }
}

fn quoted(cell: &str) -> Option<&str> {
    cell.strip_prefix('`')?.strip_suffix('`')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_found_by_file_and_function() {
        let mut reasons = Reasons::of(
            "| file | function | why |\n|---|---|---|\n| `a.rs` | `A::b` | it `c` |\n| `a.rs` | `d` | |\n",
        );
        assert_eq!(reasons.for_place(&("a.rs".into(), "A::b".into())), Some("it `c`"));
        assert_eq!(reasons.for_place(&("a.rs".into(), "d".into())), None, "no reason");
        assert_eq!(reasons.unused().count(), 0);
    }
}
