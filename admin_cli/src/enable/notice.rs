//! What the next login is shown after something was put back: pam_motd(8) shows the files of this directory.

use std::fs::{Permissions, create_dir_all, remove_file, set_permissions, write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// Gone with a restart.
const FILE: &str = "/run/motd.d/50-wardkey";

/// Shows these words at the next logins. Where nothing shows such files, the log has them all the same.
pub(crate) fn tell_at_login(words: &str) {
    let path = Path::new(FILE);
    let made = path.parent().map_or(Ok(()), create_dir_all).and_then(|()| write(path, format!("{words}\n")));
    let _ = made.and_then(|()| set_permissions(path, Permissions::from_mode(0o644)));
}

/// Something is switched on again, or somebody has read it.
pub(crate) fn forget_notice() {
    let _ = remove_file(FILE);
}
