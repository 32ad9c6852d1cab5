//! Whether an sshd runs on the files that this command changes.

use std::fs::{metadata, read_dir, read_link};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// Its program's names: the second once an upgrade has replaced the file.
const NAMES: [&str; 2] = ["sshd", "sshd (deleted)"];

/// Whether one runs that has this command's root directory. By chroot, as from a rescue system, the host's shows in `/proc` as well.
pub(crate) fn sshd_runs_here() -> bool {
    runs(Path::new("/proc"), Path::new("/"))
}

fn runs(processes: &Path, own: &Path) -> bool {
    let place = |path: &Path| metadata(path).map(|about| (about.dev(), about.ino())).ok();
    let is_sshd = |process: &Path| {
        let program = read_link(process.join("exe")).ok();
        program.and_then(|program| NAMES.iter().find(|name| program.ends_with(name)).copied()).is_some()
    };
    let mut entries = read_dir(processes).into_iter().flatten().flatten().map(|entry| entry.path());
    let own = place(own);
    entries.any(|process| is_sshd(&process) && own.is_some() && place(&process.join("root")) == own)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    #[test]
    fn an_sshd_of_another_root_is_not_of_here() {
        let scratch = tempfile::tempdir().unwrap();
        let at = |name: &str| scratch.path().join(name);
        let (here, host) = (at("here"), at("host"));
        [&here, &host].into_iter().for_each(|root| std::fs::create_dir(root).unwrap());
        let mut number = 0;
        let mut with = |program: &str, root: &Path| {
            number += 1;
            let process = at(&format!("proc{number}/77"));
            std::fs::create_dir_all(&process).unwrap();
            symlink(program, process.join("exe")).unwrap();
            symlink(root, process.join("root")).unwrap();
            runs(&at(&format!("proc{number}")), &here)
        };
        assert!(with("/usr/sbin/sshd", &here));
        assert!(with("/usr/sbin/sshd (deleted)", &here));
        assert!(!with("/usr/sbin/sshd", &host));
        assert!(!with("/usr/sbin/sshd", &at("gone")));
        assert!(!with("/usr/sbin/cron", &here));
        assert!(!runs(&at("none"), &here));
    }
}
