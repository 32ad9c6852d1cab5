//! What a file takes from elsewhere: its `use` lines, with their braces opened.

use super::Product;

/// One path that a `use` names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// The line on which the `use` begins.
    pub line: usize,
    /// The whole path, as `crate::store::lock::Locked`.
    pub path: String,
}

/// All paths that the `use` lines of a file name.
#[must_use]
pub fn imports(file: &Product) -> Vec<Import> {
    let mut imports = Vec::new();
    let mut open: Option<(usize, String)> = None;
    for (number, line) in &file.lines {
        if open.is_none() {
            open = tree(line).map(|tree| (*number, tree.to_owned()));
        } else if let Some((_, text)) = &mut open {
            text.push_str(line.trim());
        }
        if let Some((line, text)) = open.take_if(|(_, text)| text.contains(';')) {
            let paths = opened(text.split(';').next().unwrap_or_default());
            imports.extend(paths.into_iter().map(|path| Import { line, path }));
        }
    }
    imports
}

/// What follows the word `use`, where a line begins with it.
fn tree(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let line = match line.strip_prefix("pub") {
        Some(rest) => rest.trim_start_matches(|c: char| c != ' ').trim_start(),
        None => line,
    };
    line.strip_prefix("use ")
}

/// The paths of a tree: `a::{b, c::{d, e}}` has three.
fn opened(tree: &str) -> Vec<String> {
    let tree = tree.trim();
    let Some((before, inside)) = tree.strip_suffix('}').and_then(|tree| tree.split_once('{')) else {
        return vec![tree.split(" as ").next().unwrap_or(tree).to_owned()];
    };
    branches(inside).into_iter().flat_map(opened).map(|path| format!("{before}{path}")).collect()
}

/// The parts between the commas that are in no inner brace.
fn branches(inside: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, c) in inside.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&inside[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&inside[start..]);
    parts.retain(|part| !part.trim().is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_of_a_tree_is_read() {
        let text =
            "use std::{fs, io};\npub(crate) use crate::a::{\n    B as C,\n    d::{E, f},\n};\nlet used = 1;";
        let lines = text.lines().enumerate().map(|(index, line)| (index + 1, line.to_owned())).collect();
        let read = imports(&Product { path: "x.rs".to_owned(), lines });
        let told: Vec<(usize, &str)> =
            read.iter().map(|import| (import.line, import.path.as_str())).collect();
        let ours = [(2, "crate::a::B"), (2, "crate::a::d::E"), (2, "crate::a::d::f")];
        assert_eq!(told, [[(1, "std::fs"), (1, "std::io")].as_slice(), &ours].concat());
    }
}
