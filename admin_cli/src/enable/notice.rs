//! What is shown to those who may become root at their next login after something was put back: `pam_motd(8)` shows the files
//! of this directory, with the rights of who logs in. To others that the second factor is off is no news that they need.

use nix::unistd::Group;
use std::fs::{OpenOptions, Permissions, create_dir_all, remove_file, set_permissions};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::fs::{OpenOptionsExt, fchown};
use std::path::{Path, PathBuf};

/// Gone with a restart.
const DIRECTORY: &str = "/run/motd.d";

/// Groups whose members may become root, as distributions have them; each reads a file of its own.
const GROUPS: [&str; 3] = ["root", "sudo", "wheel"];

/// Shows these words at the next logins. Where nothing shows such files, the log has them all the same.
pub(crate) fn tell_at_login(words: &str) {
    let _ = create_dir_all(DIRECTORY);
    for group in GROUPS.into_iter().filter_map(|name| Group::from_name(name).ok().flatten()) {
        let _ = lay(&path(&group.name), group.gid.as_raw(), words);
    }
}

/// Something is switched on again, or somebody has read it.
pub(crate) fn forget_notice() {
    GROUPS.into_iter().for_each(|group| {
        let _ = remove_file(path(group));
    });
}

fn path(group: &str) -> PathBuf {
    Path::new(DIRECTORY).join(format!("50-wardkey-{group}"))
}

/// Nobody else reads it for a moment.
fn lay(path: &Path, gid: u32, words: &str) -> io::Result<()> {
    let _ = remove_file(path);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    writeln!(file, "{words}")?;
    fchown(&file, None, Some(gid))?;
    set_permissions(path, Permissions::from_mode(0o640))
}
