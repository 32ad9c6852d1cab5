//! Removing a directory of very many: on a disk each removal waits for the journal, and those of many threads wait together.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::thread;

const THREADS: usize = 16;

/// Removes what is in a directory, and at last the directory.
pub(crate) fn remove(dir: &Path) -> io::Result<()> {
    let entries: Vec<PathBuf> =
        fs::read_dir(dir)?.map(|entry| entry.map(|e| e.path())).collect::<Result<_, _>>()?;
    thread::scope(|scope| {
        for part in entries.chunks(entries.len().div_ceil(THREADS).max(1)) {
            scope.spawn(move || {
                for path in part {
                    // What is left makes the removal of the directory fail.
                    let _ = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
                }
            });
        }
    });
    fs::remove_dir(dir)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left() {
        for entries in [0, 1, 50] {
            let dir = std::env::temp_dir().join(format!("wardkey-removal-{}-{entries}", std::process::id()));
            fs::create_dir(&dir).unwrap();
            for n in 0..entries {
                fs::create_dir(dir.join(format!("dir{n}"))).unwrap();
                fs::write(dir.join(format!("dir{n}/file")), "").unwrap();
                fs::write(dir.join(format!("file{n}")), "").unwrap();
            }
            remove(&dir).unwrap();
            assert!(!dir.exists());
        }
    }
}
