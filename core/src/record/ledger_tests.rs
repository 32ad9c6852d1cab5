//! Blocks read back, torn, flipped and of another age.

use super::*;
use proptest::prelude::*;

fn some_ledger() -> impl Strategy<Value = Ledger> {
    let numbers = proptest::collection::vec(any::<u64>(), 177);
    numbers.prop_map(|n| {
        let mut n = n.into_iter();
        let mut next = || n.next().unwrap();
        let mut ledger = Ledger { generation: next(), ..Ledger::default() };
        for mark in &mut ledger.slots {
            *mark = SlotMark {
                serial: next(),
                next: next(),
                drift: next().cast_signed(),
                last_used: Timestamp(next()),
                accepted: std::array::from_fn(|_| next()),
            };
        }
        for spent in &mut ledger.places {
            *spent = next();
        }
        for tally in &mut ledger.tallies {
            *tally = Tally { failures: next(), forgiven: next(), last_failure: Timestamp(next()) };
        }
        ledger.far = FarMark { next: next(), offset: next().cast_signed() };
        ledger.pass = PassMark { serial: next(), opened: next() };
        ledger.last_success = Timestamp(next());
        ledger.mail = MailMark::from_numbers(std::array::from_fn(|_| next()));
        ledger
    })
}

#[test]
fn a_new_file_has_two_valid_blocks() {
    let file = Blocks::new_file(&Ledger::default());
    assert_eq!(file.len() as u64, FILE_LEN);
    let blocks = Blocks::read(&file[..READ_LEN], &file[4096..4096 + READ_LEN]).unwrap();
    assert_eq!((blocks.sequence, blocks.next_offset), (2, 0));
    assert!(blocks.is_settled, "it is on disk before it has a name");
}

#[test]
fn settled_is_what_the_word_beside_the_older_block_says() {
    let beside = |sequence, word: u64| {
        let mut bytes = Ledger::default().to_image(sequence);
        bytes.extend_from_slice(&word.to_le_bytes());
        bytes
    };
    for (older, newer, is_settled) in [(6, 0, true), (5, 6, false), (7, 0, false), (0, 0, false)] {
        let (a, b) = (beside(5, older), beside(6, newer));
        for (blocks, offset) in [(Blocks::read(&a, &b), BLOCK), (Blocks::read(&b, &a), 0)] {
            let blocks = blocks.unwrap();
            assert_eq!((blocks.is_settled, blocks.offset()), (is_settled, offset), "{older} {newer}");
            assert_eq!(blocks.word_offset(), BLOCK - offset + IMAGE_LEN as u64);
        }
    }
    let without_words = Blocks::read(&Ledger::default().to_image(5), &Ledger::default().to_image(6)).unwrap();
    assert!(!without_words.is_settled);
}

#[test]
fn after_a_write_the_blocks_have_changed_places() {
    let file = Blocks::new_file(&Ledger::default());
    let blocks = Blocks::read(&file[..READ_LEN], &file[4096..4096 + READ_LEN]).unwrap();
    let after = blocks.after(Ledger::default());
    assert_eq!((after.sequence, after.next_offset, after.offset(), after.is_settled), (3, BLOCK, 0, false));
}

#[test]
fn every_number_has_room_in_the_image() {
    let bytes = MAGIC.len() + 4 + 8 * Ledger::default().numbers(1).count();
    assert!(bytes <= IMAGE_LEN - CHECKSUM, "{bytes} bytes");
}

#[test]
fn a_block_with_more_in_it_than_is_known_is_not_believed() {
    let used = MAGIC.len() + 4 + 8 * Ledger::default().numbers(1).count();
    let body = IMAGE_LEN - CHECKSUM;
    for at in [used, body - 1] {
        let mut image = Ledger::default().to_image(7);
        image[at] = 1;
        let sum = checksum(&image[..body]);
        image[body..].copy_from_slice(&sum);
        for older in [vec![], Ledger::default().to_image(6)] {
            assert_eq!(Blocks::read(&image, &older), Err(Damage::Newer), "at {at}");
        }
    }
}

