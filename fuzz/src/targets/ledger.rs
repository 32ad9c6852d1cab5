//! The ledger's two blocks, as they come, and damaged: a block that was changed is never believed.

use crate::bytes::Bytes;
use wardkey_core::record::checksum;
use wardkey_core::record::damage::Damage;
use wardkey_core::record::ledger::{BLOCK, Blocks, FILE_LEN, FarMark, IMAGE_LEN, Ledger, PassMark, SlotMark};
use wardkey_core::system::clock::Timestamp;

/// Where the checksum of a block begins.
const SUM: usize = IMAGE_LEN - 32;

/// Where it began in the first version's, which are read still.
const FIRST_SUM: usize = 1024 - 32;

pub(super) fn run(bytes: &[u8]) {
    let mut bytes = Bytes(bytes);
    match bytes.byte() % 4 {
        0 => raw(bytes.0),
        1 => proven(bytes),
        2 => damaged(bytes),
        _ => torn(bytes),
    }
}

/// Any bytes: what is read of them says what they say.
fn raw(bytes: &[u8]) {
    let (first, second) = bytes.split_at(bytes.len().min(IMAGE_LEN));
    if let Ok(blocks) = Blocks::read(first, second) {
        check(&blocks, first, second);
    }
}

/// Any content under a right checksum: written again, it is the same block.
fn proven(mut bytes: Bytes<'_>) {
    let mut image = Ledger::default().to_image(bytes.number());
    for _ in 0..bytes.byte() % 64 {
        let at = usize::from(bytes.pair()) % SUM;
        image[at] = bytes.byte();
    }
    sign(&mut image);
    let empty = [];
    match Blocks::read(&image, &empty) {
        Ok(blocks) => check(&blocks, &image, &empty),
        Err(damage) => assert!(!damage.to_string().is_empty()),
    }
}

/// A block with any byte changed: the other one is the truth, or none is.
fn damaged(mut bytes: Bytes<'_>) {
    let (old, new) = (ledger(&mut bytes), ledger(&mut bytes));
    let sequence = bytes.number() % (u64::MAX - 1);
    let mut images = [old.to_image(sequence), new.to_image(sequence + 1)];
    let mut changed = [false; 2];
    while !bytes.0.is_empty() {
        let which = usize::from(bytes.byte() % 2);
        let at = usize::from(bytes.pair()) % IMAGE_LEN;
        let bits = bytes.byte().max(1);
        images[which][at] ^= bits;
    }
    for (which, whole) in [old.to_image(sequence), new.to_image(sequence + 1)].iter().enumerate() {
        changed[which] = images[which] != *whole;
    }
    let read = Blocks::read(&images[0], &images[1]);
    match (changed, read) {
        ([_, false], Ok(blocks)) => {
            assert_eq!((blocks.ledger, blocks.sequence, blocks.next_offset), (new, sequence + 1, 0));
        }
        ([false, true], Ok(blocks)) => {
            assert_eq!((blocks.ledger, blocks.sequence, blocks.next_offset), (old, sequence, BLOCK));
        }
        ([true, true], Ok(blocks)) => panic!("a damaged block was believed: {blocks:?}"),
        ([false, false], Err(damage)) => panic!("two whole blocks: {damage}"),
        // Another version is claimed by bytes before the checksum is looked at: refused, as it should be.
        (_, Err(Damage::Newer)) => {}
        ([true, true], Err(_)) => {}
        (_, Err(damage)) => panic!("one block is whole: {damage}"),
    }
}

/// A block torn while it is written over the older one: the file says what was before, or what was written.
fn torn(mut bytes: Bytes<'_>) {
    let (old, new) = (ledger(&mut bytes), ledger(&mut bytes));
    let file = Blocks::new_file(&old);
    assert_eq!(u64::try_from(file.len()), Ok(FILE_LEN));
    let start = usize::try_from(BLOCK).expect("a page");
    let mut images = [file[..IMAGE_LEN].to_vec(), file[start..start + IMAGE_LEN].to_vec()];
    let before = Blocks::read(&images[0], &images[1]).expect("a new file");
    assert_eq!((&before.ledger, before.sequence, before.next_offset), (&old, 2, 0));
    let written = new.to_image(before.sequence + 1);
    // Sectors reach the disk in any order.
    let sectors = bytes.pair();
    for sector in (0..IMAGE_LEN / 128).filter(|sector| sectors >> sector & 1 == 1) {
        let range = sector * 128..(sector + 1) * 128;
        images[0][range.clone()].copy_from_slice(&written[range]);
    }
    let after = Blocks::read(&images[0], &images[1]).expect("one block is whole");
    let whole = images[0] == written;
    assert_eq!(after.ledger, if whole { new } else { old });
    assert_eq!(after.sequence, if whole { 3 } else { 2 });
}

/// What was read is one of the blocks, to the byte, and the newer one.
fn check(blocks: &Blocks, first: &[u8], second: &[u8]) {
    let image = blocks.ledger.to_image(blocks.sequence);
    let source = if blocks.next_offset == 0 { second } else { first };
    if is_of_first_version(source) {
        let again = Blocks::read(&image, &[]).expect("a block that was written");
        assert_eq!((again.ledger, again.sequence), (blocks.ledger.clone(), blocks.sequence));
    } else {
        // Beside a block stands the word that all is settled.
        assert!(
            source.starts_with(&image),
            "a block that no writer would have written was believed: {blocks:?}"
        );
    }
    assert!(blocks.next_offset == 0 || blocks.next_offset == BLOCK);
}

fn is_of_first_version(image: &[u8]) -> bool {
    image.get(8) == Some(&1)
}

fn sign(image: &mut [u8]) {
    let at = if is_of_first_version(image) { FIRST_SUM } else { SUM };
    let sum = checksum(&image[..at]);
    image[at..at + 32].copy_from_slice(&sum);
}

fn ledger(bytes: &mut Bytes<'_>) -> Ledger {
    let mut ledger = Ledger { generation: bytes.number(), ..Ledger::default() };
    for _ in 0..bytes.byte() % 4 {
        let mut mark = SlotMark::fresh(bytes.number());
        for _ in 0..bytes.byte() % 12 {
            let step = bytes.number();
            mark = mark.spending(step);
            assert!(mark.next > step || step == u64::MAX, "a spent step opens again");
        }
        (mark.drift, mark.last_used) = (i64::from(bytes.byte()) - 128, Timestamp(bytes.number()));
        ledger.set_slot(bytes.byte() % 12, mark);
        let (place, serial) = (bytes.byte() % 40, bytes.number());
        ledger.spend(place, serial);
        assert!(ledger.is_spent(place, serial), "a spent code opens again");
    }
    ledger.far = FarMark { next: bytes.number(), offset: i64::from(bytes.byte()) };
    ledger.pass = PassMark { serial: bytes.number(), opened: bytes.number() };
    ledger.last_success = Timestamp(bytes.number());
    ledger
}
