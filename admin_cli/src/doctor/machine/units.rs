//! The helper's units, as systemd finds them.

use super::fault::MachineFault;
use pam_stack::{Found, Root};
use std::path::{Path, PathBuf};

/// Where systemd looks for units, the first that has one wins (systemd.unit(5)).
const DIRECTORIES: [&str; 6] = [
    "/etc/systemd/system",
    "/run/systemd/system",
    "/usr/local/lib/systemd/system",
    "/usr/local/share/systemd/system",
    "/usr/lib/systemd/system",
    "/lib/systemd/system",
];

/// It is there where systemd has booted the machine (`sd_booted(3)`).
const BOOTED: &str = "/run/systemd/system";

const SOCKET: &str = "wardkey-helper.socket";
const SERVICE: &str = "wardkey-helper.service";

/// Where `make install` puts the helper.
const INSTALLED: [&str; 2] =
    ["/usr/libexec/wardkey/wardkey-helper", "/usr/local/libexec/wardkey/wardkey-helper"];

/// Whether systemd has the helper's socket and will not make it at the next boot.
pub(super) fn not_enabled(root: &Root) -> Option<MachineFault> {
    let unit = find(root, SOCKET)?;
    let wants = |directory: &str| {
        let entries = std::fs::read_dir(root.join(directory)).into_iter().flatten().flatten();
        entries.map(|entry| entry.path()).any(|place| {
            let pulls_in = place.extension().is_some_and(|end| end == "wants" || end == "requires");
            pulls_in && place.join(SOCKET).symlink_metadata().is_ok()
        })
    };
    let is_wanted = DIRECTORIES.iter().any(|directory| wants(directory));
    let is_meant = root.join(BOOTED).is_dir() && !is_wanted;
    is_meant.then_some(MachineFault::HelperNotEnabled(unit))
}

/// The helper's program, by its unit or where it is installed otherwise.
pub(super) fn helper(root: &Root) -> Option<PathBuf> {
    let unit = find(root, SERVICE).and_then(|unit| match root.service_file(&unit.display().to_string()) {
        Some(Found::File(_, text)) => started(&String::from_utf8_lossy(&text)),
        _ => None,
    });
    let installed = INSTALLED.iter().map(PathBuf::from);
    unit.into_iter().chain(installed).find(|program| root.join(program).exists())
}

fn find(root: &Root, unit: &str) -> Option<PathBuf> {
    let paths = DIRECTORIES.iter().map(|directory| Path::new(directory).join(unit));
    paths.into_iter().find(|path| root.join(path).exists())
}

/// The program of the last `ExecStart=`.
fn started(unit: &str) -> Option<PathBuf> {
    let mut lines = unit.lines().filter_map(|line| line.trim().strip_prefix("ExecStart="));
    let word = lines.next_back()?.split_whitespace().next()?;
    Some(PathBuf::from(word.trim_start_matches(['@', '-', ':', '+', '!'])))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{files, ids};
    use super::*;

    const UNIT: (&str, &str) = ("/usr/lib/systemd/system/wardkey-helper.socket", "[Socket]\n");
    const RUNS: (&str, &str) = ("/run/systemd/system/x", "");

    #[test]
    fn a_socket_that_nothing_pulls_in_is_told_where_systemd_runs() {
        let found = |there: &[(&str, &str)]| {
            let scratch = files(there);
            ids(&Vec::from_iter(not_enabled(&Root::new(scratch.path()))))
        };
        assert_eq!(found(&[UNIT, RUNS]), ["helper-not-enabled"]);
        assert_eq!(found(&[UNIT]), [""; 0]);
        assert_eq!(found(&[RUNS]), [""; 0]);
        let link = ("/etc/systemd/system/sockets.target.wants/wardkey-helper.socket", "");
        assert_eq!(found(&[UNIT, RUNS, link]), [""; 0]);
    }

    #[test]
    fn the_unit_tells_where_the_helper_is() {
        let of = |there: &[(&str, &str)]| helper(&Root::new(files(there).path()));
        let unit =
            ("/etc/systemd/system/wardkey-helper.service", "[Service]\nExecStart=-/opt/h --config /x\n");
        assert_eq!(of(&[unit, ("/opt/h", "")]).as_deref(), Some(Path::new("/opt/h")));
        assert_eq!(of(&[unit, (INSTALLED[1], "")]).as_deref(), Some(Path::new(INSTALLED[1])));
        assert_eq!(of(&[unit]), None);
    }
}
