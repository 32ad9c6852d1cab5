//! That a second factor was accepted through a service, for `wardkey enable`, which waits for it.

use super::judge::Asker;
use crate::system::trusted_file::{Reason, Untrusted};
use nix::errno::Errno;
use nix::fcntl::{AT_FDCWD, OFlag, openat};
use nix::sys::stat::Mode;
use std::path::{Path, PathBuf};

/// Longest name of a service that is noted; libpam takes any.
const LONGEST: usize = 64;

/// Where `wardkey enable` keeps what it needs to take services back: on this machine, wherever the records are, and whatever
/// the configuration says meanwhile, also where it does not load.
pub const SWITCHING_STATE: &str = "/var/lib/wardkey";

/// Where the notes are, below [`SWITCHING_STATE`]: an empty file for each service. There is no such directory where nothing
/// waits for one.
#[must_use]
pub fn proven_dir(state: &Path) -> PathBuf {
    state.join("enabled").join("proven")
}

/// Programs that people start and that run as root: each has one service, which nobody who starts it names. Others of
/// that kind have an option for it.
const STARTED_BY_PEOPLE: [&str; 7] = ["cockpit", "doas", "polkit-1", "su", "su-l", "sudo", "sudo-i"];

/// Whether a second factor that `asker`'s program was given proves `service`.
pub(super) fn proves(asker: Asker, service: &str) -> bool {
    asker == Asker::Root || STARTED_BY_PEOPLE.contains(&service)
}

/// Notes that a second factor was accepted through `service`. The caller is root: anybody else may name what service they
/// like.
///
/// # Errors
/// [`Untrusted`], for the log: the login goes on, and the service stays unproven.
pub fn note_proven(state: &Path, service: &str) -> Result<(), Untrusted> {
    if !is_plain(service) {
        return Ok(());
    }
    let path = proven_dir(state).join(service);
    let flags = OFlag::O_WRONLY | OFlag::O_CREAT | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
    match openat(AT_FDCWD, &path, flags, Mode::S_IRUSR | Mode::S_IWUSR) {
        Ok(_) | Err(Errno::ENOENT) => Ok(()),
        Err(e) => Err(Untrusted { path, reason: Reason::Io(e.into()) }),
    }
}

/// Whether the name can be a file's.
fn is_plain(service: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.+@".contains(c);
    !service.is_empty() && service.len() <= LONGEST && !service.starts_with('.') && service.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn noted(state: &Path) -> Vec<String> {
        let entries = fs::read_dir(proven_dir(state)).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn a_service_that_somebody_may_name_is_proven_by_root_alone() {
        for (asker, service, expected) in [
            (Asker::Root, "sshd", true),
            (Asker::Person(1000), "sshd", false),
            (Asker::Untold, "login", false),
            (Asker::Person(1000), "sudo", true),
            (Asker::Person(1000), "polkit-1", true),
        ] {
            assert_eq!(proves(asker, service), expected, "{asker:?} {service}");
        }
    }

    #[test]
    fn a_service_is_noted_where_somebody_waits_for_it_and_nowhere_else() {
        let state = tempfile::tempdir().unwrap();
        note_proven(state.path(), "sshd").unwrap();
        assert_eq!(fs::read_dir(state.path()).unwrap().count(), 0);
        fs::create_dir_all(proven_dir(state.path())).unwrap();
        for service in ["sshd", "sshd", "../../users", "", ".hidden", "a/b", &"x".repeat(65)] {
            note_proven(state.path(), service).unwrap();
        }
        assert_eq!(noted(state.path()), ["sshd"]);
    }
}
