//! Where libpam looks for files.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::Reader;
use crate::build::{Build, VENDORS};
use crate::found::{Found, open};

/// The one file of old, read where none of the directories exists.
const ONE_FILE: &str = "/etc/pam.conf";

/// The root directory of the machine that is looked at: `/`, or a copy of its files.
#[derive(Clone, Debug)]
pub struct Root {
    path: PathBuf,
    build: Build,
    /// What the machine would have in place of its own files: `None` for a file that is taken away.
    laid: BTreeMap<PathBuf, Option<Vec<u8>>>,
}

impl Root {
    /// The machine whose files lie below `path`. Its libpam, if it is there, tells where it looks for service files and
    /// whether it is Debian's; else every usual place counts, and `@include` is known.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let build = Build::below(&path);
        Self { path, build, laid: BTreeMap::new() }
    }

    /// The same machine as it would be with this content at `path`, or without that file.
    pub fn lay(&mut self, path: impl Into<PathBuf>, content: Option<Vec<u8>>) {
        self.laid.insert(path.into(), content);
    }

    /// Where a file of the machine lies here.
    #[must_use]
    pub fn join(&self, path: impl AsRef<Path>) -> PathBuf {
        let path = path.as_ref();
        self.path.join(path.strip_prefix("/").unwrap_or(path))
    }

    /// Whether libpam reads directories and not the one file.
    #[must_use]
    pub fn has_directories(&self) -> bool {
        self.build.directories.iter().any(|directory| self.join(directory).is_dir())
    }

    /// How the machine's libpam puts lines together; as the newest does where there is none.
    #[must_use]
    pub fn reader(&self) -> Reader {
        self.build.reader.unwrap_or(Reader::Growing)
    }

    /// Whether `@include` is more than an unknown word here.
    pub(crate) const fn knows_at_include(&self) -> bool {
        self.build.knows_at_include
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
        self.first_of(&self.build.directories, name)
    }

    /// The file that libpam opens where another file includes this name.
    #[must_use]
    pub fn included_file(&self, name: &str) -> Option<Found> {
        if !self.build.includes_from_first || name.starts_with('/') {
            return self.service_file(name);
        }
        self.first_of(self.build.directories.get(..1).unwrap_or_default(), name)
    }

    fn first_of(&self, directories: &[&str], name: &str) -> Option<Found> {
        directories.iter().find_map(|directory| self.open(&Path::new(directory).join(name)))
    }

    /// The file of this full path, whatever bytes are in it.
    #[must_use]
    pub fn file(&self, path: &Path) -> Option<Found> {
        self.open(path)
    }

    /// Every path that has a file of this name, the one that libpam opens first.
    #[must_use]
    pub fn all_of(&self, name: &str) -> Vec<PathBuf> {
        self.paths_of(name).filter(|path| self.has(path)).collect()
    }

    fn paths_of(&self, name: &str) -> impl Iterator<Item = PathBuf> {
        self.build.directories.iter().map(move |directory| Path::new(directory).join(name))
    }

    fn has(&self, path: &Path) -> bool {
        self.laid.get(path).map_or_else(|| self.join(path).exists(), Option::is_some)
    }

    fn is_taken_away(&self, name: &str) -> bool {
        let is_laid = |path: PathBuf| self.laid.get(&path).is_some_and(Option::is_none);
        self.paths_of(name).any(is_laid) && self.all_of(name).is_empty()
    }

    /// Files in directories where other builds of libpam look, and this machine's does not; none where that cannot be told.
    #[must_use]
    pub fn never_read(&self) -> Vec<PathBuf> {
        let is_known = self.build.reader.is_some();
        let unread = VENDORS.iter().filter(|place| is_known && !self.build.directories.contains(place));
        let entries = |place: &&str| fs::read_dir(self.join(place)).into_iter().flatten().flatten();
        let paths =
            unread.flat_map(|place| entries(place).map(|entry| Path::new(place).join(entry.file_name())));
        let mut paths: Vec<PathBuf> = paths.collect();
        paths.sort();
        paths
    }

    /// The names of all files in the directories, sorted.
    ///
    /// # Errors
    /// A directory that cannot be read.
    pub fn names(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for directory in &self.build.directories {
            let entries = match fs::read_dir(self.join(directory)) {
                Ok(entries) => entries,
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(error),
            };
            for entry in entries {
                names.extend(entry?.file_name().into_string());
            }
        }
        let is_service = |path: &&PathBuf| {
            self.build.directories.iter().any(|directory| path.parent() == Some(directory.as_ref()))
        };
        let laid = self.laid.keys().filter(is_service).filter_map(|path| path.file_name()?.to_str());
        names.extend(laid.map(str::to_owned));
        names.sort();
        names.dedup();
        // A link that leads nowhere stays: libpam meets it too.
        names.retain(|name| !self.is_taken_away(name));
        Ok(names)
    }

    fn open(&self, path: &Path) -> Option<Found> {
        if let Some(laid) = self.laid.get(path) {
            return laid.clone().map(|content| Found::File(path.to_owned(), content));
        }
        open(&self.join(path), path)
    }
}
