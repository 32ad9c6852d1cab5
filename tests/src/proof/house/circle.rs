//! Files of a crate that need each other.

use std::collections::{BTreeMap, BTreeSet};

use super::{Product, imports};

/// Which file names which others, and on which line.
pub type Edges = BTreeMap<String, BTreeMap<String, usize>>;

/// The circles of a crate: each as its lines, `FILE:LINE names FILE`. Two that share a line are told once.
#[must_use]
pub fn circles(room: &str, files: &[Product], excepted: &[(&str, &str)]) -> Vec<String> {
    let mut edges = edges(room, files);
    for (from, to) in excepted {
        edges.get_mut(*from).and_then(|others| others.remove(*to));
    }
    let mut told = Vec::new();
    while let Some(circle) = edges.keys().find_map(|start| way_back(&edges, start)) {
        let pairs: Vec<(&String, &String)> = circle.iter().zip(circle.iter().cycle().skip(1)).collect();
        let lines: Vec<String> =
            pairs.iter().map(|(from, to)| format!("{from}:{} names {to}", edges[*from][*to])).collect();
        told.push(lines.join("\n    "));
        let (from, to) = (pairs[0].0.clone(), pairs[0].1.clone());
        edges.get_mut(&from).and_then(|others| others.remove(&to));
    }
    told
}

/// The shortest way from a file back to itself.
fn way_back(edges: &Edges, start: &String) -> Option<Vec<String>> {
    let mut ways = vec![vec![start.clone()]];
    let mut seen = BTreeSet::new();
    while !ways.is_empty() {
        let mut longer = Vec::new();
        for way in ways {
            for next in edges.get(way.last()?).into_iter().flat_map(BTreeMap::keys) {
                if next == start {
                    return Some(way);
                }
                if seen.insert(next.clone()) {
                    longer.push([way.clone(), vec![next.clone()]].concat());
                }
            }
        }
        ways = longer;
    }
    None
}

/// What each file of a crate names by `use crate::`.
fn edges(room: &str, files: &[Product]) -> Edges {
    let modules: BTreeMap<Vec<&str>, &str> =
        files.iter().map(|file| (module(room, &file.path), file.path.as_str())).collect();
    let mut edges = Edges::new();
    for file in files {
        for import in imports(file) {
            let Some(path) = import.path.strip_prefix("crate::") else { continue };
            let words: Vec<&str> = path.split("::").collect();
            let named = (1..=words.len()).rev().find_map(|length| modules.get(&words[..length]));
            if let Some(to) = named.filter(|to| **to != file.path) {
                edges.entry(file.path.clone()).or_default().entry((*to).to_owned()).or_insert(import.line);
            }
        }
    }
    edges
}

/// The module that a file is, as words: `[store, lock]`.
fn module<'a>(room: &str, path: &'a str) -> Vec<&'a str> {
    let inside = path.strip_prefix(&format!("{room}/src/")).and_then(|path| path.strip_suffix(".rs"));
    let mut words: Vec<&str> = inside.unwrap_or(path).split('/').collect();
    words.pop_if(|last| matches!(*last, "mod" | "lib" | "main"));
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_circle_is_found_and_an_excepted_one_is_not() {
        let file = |path: &str, line: &str| Product {
            path: format!("x/src/{path}.rs"),
            lines: vec![(1, line.to_owned())],
        };
        let files = [
            file("a", "use crate::b::{C, D};"),
            file("b/mod", "use crate::e::F;"),
            file("e", "use crate::a;"),
        ];
        let expected = "x/src/a.rs:1 names x/src/b/mod.rs\n    x/src/b/mod.rs:1 names x/src/e.rs\n    \
                        x/src/e.rs:1 names x/src/a.rs";
        assert_eq!(circles("x", &files, &[]), [expected]);
        assert!(circles("x", &files, &[("x/src/e.rs", "x/src/a.rs")]).is_empty());
    }
}
