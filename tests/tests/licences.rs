//! What the project is made of: licences that agree with ours, from one registry.

use std::process::Command;

use serde_json::Value;
use wardkey_tests::proof::outcome::run;

const ALLOWED: [&str; 11] = [
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "ISC",
    "MIT",
    // libFuzzer's
    "NCSA",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

fn packages() -> Vec<Value> {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["metadata", "--format-version=1", "--locked", "--offline", "--manifest-path", manifest]);
    let metadata = run(&mut cargo, b"").exits(0).json();
    metadata["packages"].as_array().expect("packages").clone()
}

/// Whether an SPDX expression can be met with the allowed licences alone.
fn is_allowed(expression: &str) -> bool {
    // Old manifests write "MIT/Apache-2.0" for OR.
    let expression = expression.replace('/', " OR ").replace(['(', ')'], " ");
    let all_of = |terms: &str| terms.split(" AND ").all(|term| ALLOWED.contains(&term.trim()));
    expression.split(" OR ").any(all_of)
}

#[test]
fn every_licence_is_one_we_may_use() {
    for package in packages() {
        let licence =
            package["license"].as_str().unwrap_or_else(|| panic!("{}: no licence", package["name"]));
        assert!(is_allowed(licence), "{}: {licence}", package["name"]);
    }
}

#[test]
fn a_licence_that_binds_us_is_not_allowed() {
    assert!(is_allowed("MIT OR GPL-3.0-only") && is_allowed("(MIT OR Apache-2.0) AND Unicode-3.0"));
    assert!(!is_allowed("GPL-3.0-only") && !is_allowed("MIT AND GPL-2.0") && !is_allowed(""));
}

#[test]
fn every_dependency_comes_from_the_registry() {
    for package in packages() {
        let source = package["source"].as_str();
        let ours = package["name"]
            .as_str()
            .is_some_and(|name| name.contains("wardkey") || name == "pam-stack" || name == "pam-client");
        let from_registry = source.is_some_and(|source| source.starts_with("registry+"));
        assert!(if ours { source.is_none() } else { from_registry }, "{}: {source:?}", package["name"]);
    }
}
