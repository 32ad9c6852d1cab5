use super::*;
use crate::grace::testing::Hands;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

const UID: u32 = 1000;

fn misses(root: &Path, uid: u32) -> (Misses<Hands>, Hands) {
    let hands = Hands::at(1000);
    let dir = root.join("wardkey/grace");
    (Misses { dir, uid, boot: BootId::new("this"), clock: hands.clone() }, hands)
}

fn file(root: &Path) -> PathBuf {
    root.join("wardkey/grace/.misses/1000")
}

fn is_used_up(taken: Result<Try, NoTry>) -> bool {
    matches!(taken, Err(NoTry::UsedUp))
}

#[test]
fn ten_in_any_hour_and_each_uid_has_its_own() {
    let root = tempfile::tempdir().unwrap();
    let (roy, hands) = misses(root.path(), UID);
    for n in 1..=10 {
        hands.set(1000 + n);
        assert_eq!(roy.take().unwrap().is_last, n == 10, "{n}");
    }
    assert!(is_used_up(roy.take()) && is_used_up(roy.take()));
    assert!(misses(root.path(), 1001).0.take().is_ok(), "another account");
    // Each returns an hour after it was taken, and none before.
    hands.set(1001 + 3599);
    assert!(is_used_up(roy.take()));
    for n in 1..=10 {
        hands.set(1000 + n + 3600);
        assert!(roy.take().unwrap().is_last, "{n}");
        assert!(is_used_up(roy.take()), "{n}");
    }
}

#[test]
fn a_hit_is_given_back() {
    let root = tempfile::tempdir().unwrap();
    let (roy, _) = misses(root.path(), UID);
    for _ in 0..50 {
        let hit = roy.take().unwrap();
        roy.give_back(&hit).unwrap();
    }
    let hit = roy.take().unwrap();
    for _ in 0..9 {
        let _ = roy.take().unwrap();
    }
    roy.give_back(&hit).unwrap();
    assert!(roy.take().unwrap().is_last && is_used_up(roy.take()), "once");
}

/// It is another process that counts on.
#[test]
fn they_are_on_the_file_system_before_anything_is_compared() {
    let root = tempfile::tempdir().unwrap();
    for _ in 0..10 {
        let _ = misses(root.path(), UID).0.take().unwrap();
    }
    assert!(is_used_up(misses(root.path(), UID).0.take()));
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o7777;
    assert_eq!((mode(&file(root.path())), mode(file(root.path()).parent().unwrap())), (0o600, 0o700));
    let (mut roy, _) = misses(root.path(), UID);
    roy.boot = BootId::new("that");
    assert!(roy.take().is_ok(), "the machine was started again");
}

#[test]
fn a_file_that_says_nothing_says_ten() {
    for spoil in [
        |path: &Path| std::fs::write(path, b"").unwrap(),
        |path: &Path| {
            let half = std::fs::read(path).unwrap();
            std::fs::write(path, &half[..half.len() / 2]).unwrap();
        },
        // What is of another form, or of another account.
        |path: &Path| std::fs::write(path, crate::grace::record::encode(&"tally").unwrap()).unwrap(),
        |path: &Path| {
            let other = Tally { version: VERSION, uid: 1, boot: BootId::new("this"), at: Vec::new() };
            std::fs::write(path, crate::grace::record::encode(&other).unwrap()).unwrap();
        },
    ] {
        let root = tempfile::tempdir().unwrap();
        let (roy, hands) = misses(root.path(), UID);
        let _ = roy.take().unwrap();
        spoil(&file(root.path()));
        assert!(roy.are_used_up().unwrap());
        assert!(is_used_up(roy.take()));
        hands.set(1000 + 3600);
        assert!(!roy.are_used_up().unwrap());
        assert!(roy.take().is_ok(), "an hour later all is well again");
    }
}

#[test]
fn where_they_cannot_be_counted_there_is_no_try() {
    let cannot = |root: &Path| matches!(misses(root, UID).0.take(), Err(NoTry::Uncounted(_)));
    for spoil in [
        |path: &Path| std::fs::set_permissions(path, PermissionsExt::from_mode(0o644)).unwrap(),
        |path: &Path| std::os::unix::fs::chown(path, Some(1000), None).unwrap(),
        |path: &Path| {
            std::fs::remove_file(path).unwrap();
            std::os::unix::fs::symlink("/dev/null", path).unwrap();
        },
        |path: &Path| std::fs::hard_link(path, path.with_file_name("other")).unwrap(),
        |path: &Path| {
            std::fs::set_permissions(path.parent().unwrap(), PermissionsExt::from_mode(0o755)).unwrap();
        },
    ] {
        let root = tempfile::tempdir().unwrap();
        let _ = misses(root.path(), UID).0.take().unwrap();
        spoil(&file(root.path()));
        assert!(cannot(root.path()));
    }
    let root = tempfile::tempdir().unwrap();
    std::fs::write(root.path().join("wardkey"), b"").unwrap();
    assert!(cannot(root.path()), "there is no directory");
}

/// Each of them takes at most one.
#[test]
fn many_at_once_take_ten_together() {
    let root = tempfile::tempdir().unwrap();
    let taken = std::sync::atomic::AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..30 {
            scope.spawn(|| {
                let had = misses(root.path(), UID).0.take().is_ok();
                taken.fetch_add(usize::from(had), std::sync::atomic::Ordering::SeqCst);
            });
        }
    });
    assert_eq!(taken.into_inner(), 10);
}

/// However full it is: it is overwritten in place.
#[test]
fn the_fullest_file_fits() {
    let root = tempfile::tempdir().unwrap();
    let (roy, _) = misses(root.path(), u32::MAX);
    let full = roy.tally(vec![BootTime(u64::MAX); MISSES]);
    assert!(crate::grace::record::encode(&full).unwrap().len() < 1024);
}
