//! Whether the audit file is rotated, and in a way that loses no line (logrotate(8)).

use super::fault::MachineFault;
use pam_stack::{Found, Root};
use std::path::{Path, PathBuf};

const FILE: &str = "/etc/logrotate.conf";
const DIRECTORY: &str = "/etc/logrotate.d";

/// A file of this size is not rotated: half a million lines.
const LARGE: u64 = 100 << 20;

/// Words before a script, which ends in a line of its own.
const SCRIPTS: [&str; 5] = ["prerotate", "postrotate", "firstaction", "lastaction", "preremove"];

/// What is rotated, and how.
#[derive(Default)]
struct Block {
    patterns: Vec<String>,
    cuts: bool,
}

/// What is wrong with how `audit` is rotated.
pub(super) fn fault(root: &Root, audit: &Path) -> Option<MachineFault> {
    let name = audit.to_str()?;
    let mut always_cuts = false;
    let mut is_rotated = false;
    for file in files(root) {
        let Some(Found::File(_, text)) = root.service_file(&file.display().to_string()) else { continue };
        for block in blocks(&String::from_utf8_lossy(&text), &mut always_cuts) {
            if !block.patterns.iter().any(|pattern| fits(pattern.as_bytes(), name.as_bytes())) {
                continue;
            }
            is_rotated = true;
            if block.cuts {
                return Some(MachineFault::AuditLoses(file));
            }
        }
    }
    let size = std::fs::metadata(root.join(audit)).map_or(0, |about| about.len());
    (!is_rotated && size > LARGE).then(|| MachineFault::AuditGrows(audit.to_owned(), size))
}

fn files(root: &Root) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root.join(DIRECTORY)).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| Path::new(DIRECTORY).join(entry.file_name())).collect();
    files.sort();
    files.insert(0, PathBuf::from(FILE));
    files
}

/// The blocks of one file; `always_cuts` is what holds where a block says nothing.
fn blocks(text: &str, always_cuts: &mut bool) -> Vec<Block> {
    let mut found = Vec::new();
    let (mut here, mut names): (Option<Block>, Vec<String>) = (None, Vec::new());
    let mut is_script = false;
    for line in text.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
        if is_script {
            is_script = line != "endscript";
            continue;
        }
        for word in line.replace('{', " { ").replace('}', " } ").split_whitespace() {
            match word {
                "{" => {
                    here = Some(Block { patterns: std::mem::take(&mut names), cuts: *always_cuts });
                }
                "}" => found.extend(here.take()),
                "copytruncate" => *here.as_mut().map_or(&mut *always_cuts, |block| &mut block.cuts) = true,
                "nocopytruncate" => *here.as_mut().map_or(&mut *always_cuts, |block| &mut block.cuts) = false,
                word if SCRIPTS.contains(&word) => is_script = here.is_some(),
                word if here.is_none() => names.push(word.trim_matches(['"', '\'']).to_owned()),
                _ => {}
            }
        }
    }
    found
}

/// Whether a pattern of logrotate's has this name.
fn fits(pattern: &[u8], name: &[u8]) -> bool {
    match (pattern.split_first(), name.split_first()) {
        (None, None) => true,
        (Some((b'*', rest)), _) => {
            let goes_on = |(first, more): (&u8, &[u8])| *first != b'/' && fits(pattern, more);
            fits(rest, name) || name.split_first().is_some_and(goes_on)
        }
        (Some((b'?', rest)), Some((_, more))) => fits(rest, more),
        (Some((one, rest)), Some((first, more))) => one == first && fits(rest, more),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{files as machine, ids};
    use super::*;

    const AUDIT: &str = "/var/log/wardkey/audit.jsonl";
    const OURS: &str = "/etc/logrotate.d/wardkey";
    const SOUND: &str =
        "/var/log/wardkey/audit.jsonl {\n    monthly\n    rotate 36\n    missingok\n    nocreate\n}\n";

    fn found(there: &[(&str, &str)], is_large: bool) -> Vec<&'static str> {
        let scratch = machine(&[&[(AUDIT, "{}\n")], there].concat());
        if is_large {
            let file = scratch.path().join(AUDIT.trim_start_matches('/'));
            std::fs::OpenOptions::new().write(true).open(file).unwrap().set_len(LARGE + 1).unwrap();
        }
        ids(&Vec::from_iter(fault(&Root::new(scratch.path()), Path::new(AUDIT))))
    }

    #[test]
    fn a_large_file_that_nothing_rotates_is_told() {
        assert_eq!(found(&[], false), [""; 0]);
        assert_eq!(found(&[], true), ["audit-not-rotated"]);
        assert_eq!(found(&[(OURS, SOUND)], true), [""; 0]);
        assert_eq!(found(&[(OURS, &SOUND.replace("audit.jsonl", "*.jsonl"))], true), [""; 0]);
        assert_eq!(found(&[(OURS, &SOUND.replace("wardkey/audit.jsonl", "*"))], true), ["audit-not-rotated"]);
        assert_eq!(found(&[(OURS, &SOUND.replace("/var", "# /var"))], true), ["audit-not-rotated"]);
    }

    #[test]
    fn a_rotation_that_cuts_the_file_is_told() {
        let cuts = SOUND.replace("nocreate", "copytruncate");
        assert_eq!(found(&[(OURS, &cuts)], false), ["audit-loses-lines"]);
        let one = "\"/var/log/wardkey/audit.jsonl\" /var/log/x { daily copytruncate }\n";
        assert_eq!(found(&[(OURS, one)], false), ["audit-loses-lines"]);
        let all = "weekly\ncopytruncate\ninclude /etc/logrotate.d\n/var/log/wtmp {\n}\n";
        assert_eq!(found(&[(FILE, all), (OURS, SOUND)], false), ["audit-loses-lines"]);
        let not_ours = SOUND.replace("nocreate", "nocreate\n    nocopytruncate");
        assert_eq!(found(&[(FILE, all), (OURS, &not_ours)], false), [""; 0]);
        let script =
            SOUND.replace("nocreate", "postrotate\n        copytruncate }\n    endscript\n    nocreate");
        assert_eq!(found(&[(OURS, &script)], true), [""; 0]);
        assert_eq!(found(&[("/etc/logrotate.d/x", &cuts.replace("wardkey", "other"))], false), [""; 0]);
    }
}
