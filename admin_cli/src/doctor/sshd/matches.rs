//! The Match blocks of sshd's configuration, and a connection that each is for.

use pam_stack::{Found, Root};
use std::fs;
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
}

/// Every Match block of the configuration at `path`, also of the files that it includes.
pub(super) fn blocks(root: &Root, path: &str) -> Vec<Block> {
    let mut found = Vec::new();
    read(root, Path::new(path), 0, &mut found);
    found
}

fn read(root: &Root, path: &Path, depth: usize, found: &mut Vec<Block>) {
    let Some(Found::File(_, text)) = root.file(path) else { return };
    for line in String::from_utf8_lossy(&text).lines() {
        let line = line.trim();
        let Some((word, rest)) = line.split_once(|c: char| c.is_whitespace() || c == '=') else { continue };
        let rest = rest.trim().trim_start_matches('=').trim();
        if word.eq_ignore_ascii_case("match") {
            found.extend(block(rest));
        } else if word.eq_ignore_ascii_case("include") && depth < MAX_DEPTH {
            for pattern in rest.split_whitespace() {
                included(root, pattern).iter().for_each(|file| read(root, file, depth + 1, found));
            }
        }
    }
}

/// The files of a pattern whose last part alone may have a star, in the order of their names.
fn included(root: &Root, pattern: &str) -> Vec<PathBuf> {
    let pattern = Path::new("/etc/ssh").join(pattern.trim_matches('"'));
    let (Some(directory), Some(name)) = (pattern.parent(), pattern.file_name()) else { return Vec::new() };
    let name = name.to_string_lossy();
    let Some((before, after)) = name.split_once('*') else { return vec![pattern.clone()] };
    let entries = fs::read_dir(root.join(directory)).into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let mut files: Vec<PathBuf> = names
        .filter(|name| {
            name.len() >= before.len() + after.len() && name.starts_with(before) && name.ends_with(after)
        })
        .map(|name| directory.join(name))
        .collect();
    files.sort();
    files
}

/// `Match all` says nothing of its own, and what is turned round (`!`) is for nobody in particular.
fn block(written: &str) -> Option<Block> {
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
    let connection = [connection, rest].concat().join(",");
    Some(Block { written: written.to_owned(), connection })
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
            assert_eq!(block(line).map(|block| block.connection).as_deref(), expected, "{line}");
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
        let blocks = blocks(&Root::new(directory.path()), "/etc/ssh/sshd_config");
        let written: Vec<_> = blocks.iter().map(|block| block.written.as_str()).collect();
        assert_eq!(written, ["User first", "User second", "User last"]);
    }
}
