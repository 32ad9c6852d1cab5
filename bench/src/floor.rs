//! The floor: the least that records anything durably. One write in place, of the size of wardkey's, and fdatasync.

use crate::lane::Lane;
use crate::stats::{Sample, timed};
use nix::unistd::fdatasync;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;
use wardkey_core::record::ledger::{BLOCK, FILE_LEN, IMAGE_LEN};

/// The name in tables.
pub(crate) const NAME: &str = "write and fdatasync";

/// A file that is written in place.
pub(crate) struct Floor {
    file: File,
    turn: u64,
}

impl Floor {
    pub(crate) fn make(dir: &Path) -> io::Result<Self> {
        fs::create_dir_all(dir)?;
        let mut options = OpenOptions::new();
        let file = options.read(true).write(true).create_new(true).open(dir.join("floor"))?;
        file.write_all_at(&vec![0; usize::try_from(FILE_LEN).unwrap_or(0)], 0)?;
        file.sync_all()?;
        Ok(Self { file, turn: 0 })
    }
}

impl Lane for Floor {
    fn name(&self) -> String {
        NAME.to_owned()
    }

    fn once(&mut self) -> io::Result<Sample> {
        self.turn += 1;
        let image = vec![u8::try_from(self.turn % 251).unwrap_or(0); IMAGE_LEN];
        let offset = self.turn % 2 * BLOCK;
        timed(|| {
            self.file.write_all_at(&image, offset)?;
            Ok(fdatasync(&self.file)?)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_says_how_long_it_is() {
        let page = include_str!("../../docs/benchmarks.md");
        assert!(page.contains(&format!("one write of {IMAGE_LEN} bytes in place")), "{IMAGE_LEN}");
    }
}
