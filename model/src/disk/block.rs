//! One block of the ledger: as processes read it, as it is on disk, and what was written to it in between.

use crate::record::Marks;

/// The content of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Block {
    /// Proven by its checksum.
    Whole {
        /// Its sequence number.
        sequence: u8,
        /// What it says.
        marks: Marks,
    },
    /// Half of one write and half of another.
    Torn,
}

/// A block of a file.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Cell {
    /// As processes read it.
    pub cache: Block,
    /// As it certainly was on disk at the last sync.
    pub disk: Block,
    /// Everything written to it since: any of it may have reached the disk, at any time.
    pub pending: Vec<Block>,
}

impl Cell {
    /// A block that is on disk.
    #[must_use]
    pub const fn settled(block: Block) -> Self {
        Self { cache: block, disk: block, pending: Vec::new() }
    }

    /// `pwrite`.
    pub fn write(&mut self, block: Block) {
        self.cache = block;
        if !self.pending.contains(&block) {
            self.pending.push(block);
        }
    }

    /// `fdatasync`. It writes dirty pages only: after one that failed, the page is clean and not on disk.
    pub fn sync(&mut self) {
        if !self.pending.is_empty() {
            self.disk = self.cache;
        }
        self.pending.clear();
    }

    /// How many contents a power cut may leave.
    #[must_use]
    pub fn chances(&self) -> u8 {
        u8::try_from(self.possible().len()).unwrap_or(u8::MAX)
    }

    /// One of them.
    #[must_use]
    pub fn chance(&self, which: u8) -> Block {
        self.possible().get(usize::from(which)).copied().unwrap_or(self.disk)
    }

    /// What it was, anything written since, and a mixture.
    fn possible(&self) -> Vec<Block> {
        let mut possible = vec![self.disk];
        let written = self.pending.iter().filter(|block| **block != self.disk);
        possible.extend(written);
        if possible.len() > 1 && !possible.contains(&Block::Torn) {
            possible.push(Block::Torn);
        }
        possible
    }

    /// `fdatasync` that failed: this much arrived, and the kernel tries no more (ext4, XFS).
    pub fn fail_to_sync(&mut self, which: u8) {
        self.disk = self.chance(which);
        self.pending.clear();
    }
}
