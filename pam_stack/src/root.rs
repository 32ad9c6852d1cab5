//! Where libpam looks for files.

use std::fs::{self, Metadata};
use std::io::{self, Read};
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// The most that is read of one file, in bytes; no service file comes near it.
pub const MAX_FILE: u64 = 1 << 20;

/// The directories for service files, the first that has the file wins (`libpam_private.h`; the last is a vendor's).
const DIRECTORIES: [&str; 3] = ["/etc/pam.d", "/usr/lib/pam.d", "/usr/share/pam.d"];
/// The one file of old, read where none of the directories exists.
const ONE_FILE: &str = "/etc/pam.conf";

/// The root directory of the machine that is looked at: `/`, or a copy of its files.
#[derive(Clone, Debug)]
pub struct Root(PathBuf);

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

impl Root {
    /// The machine whose files lie below `path`.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// Where a file of the machine lies here.
    #[must_use]
    pub fn join(&self, path: impl AsRef<Path>) -> PathBuf {
        let path = path.as_ref();
        self.0.join(path.strip_prefix("/").unwrap_or(path))
    }

    /// Whether libpam reads directories and not the one file.
    #[must_use]
    pub fn has_directories(&self) -> bool {
        DIRECTORIES.iter().any(|directory| self.join(directory).is_dir())
    }

    /// The one file for all services, where libpam reads that.
    #[must_use]
    pub fn one_file(&self) -> Option<Found> {
        if self.has_directories() { None } else { self.open(Path::new(ONE_FILE)) }
    }

    /// The file that libpam opens for this name: a path, or the first of that name in the directories.
    #[must_use]
    pub fn service_file(&self, name: &str) -> Option<Found> {
        if name.starts_with('/') {
            return self.open(Path::new(name));
        }
        DIRECTORIES.iter().find_map(|directory| self.open(&Path::new(directory).join(name)))
    }

    /// The file of this full path, whatever bytes are in it.
    #[must_use]
    pub fn file(&self, path: &Path) -> Option<Found> {
        self.open(path)
    }

    /// Every path that has a file of this name, the one that libpam opens first.
    #[must_use]
    pub fn all_of(&self, name: &str) -> Vec<PathBuf> {
        let paths = DIRECTORIES.iter().map(|directory| Path::new(directory).join(name));
        paths.filter(|path| self.join(path).exists()).collect()
    }

    /// The names of all files in the directories, sorted.
    ///
    /// # Errors
    /// A directory that cannot be read.
    pub fn names(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for directory in DIRECTORIES {
            let entries = match fs::read_dir(self.join(directory)) {
                Ok(entries) => entries,
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(error),
            };
            for entry in entries {
                names.extend(entry?.file_name().into_string());
            }
        }
        names.sort();
        names.dedup();
        Ok(names)
    }

    /// `None`: libpam cannot open it and looks on.
    fn open(&self, path: &Path) -> Option<Found> {
        let here = self.join(path);
        // A FIFO must not hold the reader up, nor a terminal become its own.
        let flags = libc::O_NONBLOCK | libc::O_NOCTTY;
        let mut file = fs::OpenOptions::new().read(true).custom_flags(flags).open(here).ok()?;
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
}

fn is_special(metadata: &Metadata) -> bool {
    let kind = metadata.file_type();
    kind.is_fifo() || kind.is_socket() || kind.is_char_device() || kind.is_block_device()
}