#[test]
fn a_newer_block_is_not_guessed_at() {
    let mut image = Ledger::default().to_image(1);
    image[8] = 3;
    let sound = Ledger::default().to_image(2);
    assert_eq!(Blocks::read(&image, &sound), Err(Damage::Newer), "older, and under another checksum");
    assert_eq!(Blocks::read(&sound, &image), Err(Damage::Newer));
}

/// An image whose bytes from `at` are others, with the checksum that belongs to them.
fn forged(at: usize, bytes: &[u8]) -> Vec<u8> {
    let mut image = Ledger::default().to_image(9);
    image[at..at + bytes.len()].copy_from_slice(bytes);
    let sum = checksum(&image[..IMAGE_LEN - CHECKSUM]);
    image[IMAGE_LEN - CHECKSUM..].copy_from_slice(&sum);
    image
}

#[test]
fn a_right_checksum_alone_proves_no_block() {
    let other = Ledger { generation: 7, ..Ledger::default() }.to_image(1);
    for (at, bytes) in [(0, &b"Wardkey\0"[..]), (8, &[0, 0, 0, 0])] {
        let blocks = Blocks::read(&forged(at, bytes), &other).unwrap();
        assert_eq!((blocks.ledger.generation, blocks.sequence), (7, 1), "{bytes:?}");
    }
    assert_eq!(Blocks::read(&forged(0, b"wardkey\0"), &other).unwrap().sequence, 9);
}

#[test]
fn of_two_blocks_with_one_number_the_first_counts() {
    let ledger = |generation| Ledger { generation, ..Ledger::default() }.to_image(4);
    let blocks = Blocks::read(&ledger(1), &ledger(2)).unwrap();
    assert_eq!((blocks.ledger.generation, blocks.next_offset), (1, BLOCK));
}

#[test]
fn what_has_no_place_in_the_ledger_is_spent_and_changes_nothing() {
    let mut ledger = Ledger::default();
    ledger.spend(32, 5);
    ledger.set_slot(u8::MAX, SlotMark { next: 2, ..SlotMark::fresh(1) });
    assert_eq!(ledger, Ledger::default());
    assert!(ledger.is_spent(32, u64::MAX) && !ledger.is_spent(31, 1));
    assert_eq!(ledger.slot(u8::MAX, 1), SlotMark::fresh(1));
}

#[test]
fn no_valid_block_is_damage() {
    for (a, b) in [(vec![], vec![]), (vec![0; IMAGE_LEN], vec![0xff; IMAGE_LEN]), (vec![0; 5], vec![0; 9])] {
        assert!(matches!(Blocks::read(&a, &b), Err(Damage::Unreadable(_))));
    }
}

#[test]
fn a_mark_of_an_earlier_authenticator_is_void() {
    let mut ledger = Ledger::default();
    ledger.set_slot(2, SlotMark { next: 99, drift: 1, last_used: Timestamp(7), ..SlotMark::fresh(4) });
    assert_eq!(ledger.slot(2, 4).next, 99);
    assert_eq!(ledger.slot(2, 5), SlotMark::fresh(5));
}

#[test]
fn a_spent_serial_spends_all_before_it() {
    let mut ledger = Ledger::default();
    ledger.spend(3, 7);
    ledger.spend(3, 2);
    assert!(
        ledger.is_spent(3, 7) && ledger.is_spent(3, 1) && !ledger.is_spent(3, 8) && !ledger.is_spent(4, 7)
    );
    assert!(ledger.is_spent(200, 1), "a place that does not exist opens nothing");
}

proptest! {
    #[test]
    fn an_image_is_read_back(ledger in some_ledger(), sequence in any::<u64>()) {
        prop_assert_eq!(proven(&ledger.to_image(sequence)).and_then(|(body, form)| Ledger::from_body(body, form)), Some((sequence, ledger)));
    }

    #[test]
    fn a_flipped_bit_is_never_believed(ledger in some_ledger(), bit in 0usize..IMAGE_LEN * 8) {
        let mut image = ledger.to_image(1);
        image[bit / 8] ^= 1 << (bit % 8);
        prop_assert_eq!(proven(&image), None);
    }

    #[test]
    fn a_torn_write_leaves_the_other_block(old in some_ledger(), new in some_ledger(), cut in 0usize..IMAGE_LEN, first: bool) {
        let (kept, mut torn) = (old.to_image(5), old.to_image(4));
        torn[..cut].copy_from_slice(&new.to_image(6)[..cut]);
        let blocks = if first { Blocks::read(&torn, &kept) } else { Blocks::read(&kept, &torn) }.unwrap();
        // Whole means accepted: a cut after the last differing byte wrote everything.
        if torn != new.to_image(6) {
            prop_assert_eq!(blocks.ledger, old);
            prop_assert_eq!(blocks.sequence, 5);
        }
    }
}

