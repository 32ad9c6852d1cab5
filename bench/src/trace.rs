//! System calls of one login, counted by strace between the driver's two marks.

use std::fs;
use std::io::{self, Error};
use std::path::{Path, PathBuf};
use std::process::Command;

const MARK: &str = "close(-1)";

/// What runs `program` and writes its system calls to `record`.
pub(crate) fn command(program: &Path, arguments: &[PathBuf], record: &Path) -> Command {
    let mut command = Command::new("strace");
    command.args(["-qq", "-o"]).arg(record).arg("--").arg(program).args(arguments);
    command
}

/// The calls of the last login in a record.
pub(crate) fn count(record: &Path) -> io::Result<usize> {
    calls(&fs::read_to_string(record)?).ok_or_else(|| Error::other("strace recorded no login"))
}

fn calls(text: &str) -> Option<usize> {
    let lines: Vec<&str> = text.lines().collect();
    let is_mark = |line: &&str| line.starts_with(MARK);
    let end = lines.iter().rposition(is_mark)?;
    let start = lines.get(..end)?.iter().rposition(is_mark)?;
    Some(end - start - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_login_is_counted() {
        let text =
            "read\nclose(-1) = -1\na\nclose(-1) = -1\nwrite\nclose(-1) = -1\nb\nc\nclose(-1) = -1\nx\n";
        assert_eq!(calls(text), Some(2));
        assert_eq!(calls("close(-1)\n"), None);
    }
}
