//! Where libpam looks for modules.

use pam_stack::Root;
use std::path::{Path, PathBuf};

/// A module that every libpam brings.
const OF_LIBPAM: &str = "pam_permit.so";

/// The directories that have libpam's own modules.
pub(crate) struct Modules {
    root: Root,
    directories: Vec<PathBuf>,
}

impl Modules {
    /// Those of the machine below `root`.
    pub(crate) fn of(root: &Root) -> Self {
        let libraries = ["/usr/lib", "/usr/lib64", "/lib", "/lib64"].map(PathBuf::from);
        let inner = |library: &PathBuf| {
            let entries = std::fs::read_dir(root.join(library)).into_iter().flatten().flatten();
            let triplets =
                entries.map(|entry| library.join(entry.file_name())).filter(|path| is_triplet(path));
            triplets.chain([library.clone()]).collect::<Vec<_>>()
        };
        let directories = libraries.iter().flat_map(inner).map(|directory| directory.join("security"));
        let directories =
            directories.filter(|directory| root.join(directory.join(OF_LIBPAM)).exists()).collect();
        Self { root: root.clone(), directories }
    }

    /// Where libpam finds the module of this name, as far as its own are found.
    pub(crate) fn find(&self, name: &str) -> Option<PathBuf> {
        let places = self.directories.iter().map(|directory| directory.join(name));
        places.into_iter().find(|place| self.root.join(place).exists())
    }

    /// Whether libpam finds the module of this path, as a line writes it; where libpam's own are not found, every one is
    /// taken to be there.
    pub(crate) fn has(&self, path: &str) -> bool {
        if path.starts_with('/') {
            return path.contains("$ISA") || self.root.join(path).exists();
        }
        self.directories.is_empty()
            || self.directories.iter().any(|directory| self.root.join(directory.join(path)).exists())
    }
}

/// A directory of Debian's kind, such as `x86_64-linux-gnu`.
fn is_triplet(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().contains("-linux-"))
}
