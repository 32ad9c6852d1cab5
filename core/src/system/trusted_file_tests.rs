//! Every demand refused in turn. These need root, as the installation does.

use super::*;
use std::fs::{Permissions, hard_link, set_permissions, write};
use std::os::unix::fs::{PermissionsExt, chown, symlink};
use std::path::PathBuf;

struct Scratch(tempfile::TempDir);

impl Scratch {
    fn with(mode: u32) -> (Self, PathBuf) {
        let scratch = Self(tempfile::tempdir().unwrap());
        let path = scratch.0.path().join("file");
        write(&path, b"content").unwrap();
        set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        (scratch, path)
    }
}

fn why(path: &Path, readers: Readers) -> String {
    read(path, readers, 10).unwrap_err().to_string().split_once(": ").unwrap().1.to_owned()
}

#[test]
fn a_sound_file_is_read() {
    let (_dir, path) = Scratch::with(0o600);
    assert_eq!(read(&path, Readers::RootOnly, 7).unwrap(), b"content");
}

#[test]
fn a_private_directory_is_its_owners_alone_wherever_a_link_leads() {
    let scratch = tempfile::tempdir().unwrap();
    let (dir, link) = (scratch.path().join("dir"), scratch.path().join("link"));
    std::fs::create_dir(&dir).unwrap();
    symlink(&dir, &link).unwrap();
    for (mode, sound) in [(0o700, true), (0o500, true), (0o710, false), (0o705, false), (0o1777, false)] {
        set_permissions(&dir, Permissions::from_mode(mode)).unwrap();
        for path in [&dir, &link] {
            assert_eq!(open_private_dir(path).is_ok(), sound, "{mode:o}");
        }
    }
    set_permissions(&dir, Permissions::from_mode(0o700)).unwrap();
    chown(&dir, Some(1), None).unwrap();
    assert!(matches!(open_private_dir(&dir).unwrap_err().reason, Reason::Owner(1)));
    write(scratch.path().join("file"), b"").unwrap();
    assert!(matches!(
        open_private_dir(&scratch.path().join("file")).unwrap_err().reason,
        Reason::NotDirectory
    ));
}

#[test]
fn what_others_can_write_or_read_is_refused() {
    for (mode, readers, refused) in [
        (0o644, Readers::Anyone, false),
        (0o644, Readers::RootOnly, true),
        (0o640, Readers::RootOnly, true),
        (0o664, Readers::Anyone, true),
        (0o646, Readers::Anyone, true),
    ] {
        let (_dir, path) = Scratch::with(mode);
        assert_eq!(read(&path, readers, 10).is_err(), refused, "{mode:o}");
    }
}

#[test]
fn what_is_no_plain_file_of_roots_is_refused() {
    let (dir, path) = Scratch::with(0o600);
    let link = dir.0.path().join("link");
    symlink(&path, &link).unwrap();
    assert_eq!(why(&link, Readers::Anyone), "is a symbolic link");

    let fifo = dir.0.path().join("fifo");
    nix::unistd::mkfifo(&fifo, Mode::S_IRUSR).unwrap();
    assert_eq!(why(&fifo, Readers::Anyone), "is not a regular file");
    assert_eq!(why(dir.0.path(), Readers::Anyone), "is not a regular file");

    chown(&path, Some(65534), None).unwrap();
    assert_eq!(why(&path, Readers::Anyone), "belongs to uid 65534, not to root");
    chown(&path, Some(0), None).unwrap();

    write(&path, b"more than ten bytes").unwrap();
    assert_eq!(why(&path, Readers::Anyone), "is too large");

    hard_link(&path, dir.0.path().join("second")).unwrap();
    assert_eq!(why(&path, Readers::Anyone), "has a second hard link");
}

#[test]
fn a_missing_file_says_so() {
    let (dir, _path) = Scratch::with(0o600);
    assert!(read(&dir.0.path().join("none"), Readers::Anyone, 1).unwrap_err().is_missing());
}

#[test]
fn a_directory_others_can_write_is_refused() {
    let (dir, path) = Scratch::with(0o600);
    set_permissions(dir.0.path(), Permissions::from_mode(0o700)).unwrap();
    assert!(open_dir(None, dir.0.path(), dir.0.path(), Readers::RootOnly).is_ok());
    set_permissions(dir.0.path(), Permissions::from_mode(0o777)).unwrap();
    assert!(open_dir(None, dir.0.path(), dir.0.path(), Readers::Anyone).is_err());
    assert!(open_dir(None, &path, &path, Readers::Anyone).is_err());
}

#[test]
fn a_foreign_file_may_be_anybodys_but_must_be_a_file_of_bounded_size() {
    let (dir, path) = Scratch::with(0o666);
    chown(&path, Some(1000), Some(1000)).unwrap();
    assert_eq!(read_foreign(&path, 7).unwrap(), b"content");
    assert!(matches!(read_foreign(&path, 6).unwrap_err().reason, Reason::TooLarge));
    let link = dir.0.path().join("link");
    symlink(&path, &link).unwrap();
    assert!(matches!(read_foreign(&link, 7).unwrap_err().reason, Reason::SymbolicLink));
    let fifo = dir.0.path().join("fifo");
    nix::unistd::mkfifo(&fifo, Mode::S_IRWXU).unwrap();
    assert!(matches!(read_foreign(&fifo, 7).unwrap_err().reason, Reason::NotRegular));
    assert!(matches!(read_foreign(dir.0.path(), 7).unwrap_err().reason, Reason::NotRegular));
    assert!(read_foreign(&dir.0.path().join("none"), 7).unwrap_err().is_missing());
}

#[test]
fn a_file_is_read_whole_whatever_size_was_seen() {
    let (_dir, path) = Scratch::with(0o600);
    let read_with = |seen: i64, max_len| {
        let file = File::open(&path).unwrap();
        let mut stat = fstat(&file).unwrap();
        stat.st_size = seen;
        read_seen(file, &stat, max_len)
    };
    for seen in [0, 1, 6, 7, 8, 100, i64::MAX, -1] {
        assert_eq!(read_with(seen, 7).unwrap(), b"content", "{seen}");
        assert!(matches!(read_with(seen, 6), Err(Reason::TooLarge)), "{seen}");
    }
    assert!(read(Path::new("/proc/self/status"), Readers::Anyone, 1 << 16).unwrap().len() > 100);
}
