//! debian/copyright: every crate that is linked into what is installed, or helps to build it, with its licence and with the
//! copyright lines of its own files.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::outcome::run;
use super::promises::root;

/// Where `cargo metadata` looks at the crates for; those of other processors are the same.
const PLATFORM: &str = "x86_64-unknown-linux-gnu";
/// What is installed.
const PROGRAMS: [&str; 3] = ["pam_wardkey", "wardkey", "wardkey-helper"];
/// How the names of files begin that say whose a crate is.
const FILES: [&str; 6] = ["license", "licence", "copying", "copyright", "notice", "unlicense"];

/// The text as it should be now.
///
/// # Panics
/// If cargo does not know the crates, or the template cannot be read.
#[must_use]
pub fn copyright() -> String {
    let template = fs::read_to_string(root().join("debian/copyright.in")).expect("the template");
    let stanzas: Vec<String> = crates().iter().map(stanza).collect();
    template.replace("@CRATES@\n", &stanzas.join("\n"))
}

/// The crates of the registry, by name and version.
fn crates() -> Vec<Value> {
    let mut cargo = Command::new(option_env!("CARGO").unwrap_or("cargo"));
    cargo.args(["metadata", "--format-version=1", "--locked", "--offline", "--filter-platform", PLATFORM]);
    let metadata = run(cargo.current_dir(root()), b"").exits(0).json();
    let packages: BTreeMap<&str, &Value> =
        list(&metadata["packages"]).iter().map(|package| (word(&package["id"]), package)).collect();
    let nodes: BTreeMap<&str, &Value> =
        list(&metadata["resolve"]["nodes"]).iter().map(|node| (word(&node["id"]), node)).collect();
    let is_ours = |id: &&str| PROGRAMS.contains(&word(&packages[*id]["name"]));
    let mut left: Vec<&str> = packages.keys().copied().filter(is_ours).collect();
    assert_eq!(left.len(), PROGRAMS.len());
    let mut reached = BTreeSet::new();
    while let Some(id) = left.pop() {
        if reached.insert(id) {
            let is_built = |of: &&Value| list(&of["dep_kinds"]).iter().any(|kind| kind["kind"] != "dev");
            left.extend(list(&nodes[id]["deps"]).iter().filter(is_built).map(|of| word(&of["pkg"])));
        }
    }
    let foreign = reached.into_iter().map(|id| packages[id]).filter(|package| !package["source"].is_null());
    let mut crates: Vec<Value> = foreign.cloned().collect();
    crates.sort_by_key(|package| (word(&package["name"]).to_owned(), word(&package["version"]).to_owned()));
    crates
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

fn word(value: &Value) -> &str {
    value.as_str().expect("a text")
}

fn stanza(package: &Value) -> String {
    let (name, version) = (word(&package["name"]), word(&package["version"]));
    let folder = Path::new(word(&package["manifest_path"])).parent().expect("a folder");
    let mut holders = holders(folder);
    if holders.is_empty() {
        holders.extend(list(&package["authors"]).iter().map(|author| word(author).to_owned()));
    }
    if holders.is_empty() {
        holders.insert(format!("the authors of {name}"));
    }
    let holders: Vec<String> = holders.into_iter().collect();
    let licence = expression(word(&package["license"]));
    format!("Files: vendor/{name}-{version}/*\nCopyright: {}\nLicense: {licence}\n", holders.join("\n "))
}

/// An SPDX expression in the words of Debian's format, which has no brackets.
fn expression(spdx: &str) -> String {
    let spdx = spdx.replace(" WITH LLVM-exception", " with LLVM exception");
    let spdx = spdx.replace(") AND ", ", and ").replace('(', "");
    spdx.replace(" AND ", " and ").replace(" OR ", " or ").replace('/', " or ")
}

/// The copyright lines of a crate's own files, without the word itself.
fn holders(folder: &Path) -> BTreeSet<String> {
    let names = fs::read_dir(folder).expect("a crate").map(|entry| entry.expect("a name").path());
    let says = |path: &std::path::PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_lowercase();
        path.is_file() && FILES.iter().any(|begin| name.starts_with(begin))
    };
    let texts = names.filter(says).map(|path| fs::read(path).expect("a file"));
    texts.flat_map(|text| holders_in(&String::from_utf8_lossy(&text))).collect()
}

fn holders_in(text: &str) -> Vec<String> {
    let lines = text.lines().filter_map(|line| line.trim().strip_prefix("Copyright "));
    // The appendix of the Apache licence has a form to fill in.
    let lines = lines.filter(|line| !line.contains("yyyy"));
    let bare = |line: &str| {
        line.trim_start_matches("(c)").trim_start_matches("(C)").trim_start_matches('©').trim().to_owned()
    };
    lines.map(bare).filter(|line| !line.is_empty()).collect()
}
