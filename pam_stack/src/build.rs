//! What a build of libpam decides: where it looks for files, and whether it is Debian's.

use std::fs;
use std::path::{Path, PathBuf};

use crate::found::open;
use crate::{Found, Reader};

/// Where every libpam looks, in this order (`libpam_private.h`).
const ALWAYS: [&str; 2] = ["/etc/pam.d", "/usr/lib/pam.d"];
/// Where a distribution may have it look besides.
pub(crate) const VENDORS: [&str; 2] = ["/usr/share/pam.d", "/usr/etc/pam.d"];
const LIBRARY: &str = "libpam.so.0";
const LIBRARIES: [&str; 4] = ["lib", "usr/lib", "lib64", "usr/lib64"];

/// The library of a machine, as far as its own text tells.
#[derive(Clone, Debug)]
pub(crate) struct Build {
    /// The directories for service files, the first that has the file wins.
    pub(crate) directories: Vec<&'static str>,
    /// Whether it knows Debian's `@include`.
    pub(crate) knows_at_include: bool,
    /// How it puts lines together, where that can be told.
    pub(crate) reader: Option<Reader>,
    /// Whether it looks for what is included in the first directory alone, as Debian's does.
    pub(crate) includes_from_first: bool,
}

impl Build {
    /// That of the machine below `root`; where none is found, one that finds all and knows all.
    pub(crate) fn below(root: &Path) -> Self {
        match library(root).and_then(|path| open(&path, &path)) {
            Some(Found::File(_, library)) => Self::told_by(&library),
            _ => Self {
                directories: ALWAYS.into_iter().chain(["/usr/share/pam.d"]).collect(),
                knows_at_include: true,
                reader: None,
                includes_from_first: false,
            },
        }
    }

    fn told_by(library: &[u8]) -> Self {
        let names = |text: &str| library.windows(text.len()).any(|window| window == text.as_bytes());
        let vendors = VENDORS.into_iter().filter(|directory| names(&format!("{directory}/%s")));
        let is_debians = names("@include");
        // 1.6 brought both: files nested too deep, and lines of any length.
        let is_new = names("maximum level of inclusions reached");
        Self {
            directories: ALWAYS.into_iter().chain(vendors).collect(),
            knows_at_include: is_debians,
            reader: Some(if is_new { Reader::Growing } else { Reader::Fixed }),
            includes_from_first: is_debians,
        }
    }
}

/// The first libpam in the places of libraries, those of an architecture's own directory among them.
fn library(root: &Path) -> Option<PathBuf> {
    LIBRARIES.into_iter().find_map(|place| {
        let place = root.join(place);
        let entries = fs::read_dir(&place).into_iter().flatten().flatten();
        let mut places: Vec<PathBuf> = entries
            .filter(|entry| entry.file_name().to_string_lossy().contains("-linux-"))
            .map(|entry| entry.path())
            .collect();
        places.sort();
        places.push(place);
        places.into_iter().map(|place| place.join(LIBRARY)).find(|path| path.is_file())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_library_tells_where_it_looks() {
        let both = ["/etc/pam.d", "/usr/lib/pam.d"];
        for (text, directories, is_debians) in [
            ("\0/etc/pam.d/%s\0/usr/lib/pam.d/%s\0@include\0", &both[..], true),
            ("\0/etc/pam.d/%s\0/usr/lib/pam.d/%s\0", &both[..], false),
            ("\0/usr/etc/pam.d/%s\0", &["/etc/pam.d", "/usr/lib/pam.d", "/usr/etc/pam.d"], false),
            ("\0/usr/share/pam.d/%s\0", &["/etc/pam.d", "/usr/lib/pam.d", "/usr/share/pam.d"], false),
        ] {
            let build = Build::told_by(text.as_bytes());
            assert_eq!(
                (&build.directories[..], build.knows_at_include),
                (directories, is_debians),
                "{text:?}"
            );
        }
    }

    #[test]
    fn the_library_tells_how_it_reads_lines() {
        assert_eq!(Build::told_by(b"maximum level of substacks reached").reader, Some(Reader::Fixed));
        assert_eq!(Build::told_by(b"maximum level of inclusions reached").reader, Some(Reader::Growing));
    }

    #[test]
    fn it_is_found_in_the_directory_of_its_architecture() {
        let root = tempfile::tempdir().expect("a directory");
        assert!(library(root.path()).is_none() && Build::below(root.path()).knows_at_include);
        let place = root.path().join("usr/lib/x86_64-linux-gnu");
        fs::create_dir_all(&place).expect("made");
        fs::write(place.join(LIBRARY), "/etc/pam.d/%s").expect("written");
        assert_eq!(library(root.path()), Some(place.join(LIBRARY)));
        assert!(!Build::below(root.path()).knows_at_include);
    }
}
