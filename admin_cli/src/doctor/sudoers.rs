//! Lines by which sudo asks nothing: whom they name becomes root without a code.

use pam_stack::{Found, Root};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

const FILE: &str = "/etc/sudoers";
const DIRECTORY: &str = "/etc/sudoers.d";

/// A line that asks nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unasked {
    /// Its file.
    pub(crate) file: PathBuf,
    /// Its number there.
    pub(crate) line: usize,
    /// For whom it is, as it is written.
    pub(crate) whom: String,
}

/// Every such line of the machine below `root`.
pub(crate) fn unasked(root: &Root) -> Vec<Unasked> {
    let entries = std::fs::read_dir(root.join(DIRECTORY)).into_iter().flatten().flatten();
    let names = entries.map(|entry| entry.file_name());
    // sudo leaves out what editors and packages leave behind (sudoers(5)).
    let mut files: Vec<PathBuf> = names
        .filter(|name| !name.as_bytes().contains(&b'.') && !name.as_bytes().ends_with(b"~"))
        .map(|name| Path::new(DIRECTORY).join(name))
        .collect();
    files.sort();
    files.insert(0, PathBuf::from(FILE));
    let lines = files.into_iter().filter_map(|file| {
        let Some(Found::File(_, text)) = root.file(&file) else { return None };
        Some(in_text(&String::from_utf8_lossy(&text)).into_iter().map(move |(line, whom)| Unasked {
            file: file.clone(),
            line,
            whom,
        }))
    });
    lines.flatten().collect()
}

fn in_text(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let (mut whole, mut begun) = (String::new(), 1);
    for (number, line) in (1..).zip(text.lines()) {
        if whole.is_empty() {
            begun = number;
        }
        if let Some(part) = line.strip_suffix('\\') {
            whole.push_str(part);
            continue;
        }
        whole.push_str(line);
        let line = std::mem::take(&mut whole);
        found.extend(whom(line.trim()).map(|whom| (begun, whom)));
    }
    found
}

/// For whom this line asks nothing.
fn whom(line: &str) -> Option<String> {
    let line = line.split(" #").next().unwrap_or_default().trim();
    let first = line.split_whitespace().next()?;
    // A number behind it is a uid.
    let is_comment =
        first.strip_prefix('#').is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()));
    if is_comment || first.ends_with("_Alias") {
        return None;
    }
    if let Some(of) = first.strip_prefix("Defaults") {
        let off = line.split([',', ' ', '\t']).any(|word| word.trim() == "!authenticate");
        let whom = of.trim_start_matches([':', '@', '>', '!']);
        return off.then(|| if whom.is_empty() { "ALL".to_owned() } else { whom.to_owned() });
    }
    let asks_nothing = line.contains("NOPASSWD:") || line.contains("NOPASSWD :");
    (asks_nothing && first != "root").then(|| first.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_asks_nothing_is_told_from_one_that_asks() {
        for (line, expected) in [
            ("%sudo ALL=(ALL:ALL) ALL", None),
            ("%sudo ALL=(ALL:ALL) NOPASSWD: ALL", Some("%sudo")),
            ("ansible ALL=(ALL) NOPASSWD:ALL", Some("ansible")),
            ("# ansible ALL=(ALL) NOPASSWD:ALL", None),
            ("root ALL=(ALL) NOPASSWD: ALL", None),
            ("#1000 ALL=(ALL) NOPASSWD: ALL", Some("#1000")),
            ("#includedir /etc/sudoers.d # NOPASSWD:", None),
            ("Defaults !authenticate", Some("ALL")),
            ("Defaults:backup !authenticate, !lecture", Some("backup")),
            ("Defaults env_reset", None),
            ("Cmnd_Alias NOPASSWD: x", None),
            ("", None),
        ] {
            assert_eq!(whom(line).as_deref(), expected, "{line}");
        }
        assert_eq!(in_text("a ALL=ALL\n\nb ALL= \\\n NOPASSWD: ALL\n"), [(3, "b".to_owned())]);
    }
}
