//! A source file as the measurement sees it: which function a line is in, and which lines are the tests' own.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What stands above code that only tests have.
const TEST: [&str; 2] = ["#[cfg(test)]", "#[cfg(any(test, feature = \"testing\"))]"];

/// What is read from one file. Lines count from 1.
#[derive(Debug, Default)]
pub struct Source {
    lines: Vec<String>,
    tests: BTreeSet<usize>,
    /// The modules that only tests have: a name, or the file that a `#[path]` gives.
    test_modules: Vec<String>,
}

impl Source {
    /// Reads the text of a file that rustfmt has formatted: an item ends where its indentation comes back.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut source = Self { lines: text.lines().map(str::to_owned).collect(), ..Self::default() };
        let marks: Vec<usize> =
            (0..source.lines.len()).filter(|n| TEST.contains(&source.lines[*n].trim_start())).collect();
        for mark in marks {
            let end = source.end_of_item(mark);
            source.tests.extend(mark + 1..=end + 1);
            let module = source.lines[end].trim().strip_suffix(';').and_then(|item| item.split_once("mod "));
            let path = source.lines[mark + 1..end].iter().find_map(|text| text.split('"').nth(1));
            source.test_modules.extend(module.map(|(_, name)| path.unwrap_or(name).to_owned()));
        }
        source
    }

    /// The files of the modules that only tests have: beside `mod.rs`, or in the directory named after the file.
    #[must_use]
    pub fn test_files(&self, path: &Path) -> Vec<PathBuf> {
        let is_root = ["mod.rs", "lib.rs", "main.rs"].iter().any(|name| path.ends_with(name));
        let own = if is_root { path.with_file_name("") } else { path.with_extension("") };
        let file = |module: &String| match module.ends_with(".rs") {
            true => path.with_file_name(module),
            false => own.join(format!("{module}.rs")),
        };
        self.test_modules.iter().map(file).collect()
    }

    /// The index of the last line of the item below the attribute at `mark`.
    fn end_of_item(&self, mark: usize) -> usize {
        let indent = indent(&self.lines[mark]);
        let last = self.lines.len() - 1;
        let starts = |n: &usize| !self.lines[*n].trim_start().starts_with("#[");
        let first = (mark..=last).find(starts).unwrap_or(last);
        if self.lines[first].ends_with([';', '}', ',']) {
            return first;
        }
        let closes = |n: &usize| indent == self::indent(&self.lines[*n]) && self.lines[*n].contains('}');
        (first + 1..=last).find(closes).unwrap_or(last)
    }

    /// Whether a line is a test's own.
    #[must_use]
    pub fn is_test(&self, line: usize) -> bool {
        self.tests.contains(&line)
    }

    /// The function that a line is in, a method after its type: `Store::open`. Empty outside of all.
    #[must_use]
    pub fn function(&self, line: usize) -> String {
        let above = || self.lines.iter().take(line).rev();
        let Some((depth, function)) = above().find_map(|text| Some((indent(text), function_in(text)?)))
        else {
            return String::new();
        };
        if depth == 0 {
            return function.to_owned();
        }
        match above().find_map(|text| owner_in(text)) {
            Some(owner) => format!("{owner}::{function}"),
            None => function.to_owned(),
        }
    }
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// The name of the function that begins in this line.
fn function_in(line: &str) -> Option<&str> {
    let (before, after) =
        line.trim_start().strip_prefix("fn ").map(|after| ("", after)).or_else(|| line.split_once(" fn "))?;
    let words = |text: &str| {
        text.split_whitespace().all(|word| word.starts_with("pub") || QUALIFIERS.contains(&word))
    };
    if !words(before) {
        return None;
    }
    after.split(|c: char| !c.is_alphanumeric() && c != '_').next().filter(|name| !name.is_empty())
}

const QUALIFIERS: [&str; 7] = ["const", "unsafe", "extern", "\"C\"", "crate)", "super)", "self)"];

/// The type or trait whose block begins in this line.
fn owner_in(line: &str) -> Option<&str> {
    let block = line.strip_prefix("impl").filter(|rest| rest.starts_with([' ', '<']));
    let named = match block {
        Some(rest) => {
            let rest = rest.strip_prefix('<').map_or(rest, |generics| after_generics(generics));
            rest.split_once(" for ").map_or(rest, |(_, owner)| owner)
        }
        None => {
            line.split_once("trait ").filter(|(before, _)| before.is_empty() || before.starts_with("pub"))?.1
        }
    };
    named.trim_start().split(|c: char| !c.is_alphanumeric() && c != '_').find(|name| !name.is_empty())
}

/// What follows the generics whose opening bracket was taken.
fn after_generics(text: &str) -> &str {
    let mut depth = 1;
    for (at, c) in text.char_indices() {
        depth += match c {
            '<' => 1,
            '>' => -1,
            _ => 0,
        };
        if depth == 0 {
            return &text[at + 1..];
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "\
pub(crate) fn first() -> u8 {
    1
}

impl<T: Into<u8>> From<T> for Number {
    fn from(of: T) -> Self {
        Self(of.into())
    }

    #[cfg(test)]
    fn seven() -> Self {
        Self(7)
    }
}

#[cfg(test)]
#[path = \"elsewhere.rs\"]
mod testing;
#[cfg(any(test, feature = \"testing\"))]
mod scripted;

pub trait Named {
    fn name(&self) -> String {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    fn a_test() {}
}
";

    #[test]
    fn lines_know_their_function() {
        let source = Source::of(FILE);
        assert_eq!(source.function(2), "first");
        assert_eq!(source.function(7), "Number::from");
        assert_eq!(source.function(24), "Named::name");
    }

    #[test]
    fn code_of_tests_is_told_from_the_product() {
        let source = Source::of(FILE);
        let product: Vec<usize> = (1..=30).filter(|line| !source.is_test(*line)).collect();
        let expected: Vec<usize> = (1..=9).chain([14, 15]).chain(21..=27).collect();
        assert_eq!(product, expected);
        assert_eq!(source.test_modules, ["elsewhere.rs", "scripted"]);
    }
}
