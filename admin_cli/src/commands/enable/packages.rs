//! The packages that a changed file belongs to, as dpkg tells them.

use crate::enable::Change;
use std::ffi::OsStr;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// The packages that this file belongs to, where dpkg can tell: those that will find it changed, and those that will find it
/// as they ship it.
pub(super) fn packages(change: &Change) -> (Vec<String>, Vec<String>) {
    let Some(after) = change.after.as_ref().filter(|_| change.before.is_some()) else {
        return Default::default();
    };
    let said = output("/usr/bin/dpkg-query", &["--search".as_ref(), change.path.as_os_str()], "");
    let of_line = |line: &str| line.split_once(": ").map(|(packages, _)| packages.to_owned());
    let names = said.lines().filter_map(of_line);
    let names = names.flat_map(|packages| packages.split(", ").map(str::to_owned).collect::<Vec<_>>());
    let sum = output("/usr/bin/md5sum", &[], after);
    let sum = sum.split_whitespace().next().unwrap_or_default();
    names.partition(|package| shipped(package, &change.path).is_none_or(|shipped| shipped != sum))
}

/// The sum that dpkg keeps of a package's own version of a file of its configuration.
fn shipped(package: &str, path: &Path) -> Option<String> {
    let words: [&OsStr; 3] = ["--show".as_ref(), "--showformat=${Conffiles}".as_ref(), package.as_ref()];
    let said = output("/usr/bin/dpkg-query", &words, "");
    let mut lines = said.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    let own = lines.find(|words| words.first().is_some_and(|name| Path::new(name) == path))?;
    own.get(1).map(|sum| (*sum).to_owned())
}

/// What a program prints that is given this; nothing where there is no such program.
fn output(program: &str, arguments: &[&OsStr], input: &str) -> String {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let Ok(mut child) = command.spawn() else { return String::new() };
    // It reads before it prints, and a file of PAM's fits into a pipe.
    if let Some(mut pipe) = child.stdin.take() {
        let _ = pipe.write_all(input.as_bytes());
    }
    child
        .wait_with_output()
        .map(|output| String::from_utf8_lossy(&output.stdout).into_owned())
        .unwrap_or_default()
}
