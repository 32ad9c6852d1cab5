//! Locks that end, and the word that all is settled.

use super::*;
use crate::store::files::tests::roy;
use crate::system::owner::Owner;
use crate::testing::Fixture;

/// A child that a host forked meanwhile shares the descriptor, as a copy of it does.
#[test]
fn the_lock_ends_though_a_copy_of_the_descriptor_stays_open() {
    let scratch = Fixture::with_record();
    let path = scratch.file("ledger");
    let file = File::options().read(true).write(true).open(&path).unwrap();
    let copy = file.try_clone().unwrap();
    let other = File::open(&path).unwrap();
    let section = Section::enter();
    let stat = fstat(&file).unwrap();
    let locked = Locked::take(&section, file, || path).unwrap();
    let (users, roy) = (scratch.dir.path().join("users"), roy());
    let record_dir = RecordDir::new(File::open(&users).unwrap().into(), &users, &roy, Owner::ROOT);
    let open = OpenLedger::read(locked, &stat, &record_dir).unwrap();
    assert!(other.try_lock().is_err());
    drop(open);
    other.try_lock().unwrap();
    drop(copy);
}

/// Else the next login would write and wait once more for what is on disk.
#[test]
fn what_an_amendment_leaves_is_said_to_be_settled() {
    let scratch = Fixture::with_record();
    let seen = || {
        let (section, users, roy) = (Section::enter(), scratch.dir.path().join("users"), roy());
        let record_dir =
            RecordDir::new(File::open(scratch.file("")).unwrap().into(), &users, &roy, Owner::ROOT);
        let open = record_dir.ledger(&section, Access::Read).unwrap().unwrap();
        (open.blocks.sequence, open.blocks.is_settled)
    };
    let (sequence, _) = seen();
    scratch.write_both().unwrap();
    assert_eq!(seen(), (sequence + 1, true));
}
