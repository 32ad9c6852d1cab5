//! Documents that say which test shows a claim: `path/to/file.rs::name_of_the_test`, in backticks.

use std::collections::BTreeSet;
use std::{fs, io};

use crate::proof::promises::{root, rust_files};

/// What a row of a table may answer; the first must be shown by a test.
const ANSWERS: [&str; 5] = ["met", "in part", "deliberately not", "the site's", "not applicable"];

/// Every test of the project that always runs.
///
/// # Errors
/// If a source cannot be read.
pub fn tests() -> io::Result<BTreeSet<String>> {
    let mut tests = BTreeSet::new();
    for (name, source) in rust_files()? {
        tests.extend(tests_of(&source).into_iter().map(|test| format!("{name}::{test}")));
    }
    Ok(tests)
}

/// The text of a document of the project.
///
/// # Errors
/// If it cannot be read.
pub fn read(document: &str) -> io::Result<String> {
    fs::read_to_string(root().join(document))
}

/// The pages right below a folder of the project, by their names from the project's directory on.
///
/// # Errors
/// If the folder cannot be read.
pub fn pages_in(folder: &str) -> io::Result<Vec<String>> {
    let files = fs::read_dir(root().join(folder))?;
    let names = files
        .map(|file| file.map(|file| file.file_name().to_string_lossy().into_owned()))
        .collect::<io::Result<Vec<String>>>()?;
    let pages = names.into_iter().filter(|name| name.ends_with(".md"));
    Ok(pages.map(|name| format!("{folder}/{name}")).collect())
}

/// The files right below a folder of the project, each with its text.
///
/// # Errors
/// If one cannot be read.
pub fn read_all(folder: &str) -> io::Result<Vec<(String, String)>> {
    let files = fs::read_dir(root().join(folder))?;
    let paths: Vec<_> = files.map(|file| file.map(|file| file.path())).collect::<io::Result<_>>()?;
    let texts = paths.into_iter().filter(|path| path.is_file());
    texts.map(|path| Ok((path.display().to_string(), fs::read_to_string(path)?))).collect()
}

/// The tests of one source that always run.
#[must_use]
pub fn tests_of(source: &str) -> Vec<String> {
    let mut tests = Vec::new();
    let (mut is_test, mut is_left_out) = (false, false);
    for line in source.lines().map(str::trim) {
        if line.starts_with("#[") {
            is_test |= line == "#[test]";
            is_left_out |= line.starts_with("#[ignore") || line.starts_with("#[cfg");
        } else if !line.starts_with("//") {
            let name = line.split_once("fn ").and_then(|(_, rest)| rest.split_once('('));
            tests.extend(name.filter(|_| is_test && !is_left_out).map(|(name, _)| name.to_owned()));
            (is_test, is_left_out) = (false, false);
        }
    }
    tests
}

/// The tests that a document names.
#[must_use]
pub fn named(document: &str) -> Vec<&str> {
    document.split('`').skip(1).step_by(2).filter(|quoted| quoted.contains(".rs::")).collect()
}

/// What is wrong with a document: a test that is not there, a row that answers nothing, or without showing it.
#[must_use]
pub fn faults(document: &str, tests: &BTreeSet<String>) -> Vec<String> {
    let missing = named(document).into_iter().filter(|name| !tests.contains(*name));
    let mut faults: Vec<String> = missing.map(|name| format!("there is no test {name}")).collect();
    let mut answer = None;
    for line in document.lines() {
        let Some(cells) = line.strip_prefix('|').and_then(|row| row.strip_suffix('|')) else {
            answer = None;
            continue;
        };
        let cells: Vec<&str> = cells.split('|').map(str::trim).collect();
        match answer {
            None => answer = Some(cells.iter().position(|head| *head == "answer")),
            Some(Some(_)) if cells.iter().all(|cell| cell.chars().all(|c| c == '-')) => {}
            Some(Some(column)) => faults.extend(fault_of_row(&cells, column)),
            Some(None) => {}
        }
    }
    faults
}

fn fault_of_row(cells: &[&str], column: usize) -> Option<String> {
    let (first, answer) = (cells.first().unwrap_or(&""), cells.get(column).unwrap_or(&""));
    let shown = cells.get(column + 1).unwrap_or(&"");
    if !ANSWERS.contains(answer) {
        return Some(format!("{first}: {answer:?} is not an answer"));
    }
    let is_shown = !shown.is_empty() && (*answer != ANSWERS[0] || shown.contains(".rs::"));
    (!is_shown).then(|| format!("{first}: no test shows that it is {answer}"))
}

/// Whether there is a file of this name in the project.
#[must_use]
pub fn exists(path: &str) -> bool {
    root().join(path).exists()
}
