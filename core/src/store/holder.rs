//! Which process holds the lock of a file, as far as the kernel says.

use crate::printable;
use crate::system::trusted_file;
use nix::sys::stat::{fstat, major, minor};
use std::fmt;
use std::fs::File;
use std::path::{Path, PathBuf};

/// Where the kernel lists all locks.
const LOCKS: &str = "/proc/locks";

/// Longest list that is read, in bytes: some ten thousand locks.
const MAX_LEN: u64 = 1 << 20;

/// How often the list is read until the lock is in it: the kernel shows it a page at a time, and of a page that others' locks
/// left meanwhile the next one misses a line.
const READINGS: usize = 8;

/// Longest name that the kernel keeps of a program, in bytes, with room to spare.
const MAX_NAME: u64 = 256;

/// The process that holds a lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Its number.
    pub pid: u32,
    /// What its program is called: its own word, made printable.
    pub program: String,
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "process {} ({})", self.pid, self.program)
    }
}

impl Holder {
    /// The process that holds the lock of this open file; `None` where the kernel does not say, or the process has ended and left
    /// the lock to a child.
    pub(super) fn of(file: &File) -> Option<Self> {
        let stat = fstat(file).ok()?;
        let file = format!("{:02x}:{:02x}:{}", major(stat.st_dev), minor(stat.st_dev), stat.st_ino);
        let pid = (0..READINGS).find_map(|_| holding(&text(Path::new(LOCKS), MAX_LEN)?, &file))?;
        let program = text(&PathBuf::from(format!("/proc/{pid}/comm")), MAX_NAME)?;
        let program = printable::escaped(program.trim_end_matches('\n'));
        Some(Self { pid, program })
    }
}

fn text(path: &Path, max_len: u64) -> Option<String> {
    let bytes = trusted_file::read_foreign_in(None, path, path, max_len).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

/// The process that holds the flock of `file`, in the kernel's list; those that wait for it have an arrow in their line.
///
/// `1: FLOCK  ADVISORY  WRITE 708 00:13:1234 0 EOF`
fn holding(locks: &str, file: &str) -> Option<u32> {
    locks.lines().find_map(|line| match line.split_whitespace().collect::<Vec<_>>()[..] {
        [_, "FLOCK", _, _, pid, of, ..] if of == file => pid.parse().ok(),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicBool, Ordering};

    #[test]
    fn the_holder_is_found_among_other_files_other_kinds_and_waiters() {
        let locks = "1: POSIX  ADVISORY  WRITE 11 fd:01:77 0 EOF\n\
                     2: FLOCK  ADVISORY  WRITE 12 fd:01:78 0 EOF\n\
                     2: -> FLOCK  ADVISORY  WRITE 13 fd:01:77 0 EOF\n\
                     3: FLOCK  ADVISORY  WRITE 14 fd:01:77 0 EOF\n\
                     3: -> FLOCK  ADVISORY  WRITE 15 fd:01:77 0 EOF\n";
        assert_eq!(holding(locks, "fd:01:77"), Some(14));
        assert_eq!(holding(locks, "fd:01:78"), Some(12));
        for unknown in ["fd:01:7", "d:01:77", "fd:01:79"] {
            assert_eq!(holding(locks, unknown), None, "{unknown}");
        }
        assert_eq!(
            holding("3: FLOCK  ADVISORY  WRITE -1 fd:01:77 0 EOF", "fd:01:77"),
            None,
            "of another namespace"
        );
    }

    #[test]
    fn the_holder_is_found_while_others_lock_and_unlock() {
        let files: Vec<_> = (0..200).map(|_| tempfile::tempfile_in("/var/tmp").unwrap()).collect();
        let held = tempfile::tempfile_in("/var/tmp").unwrap();
        held.lock().unwrap();
        let done = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    files.iter().for_each(|file| file.lock().unwrap());
                    files.iter().for_each(|file| file.unlock().unwrap());
                }
            });
            let found = (0..200).filter(|_| Holder::of(&held).is_some()).count();
            done.store(true, Ordering::Relaxed);
            assert_eq!(found, 200);
        });
    }

    #[test]
    fn a_lock_of_this_process_is_this_process() {
        let scratch = tempfile::NamedTempFile::new_in("/var/tmp").unwrap();
        assert_eq!(Holder::of(scratch.as_file()), None, "nobody holds it");
        scratch.as_file().lock().unwrap();
        let holder = Holder::of(scratch.as_file()).unwrap();
        assert_eq!(holder.pid, std::process::id());
        let own = std::fs::read_to_string("/proc/self/comm").unwrap();
        assert_eq!(holder.to_string(), format!("process {} ({})", holder.pid, own.trim_end()));
    }
}
