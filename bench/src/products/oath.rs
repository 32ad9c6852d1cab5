//! `pam_oath`: one file with a line for everyone.

use crate::people::Person;
use crate::replies::KEY;
use crate::site::{Plan, make_dir, write_file};
use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

pub(super) fn prepare(plan: &Plan<'_>) -> io::Result<String> {
    make_dir(&plan.dir.join("oath"), 0o700)?;
    let file = write(&plan.dir, plan.people)?;
    Ok(format!("pam_oath.so usersfile={} window=1 digits=6", file.display()))
}

/// Writes everyone's line without a mark.
pub(super) fn write(dir: &Path, people: &[Person]) -> io::Result<PathBuf> {
    let key = KEY.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    let mut lines = String::new();
    for (name, _) in people {
        let _ = writeln!(lines, "HOTP/T30/6\t{name}\t-\t{key}");
    }
    let file = dir.join("oath/users.oath");
    write_file(&file, 0o600, lines.as_bytes())?;
    Ok(file)
}
