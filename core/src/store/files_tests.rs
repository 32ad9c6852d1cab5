//! The file store on a real directory: what survives, what is refused, who waits for whom.

use super::*;
use crate::record::damage::Damage;
use crate::record::enrolment::State;
use crate::record::ledger::BLOCK;
use crate::system::clock::Timestamp;
use crate::testing::Fixture;
use std::fs;
use std::os::unix::fs::{FileExt, MetadataExt, PermissionsExt};
use std::sync::atomic::{AtomicU32, Ordering};

pub(in crate::store) fn roy() -> UserName {
    UserName::new(b"roy").unwrap()
}

impl Fixture {
    pub(in crate::store) fn with_record() -> Self {
        let scratch = Self::new();
        let enrolment = Enrolment::new(roy(), 1000, 7);
        scratch.write(&enrolment).unwrap();
        scratch
    }

    pub(in crate::store) fn write(&self, enrolment: &Enrolment) -> Result<(), StoreError> {
        self.store.amend(&roy(), &mut |_, _| Amendment::Write(Box::new(enrolment.clone()), None))
    }

    /// A confirmation writes the ledger, and then the enrolment.
    pub(in crate::store) fn write_both(&self) -> Result<(), StoreError> {
        let enrolment = Enrolment::new(roy(), 1000, 7);
        let ledger = Ledger { generation: 7, ..Ledger::default() };
        self.store
            .amend(&roy(), &mut |_, _| Amendment::Write(Box::new(enrolment.clone()), Some(ledger.clone())))
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.file("")).unwrap();
        let mut names: Vec<_> = entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    pub(in crate::store) fn spend_place(&self, place: u8, serial: u64) -> Result<(), StoreError> {
        let done = self.store.attempt(&roy(), &mut |record| {
            let mut ledger = record.ledger.clone();
            ledger.spend(place, serial);
            Judged::writing(ledger)
        });
        done.map(|seen| drop(seen.expect("roy has a record")))
    }

    fn is_spent(&self, place: u8, serial: u64) -> bool {
        self.store.record(&roy()).unwrap().unwrap().ledger.is_spent(place, serial)
    }
}

#[test]
fn a_record_is_made_whole_and_private() {
    let scratch = Fixture::with_record();
    assert_eq!(scratch.names(), ["enrolment", "ledger"]);
    for name in scratch.names() {
        assert_eq!(fs::metadata(scratch.file(&name)).unwrap().permissions().mode() & 0o7777, 0o600);
    }
    assert_eq!(fs::metadata(scratch.file("ledger")).unwrap().len(), FILE_LEN);
    assert_eq!(scratch.store.users().unwrap(), [roy()]);
}

#[test]
fn what_is_spent_stays_spent() {
    let scratch = Fixture::with_record();
    for serial in 1..=5 {
        scratch.spend_place(3, serial).unwrap();
        assert!(scratch.is_spent(3, serial) && !scratch.is_spent(3, serial + 1));
    }
    scratch.write(&Enrolment::new(roy(), 1000, 7)).unwrap();
    assert!(scratch.is_spent(3, 5), "a new enrolment of the same generation reopens nothing");
}

#[test]
fn only_a_new_generation_makes_a_ledger_fresh() {
    let scratch = Fixture::with_record();
    scratch.spend_place(3, 5).unwrap();
    scratch.write(&Enrolment::new(roy(), 1000, 8)).unwrap();
    assert!(!scratch.is_spent(3, 5));
    scratch.spend_place(3, 1).unwrap();
    scratch.write(&Enrolment::new(roy(), 1000, 7)).unwrap();
    let error = scratch.spend_place(3, 9).unwrap_err().to_string();
    assert!(error.contains("older than its ledger"), "{error}");
}

#[test]
fn nobody_is_made_by_asking() {
    let scratch = Fixture::new();
    assert!(scratch.store.enrolment(&roy()).unwrap().is_none());
    assert!(scratch.store.record(&roy()).unwrap().is_none());
    assert!(scratch.store.attempt(&roy(), &mut |_| unreachable!()).unwrap().is_none());
    scratch.store.amend(&roy(), &mut |_, _| Amendment::Keep).unwrap();
    scratch.store.purge(&roy()).unwrap();
    assert_eq!(fs::read_dir(scratch.dir.path().join("users")).unwrap().count(), 0);
}

#[test]
fn a_purge_leaves_nothing_even_of_a_damaged_record() {
    let scratch = Fixture::with_record();
    fs::write(scratch.file("ledger"), b"rubbish").unwrap();
    fs::write(scratch.file(".enrolment.new"), b"rubbish").unwrap();
    scratch.store.purge(&roy()).unwrap();
    assert_eq!(fs::read_dir(scratch.dir.path().join("users")).unwrap().count(), 0);
}

