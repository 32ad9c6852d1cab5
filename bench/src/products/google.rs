//! `pam_google_authenticator`: a file a person, theirs, as `google-authenticator -t -d -w 3` writes it, and with
//! `-r 3 -R 30` where throttling is measured.

use super::Product;
use crate::people::{Person, never_comes};
use crate::replies::KEY;
use crate::site::{Plan, make_dir, write_file};
use std::io;
use std::os::unix::fs::chown;
use std::path::Path;
use wardkey_core::credential::secret::Secret;

/// Scratch code number `n`.
pub(crate) fn code(n: usize) -> String {
    (10_000_000 + n).to_string()
}

pub(super) fn prepare(plan: &Plan<'_>) -> io::Result<String> {
    let homes = plan.dir.join("google");
    make_dir(&homes, 0o755)?;
    let file = file(plan.codes, plan.throttled);
    let mut names = plan.names(Product::Google);
    for person in plan.people {
        if plan.names_only && never_comes(&person.0) {
            names.add(&homes.join(&person.0))?;
        } else {
            make_dir(&homes.join(&person.0), 0o700)?;
            write(&plan.dir, person, &file)?;
            chown(homes.join(&person.0), Some(person.1), Some(person.1))?;
        }
    }
    let secret = homes.join("${USER}/.google_authenticator");
    Ok(format!("pam_google_authenticator.so secret={}", secret.display()))
}

/// Gives someone a file without a mark, and without scratch codes.
pub(super) fn forget(dir: &Path, person: Option<&Person>) -> io::Result<()> {
    person.map_or(Ok(()), |person| write(dir, person, &file(0, false)))
}

fn write(dir: &Path, (name, uid): &Person, file: &str) -> io::Result<()> {
    let path = dir.join("google").join(name).join(".google_authenticator");
    write_file(&path, 0o400, file.as_bytes())?;
    chown(&path, Some(*uid), Some(*uid))
}

fn file(codes: usize, throttled: bool) -> String {
    let key = Secret::new(KEY.to_vec()).to_base32();
    let limit = if throttled { "\" RATE_LIMIT 3 30\n" } else { "" };
    let mut file = format!("{}\n{limit}\" WINDOW_SIZE 3\n\" DISALLOW_REUSE\n\" TOTP_AUTH\n", key.as_str());
    for n in 0..codes {
        file.push_str(&code(n));
        file.push('\n');
    }
    file
}
