//! When the files are left alone: a package's upgrade changes many, and one that is half done says nothing.

use super::super::journal_file::{DIRECTORY, FILE};
use std::fs::{Metadata, symlink_metadata};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What is looked at, and the path unit names.
const PLACES: [&str; 6] = [
    "/etc/pam.d",
    "/etc/pam.conf",
    "/usr/lib/pam.d",
    "/usr/share/pam.d",
    "/etc/ssh",
    "/etc/ssh/sshd_config.d",
];

/// How long nothing may have changed.
const QUIET: Duration = Duration::from_secs(10);

/// How often that is waited for. Where changes go on and on, it looks in between; the next change has it look once more.
const ROUNDS: usize = 6;

/// Looks once the files have been left alone, by `wardkey enable` as well, and stayed so while it looked.
pub(crate) fn when_quiet<T>(state: &Path, look: impl FnMut() -> T) -> T {
    let journal = state.join(DIRECTORY).join(FILE);
    rounds(&|| stamps(&journal), &wait, look)
}

#[expect(
    clippy::disallowed_methods,
    reason = "systemd runs it by itself: no login waits, and nothing tells the end"
)]
fn wait() {
    std::thread::sleep(QUIET);
}

fn rounds<S: PartialEq, T>(stamps: &dyn Fn() -> S, wait: &dyn Fn(), mut look: impl FnMut() -> T) -> T {
    for _ in 0..ROUNDS {
        let before = stamps();
        wait();
        if stamps() == before {
            let found = look();
            if stamps() == before {
                return found;
            }
        }
    }
    look()
}

/// A file's name, and what changes with it. No clock is compared with another.
type Stamp = (PathBuf, Option<[i64; 6]>);

fn stamps(journal: &Path) -> Vec<Stamp> {
    let places = PLACES.iter().map(Path::new).chain([journal]);
    let mut stamps: Vec<Stamp> =
        places.flat_map(|place| [vec![place.to_path_buf()], entries(place)].concat()).map(stamp).collect();
    stamps.sort();
    stamps
}

fn entries(place: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(place).into_iter().flatten().flatten().map(|entry| entry.path()).collect()
}

fn stamp(path: PathBuf) -> Stamp {
    let of = |data: Metadata| {
        let [ino, len] = [data.ino(), data.len()].map(u64::cast_signed);
        [ino, len, data.mtime(), data.mtime_nsec(), data.ctime(), data.ctime_nsec()]
    };
    let found = symlink_metadata(&path).ok().map(of);
    (path, found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::{Cell, RefCell};

    /// Each time somebody looks at the stamps, the next of these; the last one stays.
    fn looks(stamps: &[u32]) -> (usize, usize) {
        let (left, waits, looked) = (RefCell::new(stamps.to_vec()), Cell::new(0), Cell::new(0));
        let next = || {
            let mut left = left.borrow_mut();
            if left.len() > 1 { left.remove(0) } else { left[0] }
        };
        rounds(&next, &|| waits.set(waits.get() + 1), || looked.set(looked.get() + 1));
        (waits.get(), looked.get())
    }

    #[test]
    fn it_looks_when_nothing_changes_any_more() {
        assert_eq!(looks(&[1]), (1, 1));
        assert_eq!(looks(&[1, 2, 2, 3, 3]), (3, 1));
    }

    #[test]
    fn what_changes_while_it_looks_is_looked_at() {
        assert_eq!(looks(&[1, 1, 2]), (2, 2));
    }

    #[test]
    fn where_changes_go_on_and_on_it_looks_in_between() {
        let ever: Vec<u32> = (0..100).collect();
        assert_eq!(looks(&ever), (ROUNDS, 1));
    }

    #[test]
    fn each_change_of_a_file_shows() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("journal");
        let missing = stamps(&path);
        std::fs::write(&path, "one").unwrap();
        let first = stamps(&path);
        std::fs::write(&path, "two").unwrap();
        assert!(missing != first && first != stamps(&path));
    }
}
