//! The real directory: read, and made again after a power cut.

use super::enrolled::roy;
use crate::disk::{Block, Disk};
use crate::record::PLACES;
use std::collections::HashMap;
use std::fs::{self, OpenOptions};
use std::os::unix::fs::{FileExt, PermissionsExt};
use std::path::{Path, PathBuf};
use wardkey_core::credential::single_use::Kind;
use wardkey_core::record::enrolment::Enrolment;
use wardkey_core::record::ledger::{BLOCK, Blocks, IMAGE_LEN, READ_LEN};

/// The bytes behind what the model only knows by name.
#[derive(Debug)]
pub(super) struct Image {
    dir: PathBuf,
    /// Enrolments by their numbers.
    enrolments: HashMap<u8, Vec<u8>>,
    /// Blocks by their place in the file and content.
    blocks: HashMap<(usize, Block), Vec<u8>>,
}

/// What a record says, as both can say it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reading {
    /// Which enrolment stands there.
    pub(super) enrolment: Option<u8>,
    /// Whether debris lies beside it.
    pub(super) has_debris: bool,
    /// The ledger's sequence number, and whether it says that it is settled.
    pub(super) sequence: Option<(u64, bool)>,
    /// Per place whether the code there opens; none where there is none.
    pub(super) opens: Option<Vec<bool>>,
}

/// Where a block begins in the file.
fn start_of(at: usize) -> usize {
    at * usize::try_from(BLOCK).expect("a page")
}

const NEW: &str = ".enrolment.new";

impl Image {
    /// The directory as it was furnished.
    pub(super) fn of(root: &Path, disk: &Disk) -> Self {
        let dir = root.join("users/roy");
        let mut image = Self { dir, enrolments: HashMap::new(), blocks: HashMap::new() };
        image.enrolments.insert(0, image.read("enrolment").expect("an enrolment"));
        for (at, cell) in disk.ledgers[0].blocks.iter().enumerate() {
            image.blocks.insert((at, cell.cache), image.block(at));
        }
        image
    }

    fn read(&self, name: &str) -> Option<Vec<u8>> {
        fs::read(self.dir.join(name)).ok()
    }

    /// Learns the bytes of the enrolment that waits for its name.
    pub(super) fn learn_enrolment(&mut self, id: u8) -> Result<(), String> {
        let bytes = self.read(NEW).ok_or("no new enrolment")?;
        self.enrolments.insert(id, bytes);
        Ok(())
    }

    /// A block's bytes.
    pub(super) fn block(&self, at: usize) -> Vec<u8> {
        let file = self.read("ledger").unwrap_or_default();
        file[start_of(at)..].iter().take(IMAGE_LEN).copied().collect()
    }

    /// Puts a block's bytes there, and learns that they are this block.
    pub(super) fn put_block(&mut self, at: usize, block: Block, bytes: &[u8]) {
        let file = OpenOptions::new().write(true).open(self.dir.join("ledger")).expect("the ledger");
        file.write_all_at(bytes, at as u64 * BLOCK).expect("written");
        self.blocks.insert((at, block), bytes.to_vec());
    }

    /// Makes the directory what a power cut left.
    pub(super) fn restore(&self, disk: &Disk) {
        for name in ["enrolment", NEW, "ledger"] {
            let _ = fs::remove_file(self.dir.join(name));
        }
        for (name, file) in [("enrolment", disk.names.enrolment), (NEW, disk.names.new)] {
            file.iter().for_each(|file| self.write(name, &self.enrolments[&file.enrolment.id]));
        }
        let mut bytes = vec![0; start_of(2)];
        for (at, cell) in disk.ledgers[0].blocks.iter().enumerate() {
            let start = start_of(at);
            bytes[start..start + IMAGE_LEN].copy_from_slice(&self.blocks[&(at, cell.cache)]);
            let word = u64::from(disk.ledgers[0].settled).to_le_bytes();
            bytes[start + IMAGE_LEN..start + READ_LEN].copy_from_slice(&word);
        }
        self.write("ledger", &bytes);
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.dir.join(name);
        fs::write(&path, bytes).expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("its mode");
    }

    /// What stands there.
    pub(super) fn reading(&self) -> Reading {
        let bytes = self.read("enrolment");
        let id = bytes.as_ref().and_then(|bytes| self.enrolments.iter().find(|(_, known)| *known == bytes));
        let ledger = self.read("ledger").and_then(|file| {
            let image = |at| &file[start_of(at)..start_of(at) + READ_LEN];
            Blocks::read(image(0), image(1)).ok()
        });
        let enrolment = bytes.and_then(|bytes| Enrolment::from_bytes(&bytes, &roy().name).ok());
        let opens = enrolment.zip(ledger.as_ref()).map(|(enrolment, blocks)| {
            let mut codes: Vec<_> = enrolment.codes_of(Kind::Recovery).collect();
            codes.sort_by_key(|code| code.place);
            let is_old = blocks.ledger.generation < enrolment.generation;
            codes.iter().map(|code| is_old || !blocks.ledger.is_spent(code.place, code.serial)).collect()
        });
        let opens = opens.filter(|codes: &Vec<bool>| codes.len() == PLACES);
        Reading {
            enrolment: id.map(|(id, _)| *id),
            has_debris: self.dir.join(NEW).exists(),
            sequence: ledger.map(|blocks| (blocks.sequence, blocks.is_settled)),
            opens,
        }
    }
}