#[test]
fn damage_is_refused_named_and_left_alone() {
    type Spoil = fn(&Fixture);
    let spoils: [(Spoil, &str); 9] = [
        (|s| fs::write(s.file("enrolment"), b"wardkey enrolment\0\x09\0\0\0").unwrap(), "newer version"),
        (|s| fs::write(s.file("enrolment"), "wardkey").unwrap(), "is damaged"),
        (|s| fs::write(s.file("ledger"), "").unwrap(), "does not have its full size"),
        (|s| fs::write(s.file("ledger"), [0; 8192]).unwrap(), "is damaged: neither block"),
        (
            |s| fs::OpenOptions::new().write(true).open(s.file("ledger")).unwrap().set_len(BLOCK).unwrap(),
            "does not have its full size",
        ),
        (|s| fs::remove_file(s.file("ledger")).unwrap(), "missing beside its enrolment"),
        (|s| fs::set_permissions(s.file("ledger"), fs::Permissions::from_mode(0o640)).unwrap(), "mode 0640"),
        (|s| std::os::unix::fs::chown(s.file("enrolment"), Some(1), None).unwrap(), "belongs to uid 1"),
        (|s| fs::set_permissions(s.file(""), fs::Permissions::from_mode(0o755)).unwrap(), "mode 0755"),
    ];
    for (spoil, expected) in spoils {
        let scratch = Fixture::with_record();
        spoil(&scratch);
        let before = fs::read(scratch.file("ledger")).ok();
        let error = scratch.store.attempt(&roy(), &mut |_| panic!("judged by a damaged record")).unwrap_err();
        assert!(error.to_string().contains(expected), "{error}, wanted {expected}");
        assert_eq!(fs::read(scratch.file("ledger")).ok(), before);
    }
}

#[test]
fn one_damaged_block_leaves_the_other() {
    for block in [0, BLOCK] {
        let scratch = Fixture::with_record();
        scratch.spend_place(0, 1).unwrap();
        let file = fs::OpenOptions::new().write(true).open(scratch.file("ledger")).unwrap();
        file.write_all_at(&[0xff; 64], block + 100).unwrap();
        scratch.spend_place(0, 2).unwrap();
        assert!(scratch.is_spent(0, 2));
    }
}

#[test]
fn what_a_killed_command_left_is_cleared_by_the_next_login() {
    let scratch = Fixture::with_record();
    fs::write(scratch.file(".enrolment.new"), b"half").unwrap();
    scratch.spend_place(0, 1).unwrap();
    assert_eq!(scratch.names(), ["enrolment", "ledger"]);
}

#[test]
fn many_at_once_are_judged_one_after_the_other() {
    let scratch = Fixture::with_record();
    let accepted = AtomicU32::new(0);
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                let mut yes = false;
                let judged = scratch.store.attempt(&roy(), &mut |record| {
                    yes = !record.ledger.is_spent(0, 1);
                    let mut ledger = record.ledger.clone();
                    ledger.spend(0, 1);
                    Judged::writing(ledger)
                });
                judged.unwrap();
                accepted.fetch_add(u32::from(yes), Ordering::SeqCst);
            });
        }
    });
    assert_eq!(accepted.into_inner(), 1);
}

#[test]
fn a_held_lock_is_waited_for_and_then_said() {
    let scratch = Fixture::with_record();
    let holder = fs::File::open(scratch.file("ledger")).unwrap();
    holder.lock().unwrap();
    let error = scratch.spend_place(0, 1).unwrap_err();
    let own = std::process::id();
    assert!(matches!(&error, StoreError::Busy(_, Some(holder)) if holder.pid == own), "{error}");
    assert!(error.to_string().contains(&format!("ledger: locked by process {own} (")), "{error}");
    drop(holder);
    scratch.spend_place(0, 1).unwrap();
}

#[test]
fn a_person_without_record_costs_a_spare_write_and_changes_nothing() {
    let scratch = Fixture::new();
    let spare = scratch.dir.path().join("spare");
    scratch.store.stand_in(false).unwrap();
    let look = || (fs::read(&spare).unwrap(), fs::metadata(&spare).unwrap());
    let (made, found) = look();
    assert_eq!((found.len(), found.permissions().mode() & 0o7777), (FILE_LEN, 0o600));
    for _ in 0..3 {
        scratch.store.stand_in(true).unwrap();
    }
    assert_eq!((look().0.len() as u64, look().1.ino()), (FILE_LEN, found.ino()), "in place");
    assert_eq!(made, look().0, "it says nothing, not even that it was written");
    assert_eq!(scratch.store.make_spare().unwrap(), (spare.clone(), false), "one that is there stays");
    // Nobody locks it, and nobody waits for a process that does.
    let holder = fs::File::open(&spare).unwrap();
    holder.lock().unwrap();
    scratch.store.stand_in(true).unwrap();
    fs::write(&spare, b"cut short").unwrap();
    scratch.store.stand_in(true).unwrap();
}

