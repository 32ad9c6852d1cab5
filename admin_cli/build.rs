//! From which commit the command is built, for `--version`.
#![allow(clippy::disallowed_macros, reason = "printing is how a build script speaks to cargo")]

use std::path::Path;
use std::process::Command;

fn main() {
    let commit = commit().map(|commit| format!(" ({commit})")).unwrap_or_default();
    println!("cargo::rustc-env=WARDKEY_COMMIT={commit}");
    println!("cargo::rerun-if-changed=build.rs");
    // What a commit, and a change of branch, write to.
    for file in ["HEAD", "logs/HEAD"] {
        if let Some(path) = git(&["rev-parse", "--git-path", file]).filter(|path| Path::new(path).exists()) {
            println!("cargo::rerun-if-changed={path}");
        }
    }
}

/// Of this tree alone: sources may have been unpacked inside somebody's repository.
fn commit() -> Option<String> {
    let top = git(&["rev-parse", "--show-toplevel"])?;
    let is_ours = Path::new(&top).canonicalize().ok()? == Path::new("..").canonicalize().ok()?;
    git(&["rev-parse", "--short=12", "HEAD"]).filter(|_| is_ours)
}

/// What git says; nothing where there is no git, or no repository.
fn git(words: &[&str]) -> Option<String> {
    let said = Command::new("git").args(words).output().ok().filter(|said| said.status.success())?;
    let line = String::from_utf8(said.stdout).ok()?.trim().to_owned();
    (!line.is_empty()).then_some(line)
}
