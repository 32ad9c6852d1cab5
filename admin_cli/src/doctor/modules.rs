//! Where libpam looks for modules.

use pam_stack::{Found, Root};
use std::path::{Path, PathBuf};

/// A module that every libpam brings.
const OF_LIBPAM: &str = "pam_permit.so";

/// How a library begins.
const ELF: &[u8] = b"\x7fELF";

/// Where Debian's libpam looks besides.
const DEBIANS: [&str; 2] = ["/lib/security", "/usr/lib/security"];

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
        let mut directories: Vec<PathBuf> =
            directories.filter(|directory| root.join(directory.join(OF_LIBPAM)).exists()).collect();
        if directories.iter().any(|directory| directory.parent().is_some_and(is_triplet)) {
            directories.extend(DEBIANS.map(PathBuf::from));
        }
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
            return path.contains("$ISA") || self.is_module(Path::new(path));
        }
        self.directories.is_empty()
            || self.directories.iter().any(|directory| self.is_module(&directory.join(path)))
    }

    /// Whether it is a library: what was copied by half, or is something else, cannot be loaded.
    fn is_module(&self, path: &Path) -> bool {
        match self.root.service_file(&path.display().to_string()) {
            Some(Found::File(_, content)) => content.starts_with(ELF),
            // A library may be larger than any service file.
            Some(Found::TooLarge(_)) => true,
            _ => false,
        }
    }
}

/// A directory of Debian's kind, such as `x86_64-linux-gnu`.
fn is_triplet(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().contains("-linux-"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn machine(files: &[(&str, &str)]) -> (tempfile::TempDir, Modules) {
        let directory = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = directory.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let modules = Modules::of(&Root::new(directory.path()));
        (directory, modules)
    }

    #[test]
    fn a_module_is_where_libpam_of_this_machine_looks() {
        let debian = "usr/lib/x86_64-linux-gnu/security/pam_permit.so";
        let fedora = "usr/lib64/security/pam_permit.so";
        for (own, ours, path, has) in [
            (debian, "usr/lib/x86_64-linux-gnu/security/o.so", "o.so", true),
            (debian, "usr/lib/security/o.so", "o.so", true),
            (debian, "usr/local/lib/security/o.so", "o.so", false),
            (debian, "usr/local/lib/security/o.so", "/usr/local/lib/security/o.so", true),
            (debian, "usr/lib/security/o.so", "/lib/security/$ISA/o.so", true),
            (fedora, "usr/lib64/security/o.so", "o.so", true),
            (fedora, "usr/lib/security/o.so", "o.so", false),
            ("etc/passwd", "etc/group", "o.so", true),
        ] {
            let (_directory, modules) = machine(&[(own, "\x7fELF"), (ours, "\x7fELF")]);
            assert_eq!(modules.has(path), has, "{own} {ours} {path}");
        }
    }

    #[test]
    fn what_is_no_library_is_no_module() {
        let own = ("usr/lib/security/pam_permit.so", "\x7fELF");
        for (text, has) in [("\x7fELF and more", true), ("", false), ("<html>404</html>", false)] {
            let (_directory, modules) = machine(&[own, ("usr/lib/security/o.so", text)]);
            assert_eq!(modules.has("o.so"), has, "{text}");
        }
    }
}
