//! Which test shows which promise: `docs/promises.md` has the rows, tests name theirs by `// Row: ID` above `#[test]`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// Where tests can stand.
const ROOMS: [&str; 6] = ["core", "mail", "pam_module", "admin_cli", "helper", "tests"];

/// What stands before the row.
const MARK: &str = "// Row: ";

/// The rows in their order, with the tests that name them, and what is wrong.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Promises {
    rows: Vec<String>,
    tests: BTreeMap<String, Vec<String>>,
    faults: Vec<String>,
}

impl Promises {
    /// Those of this project.
    ///
    /// # Errors
    /// If a file cannot be read.
    pub fn of_the_project() -> io::Result<Self> {
        let mut promises = Self::of(&fs::read_to_string(root().join("docs/promises.md"))?);
        for (name, source) in rust_files()? {
            promises.read(&name, &source);
        }
        Ok(promises)
    }

    /// The rows of a table whose first column names them.
    #[must_use]
    pub fn of(table: &str) -> Self {
        let mut promises = Self::default();
        for line in table.lines() {
            let Some((row, _)) = line.strip_prefix("| S").and_then(|rest| rest.split_once(" | ")) else {
                continue;
            };
            let row = format!("S{row}");
            if promises.rows.contains(&row) {
                promises.faults.push(format!("{row} stands twice in the table"));
            }
            promises.rows.push(row);
        }
        promises
    }

    /// Takes in the marks of one source file.
    pub fn read(&mut self, file: &str, source: &str) {
        let mut marks: Vec<&str> = Vec::new();
        let (mut is_test, mut is_ignored) = (false, false);
        for line in source.lines().map(str::trim) {
            if let Some(row) = line.strip_prefix(MARK) {
                marks.push(row.trim());
            } else if line.starts_with("#[") {
                is_test |= line == "#[test]";
                is_ignored |= line.starts_with("#[ignore") || line.starts_with("#[cfg");
            } else if !line.starts_with("//") {
                let name = line.split_once("fn ").and_then(|(_, rest)| rest.split_once('('));
                let name = name.filter(|_| is_test && !is_ignored).map(|(name, _)| format!("{file}: {name}"));
                marks.drain(..).for_each(|row| self.add(file, row, name.as_deref()));
                (is_test, is_ignored) = (false, false);
            }
        }
        marks.drain(..).for_each(|row| self.add(file, row, None));
    }

    fn add(&mut self, file: &str, row: &str, test: Option<&str>) {
        match test {
            None => self.faults.push(format!("{file}: the mark {row} stands above no test that always runs")),
            Some(test) if !self.rows.iter().any(|known| known == row) => {
                self.faults.push(format!("{test}: there is no row {row}"));
            }
            Some(test) => self.tests.entry(row.to_owned()).or_default().push(test.to_owned()),
        }
    }

    /// What is wrong: marks that mark nothing or name no row, and rows without a test.
    #[must_use]
    pub fn faults(&self) -> Vec<String> {
        let bare = self.rows.iter().filter(|row| !self.tests.contains_key(*row));
        let mut faults = self.faults.clone();
        faults.extend(bare.map(|row| format!("{row}: no test shows it")));
        if self.rows.is_empty() {
            faults.push("there are no rows".to_owned());
        }
        faults
    }

    /// Every row and its tests.
    #[must_use]
    pub fn list(&self) -> String {
        let mut list = String::new();
        for row in &self.rows {
            let tests = self.tests.get(row).map_or("-".to_owned(), |tests| tests.join("\n       "));
            let _ = writeln!(list, "{row:6} {tests}");
        }
        list
    }
}

/// The directory of the whole project.
#[must_use]
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or_else(|| Path::new("."))
}

/// Every Rust file that can have tests, by its name from there, with its text.
pub(crate) fn rust_files() -> io::Result<Vec<(String, String)>> {
    let mut files = Vec::new();
    for room in ROOMS.map(|room| root().join(room)).iter().filter(|room| room.exists()) {
        sources(room, &mut files)?;
    }
    files.sort();
    let named = |file: PathBuf| {
        let name = file.strip_prefix(root()).unwrap_or(&file).display().to_string();
        Ok((name, fs::read_to_string(&file)?))
    };
    files.into_iter().map(named).collect()
}

/// The Rust files of a directory, and of those in it.
///
/// # Errors
/// If one of them cannot be read.
pub fn sources(directory: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_dir() {
            sources(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    Ok(())
}
