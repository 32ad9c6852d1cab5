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
    made: usize,
}

impl Names {
    /// Whose files are in a directory outside of the one that is filled.
    pub(crate) fn new(dir: &Path) -> Self {
        Self { dir: dir.to_owned(), made: 0 }
    }

    /// One more name.
    pub(crate) fn add(&mut self, name: &Path) -> io::Result<()> {
        let file = self.dir.join(format!("nobody{}", self.made / LINKS));
        if self.made.is_multiple_of(LINKS) {
            File::create(&file)?;
        }
        self.made += 1;
        fs::hard_link(&file, name)
    }
}
