//! A file, opened as libpam would come to it.

use std::fs::{Metadata, OpenOptions};
use std::io::Read;
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// The most that is read of one file, in bytes; no service file comes near it.
pub const MAX_FILE: u64 = 1 << 20;

/// A file, as far as libpam gets.
#[derive(Debug)]
pub enum Found {
    /// Its path on the machine, and what it holds.
    File(PathBuf, Vec<u8>),
    /// A directory: libpam reads nothing.
    Directory(PathBuf),
    /// A FIFO, socket or device: libpam waits or fails.
    NotAFile(PathBuf),
    /// More than [`MAX_FILE`].
    TooLarge(PathBuf),
}

/// Opens the file that lies here; `None` where libpam cannot open it and looks on.
pub(crate) fn open(here: &Path, path: &Path) -> Option<Found> {
    // A FIFO must not hold the reader up, nor a terminal become its own.
    let flags = libc::O_NONBLOCK | libc::O_NOCTTY;
    let mut file = OpenOptions::new().read(true).custom_flags(flags).open(here).ok()?;
    let metadata = file.metadata().ok()?;
    let path = path.to_owned();
    if metadata.is_dir() {
        return Some(Found::Directory(path));
    }
    if is_special(&metadata) {
        return Some(Found::NotAFile(path));
    }
    let mut content = Vec::new();
    file.by_ref().take(MAX_FILE + 1).read_to_end(&mut content).ok()?;
    let is_large = u64::try_from(content.len()).unwrap_or(u64::MAX) > MAX_FILE;
    Some(if is_large { Found::TooLarge(path) } else { Found::File(path, content) })
}

fn is_special(metadata: &Metadata) -> bool {
    let kind = metadata.file_type();
    kind.is_fifo() || kind.is_socket() || kind.is_char_device() || kind.is_block_device()
}
