//! The report of `make coverage`: the sums against the goals, and all that is not reached with its reason.

use super::counts::{self, Counts};
use super::reasons::{Place, Reasons};
use super::room::{Gap, Room, Share};
use super::source::Source;
use crate::proof::promises::sources;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// The crates that are measured, and how many branches of a hundred are to be reached.
const GOALS: [(&str, usize); 4] = [("core", 95), ("pam_module", 85), ("helper", 85), ("mail", 85)];

/// The reasons.
const DOCUMENT: &str = "docs/coverage.md";

/// What was measured.
#[derive(Debug, Default)]
pub struct Report {
    rooms: BTreeMap<&'static str, Room>,
    reasons: Reasons,
}

impl Report {
    /// Reads an export of `llvm-cov`, with the sources and the reasons of this project.
    ///
    /// # Errors
    /// If one of them cannot be read.
    pub fn of_the_project(export: &Path) -> io::Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or_else(|| Path::new("."));
        let reasons = Reasons::of(&fs::read_to_string(root.join(DOCUMENT)).unwrap_or_default());
        let mut report = Self { reasons, ..Self::default() };
        let all = counts::read(io::BufReader::new(fs::File::open(export)?))?;
        for (room, _) in GOALS {
            report.rooms.insert(room, measured(root, room, &all)?);
        }
        Ok(report)
    }

    /// What did not come to its goal, or has no reason.
    #[must_use]
    pub fn faults(&mut self) -> Vec<String> {
        let mut faults = Vec::new();
        for (name, goal) in GOALS {
            let room = self.rooms.get(name).map_or(Share::default(), |room| room.branches);
            if room.all == 0 {
                faults.push(format!("{name}: nothing was measured"));
            } else if room.hundredths() < goal * 100 {
                faults.push(format!("{name}: {} of its branches, and the goal is {goal} %", per_cent(room)));
            }
        }
        let places = self.rooms.values().flat_map(|room| room.gaps.keys());
        let bare = places.filter(|place| self.reasons.for_place(place).is_none());
        faults.extend(bare.map(|(file, function)| format!("{file}: {function}: {DOCUMENT} has no reason")));
        faults
    }

    /// Rows of functions that are reached everywhere now, or are no more.
    #[must_use]
    pub fn unused(&self) -> Vec<String> {
        self.reasons.unused().map(|(file, function)| format!("{file}: {function}")).collect()
    }

    /// The sums.
    #[must_use]
    pub fn sums(&self) -> String {
        let mut text = format!("{:12} {:>22} {:>22}  goal\n", "", "branches", "lines");
        for (name, goal) in GOALS {
            let Some(room) = self.rooms.get(name) else { continue };
            let (branches, lines) = (told(room.branches), told(room.lines));
            let _ = writeln!(text, "{name:12} {branches:>22} {lines:>22}  {goal} % of branches");
        }
        text
    }

    /// All that is not reached, with its reasons.
    #[must_use]
    pub fn list(&mut self) -> String {
        let mut text = String::new();
        for (place, gap) in self.rooms.values().flat_map(|room| &room.gaps) {
            let why = self.reasons.for_place(place).unwrap_or("NO REASON");
            write_gap(&mut text, place, gap, why);
        }
        text
    }
}

fn write_gap(text: &mut String, (file, function): &Place, gap: &Gap, why: &str) {
    let lines = gap.lines.iter().map(|line| format!("line {line}"));
    let branches = gap.branches.iter().map(|(line, column, way)| format!("{line}:{column} never {way}"));
    let all: Vec<String> = lines.chain(branches).collect();
    let _ = writeln!(text, "{file}: {function}\n    {}\n    {why}", all.join(", "));
}

/// Adds the files of one crate; what only its tests have is left out.
fn measured(root: &Path, room: &str, all: &BTreeMap<PathBuf, Counts>) -> io::Result<Room> {
    let folder = root.join(room).join("src");
    let mut paths = Vec::new();
    // Also those without any code of their own: they say which modules are the tests'.
    sources(&folder, &mut paths)?;
    let mut files = Vec::new();
    for path in paths {
        files.push((Source::of(&fs::read_to_string(&path)?), path));
    }
    let tests: Vec<PathBuf> = files.iter().flat_map(|(source, path)| source.test_files(path)).collect();
    let mut sum = Room::default();
    for (source, path) in &files {
        let is_test = tests.iter().any(|test| path.starts_with(test.with_extension("")) || path == test);
        if let Some(counts) = all.get(path).filter(|_| !is_test) {
            sum.add(&path.strip_prefix(root).unwrap_or(path).display().to_string(), source, counts);
        }
    }
    Ok(sum)
}

fn per_cent(share: Share) -> String {
    let hundredths = share.hundredths();
    format!("{}.{:02} %", hundredths / 100, hundredths % 100)
}

fn told(share: Share) -> String {
    format!("{} ({} of {})", per_cent(share), share.reached, share.all)
}
