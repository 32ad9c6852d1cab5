//! What the Debian package says agrees with the tree.

use std::collections::BTreeSet;
use std::fs;

use wardkey_tests::proof::copyright::copyright;
use wardkey_tests::proof::promises::root;

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|why| panic!("{path}: {why}"))
}

#[test]
fn debian_copyright_names_every_crate_of_the_lock_file() {
    assert!(read("debian/copyright") == copyright(), "debian/copyright is not current: run `make copyright`");
}

#[test]
fn every_licence_that_debian_copyright_names_is_there_in_full() {
    let text = read("debian/copyright");
    let paragraphs = text.split("\n\n").filter_map(|paragraph| paragraph.strip_prefix("License: "));
    let full: BTreeSet<&str> = paragraphs.filter_map(|paragraph| paragraph.lines().next()).collect();
    let named = text.split("\n\n").filter(|paragraph| paragraph.starts_with("Files: "));
    let named =
        named.filter_map(|paragraph| paragraph.lines().find_map(|line| line.strip_prefix("License: ")));
    let named: Vec<&str> = named.collect();
    assert!(named.len() > 100, "{}", named.len());
    for licence in named.iter().flat_map(|line| line.split(" or ").flat_map(|part| part.split(" and "))) {
        assert!(full.contains(licence.trim_end_matches(',')), "{licence}: {full:?}");
    }
}

#[test]
fn the_package_has_the_version_of_the_programs() {
    let changelog = read("debian/changelog");
    let version = changelog.split(['(', ')']).nth(1).expect("a version");
    assert!(read("Cargo.toml").contains(&format!("\nversion = \"{version}\"\n")), "{version}");
}
