//! People who never come, as no more than names in the directory where everyone's records are.
//!
//! A login opens one record by its name; of the others it can notice nothing but how many names there are. Their names
//! are hard links to one empty file: on a disk a hundred thousand of them are made in seconds and cost no inode, where
//! as many directories with their files take minutes to make and longer to remove.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// Links of one file: ext4 allows 65,000.
const LINKS: usize = 60_000;

/// Makes the names.
pub(crate) struct Names {
    dir: PathBuf,
    kind: &'static str,
    made: usize,
    links: usize,
}

impl Names {
    /// Of one kind; their files are in `dir`, which is not the one that is filled.
    pub(crate) fn new(dir: &Path, kind: &'static str) -> Self {
        Self { dir: dir.to_owned(), kind, made: 0, links: LINKS }
    }

    /// One more name.
    pub(crate) fn add(&mut self, name: &Path) -> io::Result<()> {
        let file = self.dir.join(format!("nobody-{}-{}", self.kind, self.made / self.links));
        if self.made.is_multiple_of(self.links) {
            File::create(&file)?;
        }
        self.made += 1;
        fs::hard_link(&file, name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::MetadataExt;

    #[test]
    fn no_file_has_more_links_than_it_may() {
        let dir = std::env::temp_dir().join(format!("wardkey-names-{}", std::process::id()));
        fs::create_dir_all(dir.join("all")).unwrap();
        for kind in ["one", "other"] {
            let mut names = Names { links: 3, ..Names::new(&dir, kind) };
            for n in 0..5 {
                names.add(&dir.join("all").join(format!("{kind}{n}"))).unwrap();
            }
        }
        // Each has its own name too.
        let links = |name: &str| fs::metadata(dir.join(name)).unwrap().nlink();
        let found = ["nobody-one-0", "nobody-one-1", "nobody-other-0", "nobody-other-1"].map(links);
        fs::remove_dir_all(&dir).unwrap();
        assert_eq!(found, [4, 3, 4, 3]);
    }
}
