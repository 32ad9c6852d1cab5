//! A ledger: two blocks, and beside the older one the word of how far it is settled.

use super::block::{Block, Cell};
use crate::record::Marks;

/// Its content and the kernel's view of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LedgerFile {
    /// The two blocks.
    pub blocks: [Cell; 2],
    /// `ledger::Blocks::is_settled`: the sequence number up to which all that can be read is on disk, as processes read it.
    pub settled: u8,
}

/// As `ledger::Blocks`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Truth {
    /// The higher sequence number.
    pub sequence: u8,
    /// Which block has it.
    pub block: u8,
    /// What it says.
    pub marks: Marks,
}

impl LedgerFile {
    /// As `Blocks::new_file`, whose bytes are on disk or not.
    #[must_use]
    pub fn new(is_synced: bool) -> Self {
        let block = |sequence| Block::Whole { sequence, marks: Marks::default() };
        let mut blocks = [Cell::settled(block(1)), Cell::settled(block(2))];
        if !is_synced {
            for cell in &mut blocks {
                cell.disk = Block::Torn;
                cell.pending.push(cell.cache);
            }
        }
        Self { blocks, settled: 2 }
    }

    /// As `Blocks::read`: the whole block with the higher number.
    #[must_use]
    pub fn read(&self) -> Option<Truth> {
        let truths = (0u8..).zip(&self.blocks).filter_map(|(at, cell)| match cell.cache {
            Block::Whole { sequence, marks } => Some(Truth { sequence, block: at, marks }),
            Block::Torn => None,
        });
        truths.max_by_key(|truth| (truth.sequence, u8::MAX - truth.block))
    }

    /// A block, to change it.
    pub fn block_mut(&mut self, at: u8) -> Option<&mut Cell> {
        self.blocks.get_mut(usize::from(at))
    }

    /// `fdatasync`.
    pub fn sync(&mut self) {
        self.blocks.iter_mut().for_each(Cell::sync);
    }

    /// `fdatasync` that fails.
    pub fn fail_to_sync(&mut self, chosen: [u8; 2]) {
        self.blocks.iter_mut().zip(chosen).for_each(|(cell, which)| cell.fail_to_sync(which));
    }

    /// How many contents a power cut may leave, per block.
    #[must_use]
    pub fn chances(&self) -> [u8; 2] {
        self.blocks.each_ref().map(Cell::chances)
    }

    /// The file after a power cut.
    #[must_use]
    pub fn after(&self, chosen: [u8; 2]) -> Self {
        let [a, b] = chosen;
        let [first, second] = &self.blocks;
        let blocks = [Cell::settled(first.chance(a)), Cell::settled(second.chance(b))];
        // Whether the word reached the disk is chance. That all is settled is the boldest that it can say.
        let mut after = Self { blocks, settled: 0 };
        after.settled = after.read().map_or(0, |truth| truth.sequence);
        after
    }
}
