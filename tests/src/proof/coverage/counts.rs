//! What ran, of each file: read from what `llvm-cov export` writes.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;

/// How often each line ran, and each branch went either way.
#[derive(Debug, Default)]
pub struct Counts {
    /// By line.
    pub lines: BTreeMap<usize, u64>,
    /// By where the condition starts and ends: how often it was true, and false.
    pub branches: BTreeMap<(usize, usize, usize, usize), (u64, u64)>,
}

#[derive(Deserialize)]
struct Export {
    data: Vec<Data>,
}

#[derive(Deserialize)]
struct Data {
    files: Vec<File>,
}

#[derive(Deserialize)]
struct File {
    filename: PathBuf,
    segments: Vec<Segment>,
    #[serde(default)]
    branches: Vec<Branch>,
}

/// Where a count begins: line, column, count, whether there is one, whether a region starts, whether it is a gap.
type Segment = (usize, usize, u64, bool, bool, bool);

const fn starts((_, _, _, has_count, is_start, is_gap): &Segment) -> bool {
    *has_count && *is_start && !*is_gap
}

/// First line and column, last line and column, how often true and false; and what it was expanded from.
type Branch = (usize, usize, usize, usize, u64, u64, u64, u64, u64);

/// Reads an export, by file.
///
/// # Errors
/// If it is none.
pub fn read(from: impl io::Read) -> io::Result<BTreeMap<PathBuf, Counts>> {
    let export: Export = serde_json::from_reader(from)?;
    let mut all: BTreeMap<PathBuf, Counts> = BTreeMap::new();
    for file in export.data.into_iter().flat_map(|data| data.files) {
        let counts = all.entry(file.filename).or_default();
        lines(&file.segments, &mut counts.lines);
        // A generic function, or one that is in two of the files under test, comes more than once.
        for (line, column, last, end, yes, no, ..) in file.branches {
            let (was_true, was_false) = counts.branches.entry((line, column, last, end)).or_default();
            *was_true += yes;
            *was_false += no;
        }
    }
    Ok(all)
}

/// A line ran as often as the region in it that ran most, or the one that it begins in: as `llvm-cov` counts.
fn lines(segments: &[Segment], counts: &mut BTreeMap<usize, u64>) {
    let last = segments.last().map_or(0, |segment| segment.0);
    let mut rest = segments;
    let mut before: Option<&Segment> = None;
    for line in segments.first().map_or(1, |segment| segment.0)..=last {
        let here = rest.iter().take_while(|segment| segment.0 == line).count();
        let (here, later) = rest.split_at(here);
        rest = later;
        let starting = here.iter().filter(|segment| starts(segment));
        let skipped = here.first().is_some_and(|segment| !segment.3 && segment.4);
        let wrapped = before.filter(|segment| segment.3).map(|segment| segment.2);
        if let Some(count) = starting.map(|segment| segment.2).chain(wrapped).max().filter(|_| !skipped) {
            *counts.entry(line).or_default() += count;
        }
        before = here.last().or(before);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A function of lines 1 to 5, run twice; what stands in line 3 never ran.
    const EXPORT: &str = r#"{"data": [{"files": [{"filename": "a.rs",
        "segments": [[1, 1, 2, true, true, false], [3, 5, 0, true, true, false], [3, 9, 2, true, false, false],
                     [3, 20, 0, true, true, false], [4, 5, 2, true, true, false], [5, 2, 0, false, false, false]],
        "branches": [[2, 8, 2, 12, 0, 2, 0, 0, 4], [2, 8, 2, 12, 0, 3, 0, 0, 4]]}]}]}"#;

    #[test]
    fn counts_are_those_of_llvm() {
        let all = read(EXPORT.as_bytes()).unwrap();
        let counts = &all[&PathBuf::from("a.rs")];
        assert_eq!(
            counts.lines.clone().into_iter().collect::<Vec<_>>(),
            [(1, 2), (2, 2), (3, 2), (4, 2), (5, 2)]
        );
        assert_eq!(counts.branches[&(2, 8, 2, 12)], (0, 5));
    }
}
