//! Others who write to the same disk: one as a package manager does, one as a database does.

use nix::unistd::fdatasync;
use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

const NEW_FILE: usize = 256 * 1024;
const TABLE: u64 = 64 * 1024 * 1024;
const PAGE: usize = 16 * 1024;

/// Two writers; they end with the value.
pub(crate) struct Busy {
    stop: Arc<AtomicBool>,
    writers: Vec<JoinHandle<io::Result<()>>>,
    dir: PathBuf,
}

impl Busy {
    pub(crate) fn start(dir: &Path) -> io::Result<Self> {
        let dir = dir.join("busy");
        fs::create_dir(&dir)?;
        let stop = Arc::new(AtomicBool::new(false));
        let mut writers = Vec::new();
        for writer in [replace_files, overwrite_pages] {
            let (dir, stop) = (dir.clone(), Arc::clone(&stop));
            writers.push(thread::spawn(move || writer(&dir, &stop)));
        }
        Ok(Self { stop, writers, dir })
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        for writer in self.writers.drain(..) {
            if let Ok(Err(e)) = writer.join() {
                eprintln!("a writer that was to keep the disk busy stopped: {e}");
            }
        }
        let _ = fs::remove_dir_all(&self.dir);
    }
}

/// A new file, synced, put in place of the old one.
fn replace_files(dir: &Path, stop: &AtomicBool) -> io::Result<()> {
    let (new, name) = (dir.join("new"), dir.join("file"));
    while !stop.load(Ordering::Relaxed) {
        let mut file = File::create(&new)?;
        file.write_all(&vec![7; NEW_FILE])?;
        file.sync_all()?;
        fs::rename(&new, &name)?;
    }
    Ok(())
}

/// A page here and there of a large file, synced each.
fn overwrite_pages(dir: &Path, stop: &AtomicBool) -> io::Result<()> {
    let file = File::create(dir.join("table"))?;
    file.write_all_at(&vec![7; usize::try_from(TABLE).unwrap_or(0)], 0)?;
    file.sync_all()?;
    let page = vec![9; PAGE];
    let pages = TABLE / PAGE as u64;
    let mut next = 1;
    while !stop.load(Ordering::Relaxed) {
        next = next * 5 + 1;
        next %= pages;
        file.write_all_at(&page, next * PAGE as u64)?;
        fdatasync(&file)?;
    }
    Ok(())
}
