//! What is made under a hidden name: found whole or not at all, and nothing of it stays.

use super::super::new_file::{Place, by_hidden_name, write_new};
use super::*;
use crate::system::owner::Owner;
use crate::system::trusted_file::{self, Readers, Reason};
use std::fs::{self, File};
use std::os::fd::AsFd;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

const HIDDEN: &str = ".wardkey.0123456789abcdef";

struct Scratch(tempfile::TempDir);

impl Scratch {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn open(&self) -> File {
        File::open(self.0.path()).unwrap()
    }

    fn names(&self) -> Vec<String> {
        let mut names = names(self.open(), Path::new("."), self.0.path()).unwrap();
        names.sort();
        names
    }

    fn write(&self, name: &str, place: Place, content: &[u8]) -> Result<(), StoreError> {
        by_hidden_name(self.open().as_fd(), (name, place), &self.path(name), (content, Owner::ROOT))
    }
}

#[test]
fn it_is_whole_private_and_alone_under_its_name() {
    let scratch = Scratch::new();
    scratch.write("ledger", Place::New, b"content").unwrap();
    assert_eq!(fs::read(scratch.path("ledger")).unwrap(), b"content");
    assert_eq!(fs::metadata(scratch.path("ledger")).unwrap().permissions().mode() & 0o7777, 0o600);
    assert_eq!(scratch.names(), ["ledger"]);
}

#[test]
fn what_has_the_name_stays_unless_it_is_to_be_replaced() {
    let scratch = Scratch::new();
    scratch.write("ledger", Place::New, b"first").unwrap();
    let taken = scratch.write("ledger", Place::New, b"second").unwrap_err();
    assert!(matches!(&taken, StoreError::Io(_, _, e) if e.kind() == std::io::ErrorKind::AlreadyExists));
    assert_eq!(
        (fs::read(scratch.path("ledger")).unwrap(), scratch.names()),
        (b"first".to_vec(), vec!["ledger".into()])
    );
    scratch.write("ledger", Place::Taken, b"third").unwrap();
    assert_eq!(
        (fs::read(scratch.path("ledger")).unwrap(), scratch.names()),
        (b"third".to_vec(), vec!["ledger".into()])
    );
}

/// What is held is somebody's work, and what has another form is not ours.
#[test]
fn only_what_a_killed_process_left_is_cleared() {
    let scratch = Scratch::new();
    let section = Section::enter();
    let dir = scratch.open();
    let held = Hidden::make(&section, dir.as_fd()).unwrap().unwrap();
    for name in [HIDDEN, ".wardkey.toml", ".wardkey.0123456789abcde", ".wardkey.0123456789abcdefg"] {
        fs::write(scratch.path(name), b"half").unwrap();
    }
    scratch.write("ledger", Place::New, b"whole").unwrap();
    let others = [".wardkey.0123456789abcde", ".wardkey.0123456789abcdefg", ".wardkey.toml", "ledger"];
    let mut left = [held.name.as_str()].into_iter().chain(others).collect::<Vec<_>>();
    left.sort_unstable();
    assert_eq!(scratch.names(), left);
    held.name("mine").unwrap();
    assert!(scratch.names().contains(&"mine".to_owned()));
}

/// Between the two links that file systems without a better call need.
#[test]
fn a_file_whose_hidden_name_a_killed_process_left_is_read_all_the_same() {
    let scratch = Scratch::new();
    write_new(scratch.open().as_fd(), "ledger", &scratch.path("ledger"), b"content").unwrap();
    fs::hard_link(scratch.path("ledger"), scratch.path(HIDDEN)).unwrap();
    fs::write(scratch.path(".wardkey.fedcba9876543210"), b"another's").unwrap();
    assert_eq!(trusted_file::read(&scratch.path("ledger"), Readers::RootOnly, 100).unwrap(), b"content");
    assert_eq!(scratch.names(), [".wardkey.fedcba9876543210", "ledger"]);
    fs::hard_link(scratch.path("ledger"), scratch.path("copy")).unwrap();
    let refused = trusted_file::read(&scratch.path("ledger"), Readers::RootOnly, 100).unwrap_err();
    assert!(matches!(refused.reason, Reason::HardLinked), "a name of another form is somebody's");
}

#[test]
fn many_at_once_take_nothing_from_each_other() {
    let scratch = Scratch::new();
    std::thread::scope(|scope| {
        for name in ["a", "b", "c", "d"] {
            let scratch = &scratch;
            scope.spawn(move || {
                for _ in 0..50 {
                    scratch.write(name, Place::Taken, name.repeat(5000).as_bytes()).unwrap();
                }
            });
        }
    });
    assert_eq!(scratch.names(), ["a", "b", "c", "d"]);
    for name in scratch.names() {
        assert_eq!(fs::read_to_string(scratch.path(&name)).unwrap(), name.repeat(5000));
    }
}

#[test]
fn one_of_many_gets_a_new_name() {
    let scratch = Scratch::new();
    let won = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..8)
            .map(|n| {
                scope.spawn({
                    let scratch = &scratch;
                    move || scratch.write("ledger", Place::New, &[n; 8192]).is_ok()
                })
            })
            .collect();
        writers.into_iter().map(|writer| writer.join().unwrap()).filter(|won| *won).count()
    });
    assert_eq!((won, scratch.names()), (1, vec!["ledger".into()]));
    let content = fs::read(scratch.path("ledger")).unwrap();
    assert!(content.len() == 8192 && content.iter().all(|byte| *byte == content[0]));
}
