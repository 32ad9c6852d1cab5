//! `pam_google_authenticator`: a file a person, theirs, as `google-authenticator -t -d -w 3` writes it.

use crate::people;
use crate::replies::KEY;
use crate::site::{Plan, make_dir, write_file};
use std::io;
use std::os::unix::fs::chown;
use wardkey_core::secret::Secret;

/// Scratch code number `n`.
pub(crate) fn code(n: usize) -> String {
    (10_000_000 + n).to_string()
}

pub(super) fn prepare(plan: &Plan<'_>) -> io::Result<String> {
    let homes = plan.dir.join("google");
    make_dir(&homes, 0o755)?;
    let key = Secret::new(KEY.to_vec()).to_base32();
    let mut file = format!("{}\n\" WINDOW_SIZE 3\n\" DISALLOW_REUSE\n\" TOTP_AUTH\n", key.as_str());
    for n in 0..plan.codes {
        file.push_str(&code(n));
        file.push('\n');
    }
    for (name, uid) in people::crowd(plan.crowd) {
        let home = homes.join(&name);
        let path = home.join(".google_authenticator");
        make_dir(&home, 0o700)?;
        write_file(&path, 0o400, file.as_bytes())?;
        chown(&path, Some(uid), Some(uid))?;
        chown(&home, Some(uid), Some(uid))?;
    }
    let secret = homes.join("${USER}/.google_authenticator");
    Ok(format!("pam_google_authenticator.so secret={}", secret.display()))
}