#[test]
fn a_spare_file_that_is_not_to_be_trusted_is_not_written() {
    let scratch = Fixture::with_record();
    let spare = scratch.dir.path().join("spare");
    scratch.store.make_spare().unwrap();
    let attempt = || scratch.store.attempt(&UserName::new(b"ann").unwrap(), &mut |_| unreachable!());
    assert!(attempt().unwrap().is_none());
    for spoil in [
        |path: &Path| fs::set_permissions(path, fs::Permissions::from_mode(0o660)).unwrap(),
        |path: &Path| {
            fs::remove_file(path).unwrap();
            std::os::unix::fs::symlink("users/roy/ledger", path).unwrap();
        },
        |path: &Path| {
            fs::remove_file(path).unwrap();
            fs::hard_link(path.with_file_name("users").join("roy/ledger"), path).unwrap();
        },
        |path: &Path| {
            fs::remove_file(path).unwrap();
            fs::create_dir(path).unwrap();
        },
    ] {
        spoil(&spare);
        for error in [scratch.store.stand_in(true).unwrap_err(), attempt().unwrap_err()] {
            assert!(error.to_string().contains("/spare: "), "{error}");
        }
    }
    scratch.spend_place(0, 1).unwrap();
}

#[test]
fn the_state_of_a_new_record_is_what_was_written() {
    let scratch = Fixture::with_record();
    let record = scratch.store.record(&roy()).unwrap().unwrap();
    assert_eq!((record.enrolment.state, record.enrolment.uid), (State::NotEnrolled, 1000));
    assert_eq!(record.ledger.last_success, Timestamp(0));
    assert_eq!(record.ledger.generation, 7, "a fresh ledger belongs to the enrolment's generation");
}

#[test]
fn a_record_in_anothers_directory_is_damage() {
    let scratch = Fixture::with_record();
    let ann = UserName::new(b"ann").unwrap();
    fs::rename(scratch.file(""), scratch.dir.path().join("users/ann")).unwrap();
    let error = scratch.store.enrolment(&ann).unwrap_err();
    assert!(matches!(error, StoreError::Damaged(_, Damage::Unreadable(_))), "{error}");
}

#[test]
fn for_somebody_of_whom_nothing_is_kept_nothing_is_made() {
    let scratch = Fixture::new();
    let users = fs::File::open(scratch.dir.path().join("users")).unwrap();
    let long_ago = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1);
    users.set_modified(long_ago).unwrap();
    scratch.store.amend(&roy(), &mut |_, _| Amendment::Keep).unwrap();
    assert_eq!(users.metadata().unwrap().modified().unwrap(), long_ago);
}

#[test]
fn what_was_made_for_a_change_that_is_not_wanted_any_more_is_removed() {
    let scratch = Fixture::new();
    let enrolment = Enrolment::new(roy(), 1000, 7);
    let mut wanted = vec![Amendment::Keep, Amendment::Write(Box::new(enrolment), None)];
    scratch.store.amend(&roy(), &mut |_, _| wanted.pop().unwrap()).unwrap();
    assert!(wanted.is_empty(), "asked again under the lock");
    assert!(scratch.store.users().unwrap().is_empty());
}

#[test]
fn an_error_says_which_file_and_what_was_done_with_it() {
    let scratch = Fixture::new();
    let path = scratch.dir.path().join("users/roy");
    fs::write(&path, "").unwrap();
    let error = scratch.write(&Enrolment::new(roy(), 1000, 7)).unwrap_err().to_string();
    assert!(error.contains(path.to_str().unwrap()), "{error}");
    let full = StoreError::nix(&path, Doing::Syncing)(nix::Error::ENOSPC).to_string();
    assert!(full.starts_with(&format!("{}: writing to disk: ", path.display())), "{full}");
}

#[test]
fn only_what_bars_this_process_alone_is_for_another_to_write() {
    use crate::system::trusted_file::{Reason, Untrusted};
    let io = |e: nix::Error| StoreError::nix(Path::new("ledger"), Doing::Writing)(e);
    let opening = |e: nix::Error| {
        StoreError::Untrusted(Untrusted { path: "ledger".into(), reason: Reason::Io(e.into()) })
    };
    for barred in [nix::Error::EROFS, nix::Error::EACCES, nix::Error::EPERM] {
        assert!(io(barred).is_of_this_process() && opening(barred).is_of_this_process(), "{barred}");
    }
    for broken in [nix::Error::EIO, nix::Error::ENOENT, nix::Error::ENOSPC, nix::Error::EMFILE] {
        assert!(!io(broken).is_of_this_process() && !opening(broken).is_of_this_process(), "{broken}");
    }
    let owner = StoreError::Untrusted(Untrusted { path: "ledger".into(), reason: Reason::Owner(7) });
    assert!(!owner.is_of_this_process() && !StoreError::FileSizeLimit.is_of_this_process());
}

#[test]
fn a_record_that_can_be_written_is_opened_and_left_as_it_is() {
    let scratch = Fixture::with_record();
    let before = fs::read(scratch.file("ledger")).unwrap();
    let nobody = UserName::new(b"nobody").unwrap();
    scratch.store.open_to_write(&roy()).unwrap();
    scratch.store.open_to_write(&nobody).unwrap();
    assert_eq!(fs::read(scratch.file("ledger")).unwrap(), before);
    fs::rename(scratch.dir.path().join("users"), scratch.dir.path().join("elsewhere")).unwrap();
    assert!(!scratch.store.open_to_write(&roy()).unwrap_err().is_of_this_process());
}
