//! All that a path may change, kept and put back, and compared.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt};
use std::path::Path;

use crate::machine::host::{Host, STATE};

/// Where the product writes what lasts, but for the audit file, which only grows.
const PLACES: [&str; 3] = [STATE, "/etc/wardkey", "/run/wardkey"];

/// Files (their bytes) and directories (`None`), with their modes.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct State(BTreeMap<String, (u32, Option<Vec<u8>>)>);

impl State {
    /// What is there now.
    pub(super) fn of(host: &Host) -> Self {
        let mut state = Self::default();
        for place in PLACES {
            state.read(host, place);
        }
        state
    }

    fn read(&mut self, host: &Host, path: &str) {
        let outside = host.path(path);
        let Ok(found) = fs::symlink_metadata(&outside) else { return };
        // The helper's, as long as it listens.
        if found.file_type().is_socket() {
            return;
        }
        if !found.is_dir() {
            let bytes = fs::read(&outside).unwrap_or_default();
            self.0.insert(path.to_owned(), (found.mode(), Some(bytes)));
            return;
        }
        self.0.insert(path.to_owned(), (found.mode(), None));
        for entry in fs::read_dir(&outside).expect("a directory").map_while(Result::ok) {
            self.read(host, &format!("{path}/{}", entry.file_name().to_string_lossy()));
        }
    }

    /// Makes it what is there.
    pub(super) fn restore(&self, host: &Host) {
        let now = Self::of(host);
        if now == *self {
            return;
        }
        for (path, (_, content)) in now.0.iter().rev().filter(|(path, _)| !self.0.contains_key(*path)) {
            let outside = host.path(path);
            let removed = if content.is_none() { fs::remove_dir(outside) } else { fs::remove_file(outside) };
            removed.unwrap_or_else(|error| panic!("{path}: {error}"));
        }
        for (path, (mode, content)) in self.0.iter().filter(|(path, was)| now.0.get(*path) != Some(was)) {
            put(&host.path(path), *mode, content.as_deref());
        }
    }

    /// Names that are neither in `before` nor in `after`, nor a record, nor the count of somebody's refusals; sessions of unlock
    /// grace are numbered.
    pub(super) fn strangers(&self, before: &Self, after: &Self) -> Vec<String> {
        let kind = |path: &str| path.chars().filter(|c| !c.is_ascii_digit()).collect::<String>();
        let known: Vec<_> = before.0.keys().chain(after.0.keys()).map(|path| kind(path)).collect();
        let is_record = |path: &str| {
            let own = path.strip_prefix("/var/lib/wardkey/users/").and_then(|path| path.split_once('/'));
            own.is_none_or(|(_, file)| matches!(file, "enrolment" | "ledger"))
                && path.starts_with("/var/lib/wardkey/users/")
        };
        let counts = "/run/wardkey/grace/.refusals";
        let is_count = |path: &str| path.starts_with(counts) || counts.starts_with(&format!("{path}/"));
        let is_stranger = |path: &str| !known.contains(&kind(path)) && !is_record(path) && !is_count(path);
        self.0.keys().filter(|path| is_stranger(path)).cloned().collect()
    }
}

fn put(outside: &Path, mode: u32, content: Option<&[u8]>) {
    match content {
        Some(bytes) => {
            // A new file: a process that still holds the old one keeps it.
            let _ = fs::remove_file(outside);
            fs::write(outside, bytes).expect("written");
        }
        None => fs::create_dir_all(outside).expect("made"),
    }
    fs::set_permissions(outside, fs::Permissions::from_mode(mode & 0o7777)).expect("its mode");
}
