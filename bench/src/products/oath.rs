//! `pam_oath`: one file with a line for everyone.

use crate::people;
use crate::replies::KEY;
use crate::site::{Plan, make_dir, write_file};
use std::fmt::Write as _;
use std::io;

pub(super) fn prepare(plan: &Plan<'_>) -> io::Result<String> {
    let dir = plan.dir.join("oath");
    make_dir(&dir, 0o700)?;
    let key = KEY.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    let mut lines = String::new();
    for (name, _) in people::crowd(plan.crowd) {
        let _ = writeln!(lines, "HOTP/T30/6\t{name}\t-\t{key}");
    }
    let file = dir.join("users.oath");
    write_file(&file, 0o600, lines.as_bytes())?;
    Ok(format!("pam_oath.so usersfile={} window=1 digits=6", file.display()))
}
