//! The lines of sudo's policy, in the order in which sudo reads them (sudoers(5)).

use pam_stack::{Found, Place, Root};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

const FILE: &str = "/etc/sudoers";
/// How deep sudo includes files (`gram.y`).
const MAX_DEPTH: usize = 128;
/// The most lines and files that are looked at: a file that includes itself has no end.
const MAX_LINES: usize = 100_000;
const MAX_FILES: usize = 1000;

/// Every line that is one for sudo: continued ones in one piece, with the place where each begins.
pub(super) fn lines(root: &Root) -> Vec<(Place, String)> {
    let mut found = Vec::new();
    read(root, Path::new(FILE), 0, (&mut found, &mut 0));
    found
}

fn read(root: &Root, file: &Path, depth: usize, (found, files): (&mut Vec<(Place, String)>, &mut usize)) {
    *files += 1;
    if *files > MAX_FILES {
        return;
    }
    let Some(Found::File(_, text)) = root.file(file) else { return };
    let (mut whole, mut begun) = (String::new(), 1);
    for (number, line) in (1..).zip(String::from_utf8_lossy(&text).lines()) {
        if whole.is_empty() {
            begun = number;
        }
        if let Some(part) = line.strip_suffix('\\') {
            whole.push_str(part);
            continue;
        }
        whole.push_str(line);
        let line = std::mem::take(&mut whole);
        if depth > MAX_DEPTH || found.len() > MAX_LINES {
            return;
        }
        match included(root, file, line.trim()) {
            Some(more) => {
                more.iter().for_each(|file| read(root, file, depth + 1, (&mut *found, &mut *files)));
            }
            None if is_comment(line.trim()) => {}
            None => {
                let place = Place { file: file.to_owned(), line: begun };
                found.push((place, line.split(" #").next().unwrap_or_default().trim().to_owned()));
            }
        }
    }
}

/// `#1000` is an account by its uid.
fn is_comment(line: &str) -> bool {
    let after = line.strip_prefix('#').map(|rest| rest.chars().next());
    after.is_some_and(|next| next.is_none_or(|next| !next.is_ascii_digit())) || line.is_empty()
}

/// The files of a line that includes some.
fn included(root: &Root, file: &Path, line: &str) -> Option<Vec<PathBuf>> {
    let (word, rest) = line.strip_prefix(['#', '@'])?.split_once(char::is_whitespace)?;
    let path = rest.trim().trim_matches('"').replace("\\ ", " ");
    // A path that does not begin at the root begins where the file lies.
    let path = file.parent().unwrap_or(Path::new("/etc")).join(path);
    match word {
        "include" => Some(vec![path]),
        "includedir" => Some(listed(root, &path)),
        _ => None,
    }
}

/// sudo leaves out what editors and packages leave behind.
fn listed(root: &Root, directory: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root.join(directory)).into_iter().flatten().flatten();
    let names = entries.map(|entry| entry.file_name());
    let mut files: Vec<PathBuf> = names
        .filter(|name| !name.as_bytes().contains(&b'.') && !name.as_bytes().ends_with(b"~"))
        .map(|name| directory.join(name))
        .collect();
    files.sort();
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_includes_itself_twice_has_an_end() {
        let directory = tempfile::tempdir().unwrap();
        std::fs::create_dir(directory.path().join("etc")).unwrap();
        let text = "@include sudoers\n@include sudoers\nroy ALL=(ALL) ALL\n";
        std::fs::write(directory.path().join("etc/sudoers"), text).unwrap();
        assert!(lines(&Root::new(directory.path())).len() <= MAX_FILES);
    }
}
