//! The sources as text, for rules that no compiler checks: which file names which, what is public, how long a file is.

mod circle;
mod import;

pub use circle::{Edges, circles};
pub use import::{Import, imports};

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use crate::proof::coverage::source::Source;
use crate::proof::promises::{root, sources};

/// One file of the product, without what is the tests' own and without comments.
pub struct Product {
    /// Its name from the project's directory on.
    pub path: String,
    /// Its lines, each with its number.
    pub lines: Vec<(usize, String)>,
}

/// The files of a crate that are the product's.
///
/// # Panics
/// If one of them cannot be read.
#[must_use]
pub fn product(room: &str) -> Vec<Product> {
    let mut paths = Vec::new();
    sources(&root().join(room).join("src"), &mut paths).expect("a crate's sources");
    paths.sort();
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).expect("a source");
        (Source::of(&text), text, path)
    };
    let files: Vec<(Source, String, PathBuf)> = paths.into_iter().map(read).collect();
    let tests: BTreeSet<PathBuf> =
        files.iter().flat_map(|(source, _, path)| source.test_files(path)).collect();
    let is_test =
        |path: &PathBuf| tests.iter().any(|test| path == test || path.starts_with(test.with_extension("")));
    files
        .iter()
        .filter(|(_, _, path)| !is_test(path))
        .map(|(source, text, path)| Product { path: name(path), lines: code(source, text) })
        .collect()
}

/// Every Rust file of the project, by its name, with its text.
///
/// # Panics
/// If one of them cannot be read.
#[must_use]
pub fn every_file() -> Vec<(String, String)> {
    let mut paths = Vec::new();
    for room in ["admin_cli", "bench", "core", "fuzz", "helper", "mail", "model", "pam_module", "tests"] {
        sources(&root().join(room), &mut paths).expect("a crate's sources");
    }
    paths.sort();
    paths.iter().map(|path| (name(path), fs::read_to_string(path).expect("a source"))).collect()
}

/// A file's name from the project's directory on.
fn name(path: &std::path::Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

fn code(source: &Source, text: &str) -> Vec<(usize, String)> {
    let lines = text.lines().enumerate().map(|(index, line)| (index + 1, line));
    let ours = lines.filter(|(number, _)| !source.is_test(*number));
    ours.map(|(number, line)| (number, without_comment(line).to_owned())).collect()
}

fn without_comment(line: &str) -> &str {
    if line.trim_start().starts_with("//") {
        return "";
    }
    line.split_once(" // ").map_or(line, |(code, _)| code)
}

/// The public types that a file has: each name, and its line.
#[must_use]
pub fn public_types(file: &Product) -> Vec<(usize, &str)> {
    file.lines.iter().filter_map(|(number, line)| Some((*number, public_type(line)?))).collect()
}

fn public_type(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("pub ").or_else(|| line.strip_prefix("pub(crate) "))?;
    let name = ["struct ", "enum ", "trait ", "type "]
        .iter()
        .find_map(|kind| rest.trim_start().strip_prefix(kind))?;
    name.split(|c: char| !c.is_alphanumeric() && c != '_').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_types_are_told_from_private_ones() {
        assert_eq!(public_type("pub struct Lock<'a> {"), Some("Lock"));
        assert_eq!(public_type("pub(crate) enum Answer {"), Some("Answer"));
        assert_eq!((public_type("struct Own;"), public_type("pub fn kind()")), (None, None));
    }

    #[test]
    fn comments_are_no_code() {
        assert_eq!(without_comment("    /// As crate::store."), "");
        assert_eq!(without_comment("let x = 1; // as crate::store"), "let x = 1;");
    }
}