/// What both blocks say, each proven.
fn of_both(first: &[u8], second: &[u8]) -> Option<(u64, Ledger, u64)> {
    let read = |image| proven(image).and_then(|(body, form)| Ledger::from_body(body, form));
    match (read(first), read(second)) {
        (Some((n, _)), Some((m, ledger))) if m > n => Some((m, ledger, 0)),
        (None, Some((m, ledger))) => Some((m, ledger, 0)),
        (first, _) => first.map(|(n, ledger)| (n, ledger, BLOCK)),
    }
}

proptest! {
    #[test]
    fn the_newer_block_alone_says_what_both_say(
        ledgers in (some_ledger(), some_ledger()),
        sequences in (0u64..4, 0u64..4),
        spoilt in any::<[Option<(u8, u8)>; 2]>(),
    ) {
        let mut images = [ledgers.0.to_image(sequences.0), ledgers.1.to_image(sequences.1)];
        for (image, spoilt) in images.iter_mut().zip(spoilt) {
            // Not the version, which both are asked for.
            spoilt.filter(|(at, _)| !(8..12).contains(at)).into_iter().for_each(|(at, with)| image[usize::from(at)] ^= with);
        }
        let [first, second] = &images;
        let alone = Blocks::read(first, second).map(|blocks| (blocks.sequence, blocks.ledger, blocks.next_offset));
        prop_assert_eq!(alone, of_both(first, second).ok_or(Damage::Unreadable(Flaw::Blocks)));
    }
}

/// An image as the first version wrote it.
fn first_version(ledger: &Ledger, sequence: u64) -> Vec<u8> {
    let mut image = MAGIC.to_vec();
    image.extend_from_slice(&1u32.to_le_bytes());
    let slots = ledger.slots.iter().flat_map(|m| m.numbers().into_iter().take(4));
    let tallies = ledger.tallies.iter().take(4).flat_map(|t| [t.failures, t.forgiven, t.last_failure.0]);
    let rest = [ledger.far.next, ledger.far.offset.cast_unsigned(), ledger.pass.serial, ledger.pass.opened];
    let numbers = [sequence, ledger.generation].into_iter().chain(slots).chain(ledger.places).chain(tallies);
    for number in numbers.chain(rest).chain([ledger.last_success.0]).chain(ledger.mail.numbers()) {
        image.extend_from_slice(&number.to_le_bytes());
    }
    image.resize(1024 - CHECKSUM, 0);
    let sum = checksum(&image);
    image.extend_from_slice(&sum);
    image.extend_from_slice(&sequence.to_le_bytes());
    image.resize(READ_LEN, 0);
    image
}

proptest! {
    #[test]
    fn what_the_first_version_wrote_is_read_and_not_taken_for_settled(mut ledger in some_ledger()) {
        let (a, b) = (first_version(&ledger, 6), first_version(&ledger, 5));
        // What it did not have.
        [ledger.tallies[4], ledger.tallies[5]] = [Tally::default(); 2];
        for mark in &mut ledger.slots {
            let last = mark.next.checked_sub(1);
            mark.accepted = [0; REMEMBERED];
            *mark = last.map_or(*mark, |last| mark.spending(last));
        }
        let blocks = Blocks::read(&a, &b).unwrap();
        prop_assert_eq!((&blocks.ledger, blocks.sequence, blocks.is_settled), (&ledger, 6, false));
        // A block of this version beside one of the first.
        let newer = ledger.to_image(7);
        prop_assert_eq!(Blocks::read(&a, &newer).unwrap().sequence, 7);
        prop_assert_eq!(Blocks::read(&newer[..700], &a).unwrap().sequence, 6);
    }
}
