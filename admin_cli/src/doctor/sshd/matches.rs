//! The Match blocks of sshd's configuration, and a connection that each is for.

use super::order::MAX_FILES;
use pam_stack::{Found, Place, Root};
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// How deep sshd includes files (`servconf.c`).
const MAX_DEPTH: usize = 16;

/// A Match line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block {
    /// As it is written, without the word Match.
    pub(super) written: String,
    /// A connection that it is for, as `sshd -C` takes it.
    pub(super) connection: String,
    /// Where the line stands.
    pub(super) place: Place,
}

/// Every Match block of the configuration at `path`, also of the files that it includes.
pub(super) fn blocks(root: &Root, path: &str) -> Vec<Block> {
    let lines = written(root, path).into_iter();
    lines
        .filter_map(|(written, place)| Some(Block { connection: connection(&written)?, written, place }))
        .collect()
}

/// The Match lines that look at where somebody comes from, or where they come to.
pub(super) fn by_place(root: &Root, path: &str) -> Vec<String> {
    let places = ["address", "host", "localaddress", "localport"];
    let looks = |line: &String| {
        line.split_whitespace()
            .step_by(2)
            .any(|word| places.iter().any(|place| word.eq_ignore_ascii_case(place)))
    };
    written(root, path).into_iter().map(|(written, _)| written).filter(looks).collect()
}

/// Every Match line, without the word Match, and where it stands.
fn written(root: &Root, path: &str) -> Vec<(String, Place)> {
    let mut found = Vec::new();
    read(root, Path::new(path), 0, (&mut found, &mut 0));
    found
}

fn read(root: &Root, path: &Path, depth: usize, (found, files): (&mut Vec<(String, Place)>, &mut usize)) {
    *files += 1;
    if *files > MAX_FILES {
        return;
    }
    let Some(Found::File(_, text)) = root.file(path) else { return };
    for (number, line) in (1..).zip(String::from_utf8_lossy(&text).lines()) {
        let line = line.trim();
        let Some((word, rest)) = line.split_once(|c: char| c.is_whitespace() || c == '=') else { continue };
        let rest = rest.trim().trim_start_matches('=').trim();
        if word.eq_ignore_ascii_case("match") {
            found.push((rest.to_owned(), Place { file: path.to_owned(), line: number }));
        } else if word.eq_ignore_ascii_case("include") && depth < MAX_DEPTH {
            for pattern in rest.split_whitespace() {
                let more = included(root, pattern);
                more.iter().for_each(|file| read(root, file, depth + 1, (&mut *found, &mut *files)));
            }
        }
    }
}

/// The files of a pattern whose last part alone may have a star, in the order of their names.
pub(super) fn included(root: &Root, pattern: &str) -> Vec<PathBuf> {
    let pattern = Path::new("/etc/ssh").join(pattern.trim_matches('"'));
    let (Some(directory), Some(name)) = (pattern.parent(), pattern.file_name()) else { return Vec::new() };
    let name = name.to_string_lossy();
    let Some((before, after)) = name.split_once('*') else { return vec![pattern.clone()] };
    let entries = fs::read_dir(root.join(directory)).into_iter().flatten().flatten();
    let names = entries.map(|entry| entry.file_name());
    let mut files: Vec<PathBuf> = names
        .filter(|name| {
            let name = name.as_bytes();
            let is_long = name.len() >= before.len() + after.len();
            // glob(7): a star does not mean a dot at the beginning.
            let is_hidden = before.is_empty() && name.starts_with(b".");
            is_long && !is_hidden && name.starts_with(before.as_bytes()) && name.ends_with(after.as_bytes())
        })
        .map(|name| directory.join(name))
        .collect();
    files.sort();
    files
}

/// A connection that this Match line is for. `Match all` is what `sshd -T` tells of anyway; what is turned round (`!`) is for nobody in particular.
fn connection(written: &str) -> Option<String> {
    let words: Vec<&str> = written.split_whitespace().collect();
    let mut connection = vec![];
    for pair in words.chunks(2) {
        let [name, list] = pair else { return None };
        let first = list.trim_matches('"').split(',').find(|pattern| !pattern.starts_with('!'))?;
        let plain = first.replace(['*', '?'], "x");
        let address = first.split('/').next().unwrap_or_default().replace('*', "1");
        match name.to_ascii_lowercase().as_str() {
            "user" => connection.push(format!("user={plain}")),
            "group" => connection.push(format!("user={}", member(first)?)),
            "host" => connection.push(format!("host={plain}")),
            "address" => connection.push(format!("addr={address}")),
            "localaddress" => connection.push(format!("laddr={address}")),
            "localport" => connection.push(format!("lport={plain}")),
            _ => return None,
        }
    }
    let given = |key: &str| connection.iter().any(|part: &String| part.starts_with(key));
    let missing = [("user=", "user=nobody"), ("host=", "host=localhost"), ("addr=", "addr=192.0.2.1")];
    let rest: Vec<String> =
        missing.iter().filter(|(key, _)| !given(key)).map(|(_, part)| (*part).to_owned()).collect();
    Some([connection, rest].concat().join(","))
}

/// Somebody of this group.
fn member(group: &str) -> Option<String> {
    nix::unistd::Group::from_name(group).ok().flatten()?.mem.first().cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_block_has_a_connection_that_it_is_for() {
        for (line, expected) in [
            ("User backup", Some("user=backup,host=localhost,addr=192.0.2.1")),
            ("User backup Address 192.0.2.10", Some("user=backup,addr=192.0.2.10,host=localhost")),
            ("Address 10.0.0.0/8,!10.1.0.0/16", Some("addr=10.0.0.0,user=nobody,host=localhost")),
            ("user \"svc-*,root\"", Some("user=svc-x,host=localhost,addr=192.0.2.1")),
            ("all", None),
            ("User !root", None),
            ("Exec true", None),
        ] {
            assert_eq!(connection(line).as_deref(), expected, "{line}");
        }
    }

    #[test]
    fn blocks_are_found_in_included_files() {
        let directory = tempfile::tempdir().unwrap();
        let place = directory.path().join("etc/ssh/sshd_config.d");
        fs::create_dir_all(&place).unwrap();
        let main = "Include /etc/ssh/sshd_config.d/*.conf\nMATCH User last\n  X11Forwarding no\n";
        fs::write(directory.path().join("etc/ssh/sshd_config"), main).unwrap();
        fs::write(place.join("20-b.conf"), "Match User second\n").unwrap();
        fs::write(place.join("10-a.conf"), "#Match User none\n match=User first\n").unwrap();
        fs::write(place.join("30-c"), "Match User no\n").unwrap();
        fs::write(place.join(".40-d.conf"), "Match User hidden\n").unwrap();
        let blocks = blocks(&Root::new(directory.path()), "/etc/ssh/sshd_config");
        let written: Vec<_> = blocks.iter().map(|block| block.written.as_str()).collect();
        assert_eq!(written, ["User first", "User second", "User last"]);
    }

    #[test]
    fn blocks_that_look_at_a_place_are_told_from_others() {
        let directory = tempfile::tempdir().unwrap();
        fs::create_dir_all(directory.path().join("etc/ssh")).unwrap();
        let main = "Match User address\nMatch User roy Address !10.0.0.0/8\nmatch localport 22\nMatch all\n";
        fs::write(directory.path().join("etc/ssh/sshd_config"), main).unwrap();
        let found = by_place(&Root::new(directory.path()), "/etc/ssh/sshd_config");
        assert_eq!(found, ["User roy Address !10.0.0.0/8", "localport 22"]);
    }
}
