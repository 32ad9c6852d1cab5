//! Through which services a second factor was accepted.

use crate::services::asks;
use pam_stack::{Kind, Root, Service};
use std::collections::BTreeSet;
use std::path::Path;
use wardkey_core::login::{SWITCHING_STATE, proven_dir};

/// The services through which a second factor was accepted since they were switched on.
pub(super) fn proven() -> BTreeSet<String> {
    let entries = std::fs::read_dir(proven_dir(Path::new(SWITCHING_STATE))).into_iter().flatten().flatten();
    let noted: BTreeSet<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    // A program that only includes another's file proves the lines in that: `su -` those of su.
    let root = Root::new("/");
    let files = noted.iter().flat_map(|name| asking_files(&root, name)).collect();
    noted.union(&files).cloned().collect()
}

/// The names of the files in which the lines stand by which this service asks.
fn asking_files(root: &Root, name: &str) -> Vec<String> {
    let service = Service::load(root, name, root.reader());
    let lines = service.stack(Kind::Auth).iter().filter(|line| asks(line));
    let names = lines.filter_map(|line| line.place.file.file_name()?.to_str().map(str::to_owned));
    names.collect()
}
