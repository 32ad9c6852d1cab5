use super::*;
use crate::grace::testing::{Hands, SPAN, basis, grace, user};
use crate::grace::{BUDGET, BootTime};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

const SESSION: Session = Session::Audit(5);

fn seat(user: &UserName) -> Seat<'_> {
    Seat { user, uid: 1000, session: &SESSION }
}

fn is_granted(taken: Taken) -> bool {
    matches!(taken, Taken::Granted)
}

fn why<C: BootClock>(grace: &Grace<C>, seat: Seat<'_>) -> NoGrace {
    match grace.take(seat, &basis(), SPAN) {
        Taken::Granted => panic!("granted"),
        Taken::AskForCode(why) => why,
    }
}

#[test]
fn a_login_with_both_factors_reopens_its_session_and_no_other() {
    let root = tempfile::tempdir().unwrap();
    let (grace, hands) = grace(root.path());
    let (roy, ann) = (user("roy"), user("ann"));
    assert!(matches!(why(&grace, seat(&roy)), NoGrace::None));
    grace.begin(seat(&roy), &basis()).unwrap();
    assert!(is_granted(grace.take(seat(&roy), &basis(), SPAN)));
    grace.succeeded(seat(&roy), By::Grace).unwrap();
    assert!(matches!(why(&grace, seat(&ann)), NoGrace::None));
    let other = Session::Audit(6);
    assert!(matches!(why(&grace, Seat { session: &other, ..seat(&roy) }), NoGrace::None));
    hands.set(1000 + SPAN.as_secs());
    assert!(matches!(why(&grace, seat(&roy)), NoGrace::Expired));
}

#[test]
fn a_leader_is_asked_for_one_code_in_the_session_itself() {
    let root = tempfile::tempdir().unwrap();
    let (grace, _) = grace(root.path());
    let (roy, session) = (user("roy"), Session::Leader { tty: 1027, pid: 50, start: 7 });
    let seat = Seat { session: &session, ..seat(&roy) };
    grace.begin(seat, &basis()).unwrap();
    assert!(matches!(why(&grace, seat), NoGrace::None));
    grace.code_accepted(seat, &basis()).unwrap();
    grace.succeeded(seat, By::Code).unwrap();
    assert!(is_granted(grace.take(seat, &basis(), SPAN)));
    let again = Session::Leader { tty: 1027, pid: 50, start: 8 };
    assert!(matches!(why(&grace, Seat { session: &again, ..seat }), NoGrace::None), "the number given again");
    grace.end(&roy, None).unwrap();
    assert!(matches!(why(&grace, seat), NoGrace::None), "logged out");
}

#[test]
fn logging_out_ends_the_grace_of_that_session() {
    let root = tempfile::tempdir().unwrap();
    let (grace, _) = grace(root.path());
    let (roy, second) = (user("roy"), Session::Audit(6));
    grace.end(&roy, Some(&SESSION)).unwrap();
    for session in [&SESSION, &second] {
        grace.begin(Seat { session, ..seat(&roy) }, &basis()).unwrap();
    }
    grace.end(&roy, Some(&SESSION)).unwrap();
    assert!(matches!(why(&grace, seat(&roy)), NoGrace::None));
    assert!(matches!(grace.succeeded(seat(&roy), By::Code), Err(NoGrace::None)));
    assert!(is_granted(grace.take(Seat { session: &second, ..seat(&roy) }, &basis(), SPAN)));
}

#[test]
fn it_is_roots_alone_whatever_the_umask() {
    let root = tempfile::tempdir().unwrap();
    let (grace, _) = grace(root.path());
    let roy = user("../roy");
    grace.begin(seat(&roy), &basis()).unwrap();
    let mode =
        |path: &str| std::fs::symlink_metadata(root.path().join(path)).unwrap().permissions().mode() & 0o7777;
    assert_eq!(mode("wardkey"), 0o755);
    assert_eq!(mode("wardkey/grace"), 0o700);
    assert_eq!(mode("wardkey/grace/%2E.%2Froy"), 0o700);
    assert_eq!(mode("wardkey/grace/%2E.%2Froy/audit-5"), 0o600);
}

type Spoil = fn(&Path);

#[test]
fn what_cannot_be_believed_is_no_grace_and_a_code_mends_it() {
    let file = |root: &Path| root.join("wardkey/grace/roy/audit-5");
    let spoils: [(&str, Spoil); 8] = [
        ("cut short", |f| std::fs::File::options().write(true).open(f).unwrap().set_len(90).unwrap()),
        ("empty", |f| std::fs::write(f, "").unwrap()),
        ("too long", |f| std::fs::write(f, vec![b'x'; 4000]).unwrap()),
        ("readable by others", |f| std::fs::set_permissions(f, PermissionsExt::from_mode(0o644)).unwrap()),
        ("of another owner", |f| std::os::unix::fs::chown(f, Some(1000), None).unwrap()),
        ("with a second name", |f| std::fs::hard_link(f, f.with_file_name("copy")).unwrap()),
        ("a link", |f| {
            std::fs::rename(f, f.with_file_name("copy")).unwrap();
            symlink("copy", f).unwrap();
        }),
        ("another session's", |f| {
            let text = std::fs::read(f).unwrap();
            std::fs::write(f, String::from_utf8(text).unwrap().replace("audit-5", "audit-6")).unwrap();
        }),
    ];
    for (what, spoil) in spoils {
        let root = tempfile::tempdir().unwrap();
        let (grace, _) = grace(root.path());
        let roy = user("roy");
        grace.begin(seat(&roy), &basis()).unwrap();
        spoil(&file(root.path()));
        let why = why(&grace, seat(&roy));
        assert!(why.is_worth_a_line() && why.to_string().starts_with("no grace: "), "{what}: {why}");
        assert!(grace.succeeded(seat(&roy), By::Code).is_err(), "{what}");
        grace.code_accepted(seat(&roy), &basis()).unwrap();
        grace.succeeded(seat(&roy), By::Code).unwrap();
        assert!(is_granted(grace.take(seat(&roy), &basis(), SPAN)), "{what}: not mended");
    }
}

#[test]
fn a_file_of_another_session_person_or_boot_is_no_use_in_its_place() {
    let root = tempfile::tempdir().unwrap();
    let (grace, hands) = grace(root.path());
    let (roy, ann) = (user("roy"), user("ann"));
    grace.begin(seat(&ann), &basis()).unwrap();
    grace.begin(seat(&roy), &basis()).unwrap();
    let dir = root.path().join("wardkey/grace");
    std::fs::copy(dir.join("ann/audit-5"), dir.join("roy/audit-5")).unwrap();
    assert!(matches!(why(&grace, seat(&roy)), NoGrace::NotTheirs));
    grace.begin(seat(&roy), &basis()).unwrap();
    std::fs::copy(dir.join("roy/audit-5"), dir.join("roy/audit-6")).unwrap();
    let other = Session::Audit(6);
    assert!(matches!(why(&grace, Seat { session: &other, ..seat(&roy) }), NoGrace::NotTheirs));
    let next = Grace::new(dir, BootId::new("that"), hands);
    assert!(matches!(why(&next, seat(&roy)), NoGrace::NotTheirs));
}

#[test]
fn directories_that_others_could_change_hold_no_grace() {
    for (dir, mode) in [("wardkey", 0o777), ("wardkey/grace", 0o755), ("wardkey/grace/roy", 0o701)] {
        let root = tempfile::tempdir().unwrap();
        let (grace, _) = grace(root.path());
        let roy = user("roy");
        grace.begin(seat(&roy), &basis()).unwrap();
        std::fs::set_permissions(root.path().join(dir), PermissionsExt::from_mode(mode)).unwrap();
        assert!(matches!(why(&grace, seat(&roy)), NoGrace::Trouble(_)), "{dir}");
        assert!(grace.begin(seat(&roy), &basis()).is_err(), "{dir}");
    }
}

#[test]
fn a_login_sweeps_what_has_no_effect_any_more_of_its_own_person() {
    let root = tempfile::tempdir().unwrap();
    let (grace, hands) = grace(root.path());
    let (roy, ann) = (user("roy"), user("ann"));
    grace.begin(seat(&roy), &basis()).unwrap();
    hands.set(1000 + 80_000);
    grace.begin(seat(&ann), &basis()).unwrap();
    let dir = root.path().join("wardkey/grace");
    std::fs::write(dir.join("ann/audit-7"), "debris").unwrap();
    Grace::new(dir.clone(), BootId::new("that"), hands.clone())
        .begin(Seat { session: &Session::Audit(8), ..seat(&roy) }, &basis())
        .unwrap();
    let left = || {
        let mut all: Vec<String> = ["roy", "ann"]
            .iter()
            .flat_map(|p| {
                StateDir::open(&dir, p).unwrap().names().unwrap().into_iter().map(move |n| format!("{p}/{n}"))
            })
            .collect();
        all.sort();
        all
    };
    assert_eq!(left(), ["ann/audit-5", "ann/audit-7", "roy/audit-8"], "of another boot");
    let third = Session::Audit(9);
    grace.begin(Seat { session: &third, ..seat(&ann) }, &basis()).unwrap();
    assert_eq!(left(), ["ann/audit-5", "ann/audit-9", "roy/audit-8"], "damaged; what is alive stays");
    hands.set(1000 + 80_000 + 86_400);
    grace.begin(Seat { session: &third, ..seat(&ann) }, &basis()).unwrap();
    assert_eq!(left(), ["ann/audit-9", "roy/audit-8"], "over");
}

#[test]
fn an_unlock_waits_for_another_and_a_logout_for_nobody() {
    let root = tempfile::tempdir().unwrap();
    let (grace, _) = grace(root.path());
    let roy = user("roy");
    grace.begin(seat(&roy), &basis()).unwrap();
    let other = std::fs::File::open(root.path().join("wardkey/grace/roy/audit-5")).unwrap();
    other.lock().unwrap();
    std::thread::scope(|scope| {
        let unlock = scope.spawn(|| grace.take(seat(&roy), &basis(), SPAN));
        // Long enough to be waiting, most likely; were it not yet, it would find the same.
        std::thread::sleep(Duration::from_millis(50));
        assert!(!unlock.is_finished(), "it did not wait");
        grace.end(&roy, Some(&SESSION)).unwrap();
        drop(other);
        let taken = unlock.join().unwrap();
        assert!(matches!(taken, Taken::AskForCode(NoGrace::None)), "granted after the logout: {taken:?}");
    });
}

/// Counts what is granted to many at once.
fn granted(grace: &Grace<Hands>, roy: &UserName, at_once: usize, each: usize) -> usize {
    let (granted, start) = (AtomicUsize::new(0), std::sync::Barrier::new(at_once));
    std::thread::scope(|scope| {
        for _ in 0..at_once {
            scope.spawn(|| {
                start.wait();
                for _ in 0..each {
                    if is_granted(grace.take(seat(roy), &basis(), SPAN)) {
                        granted.fetch_add(1, Ordering::SeqCst);
                    }
                }
            });
        }
    });
    granted.into_inner()
}

#[test]
fn two_lockers_of_one_person_lose_no_step_of_the_budget() {
    let root = tempfile::tempdir().unwrap();
    let (grace, _) = grace(root.path());
    let roy = user("roy");
    for _ in 0..20 {
        grace.begin(seat(&roy), &basis()).unwrap();
        assert_eq!(granted(&grace, &roy, 8, 3), usize::from(BUDGET));
    }
}

#[test]
fn codes_logouts_and_unlocks_at_once_leave_a_whole_file() {
    let root = tempfile::tempdir().unwrap();
    let (grace, _) = grace(root.path());
    let roy = user("roy");
    std::thread::scope(|scope| {
        for worker in 0..6 {
            let (grace, roy) = (&grace, &roy);
            scope.spawn(move || {
                for _ in 0..60 {
                    match worker {
                        0 => grace.end(roy, Some(&SESSION)).unwrap(),
                        1 => grace.begin(seat(roy), &basis()).unwrap(),
                        2 | 3 => grace.code_accepted(seat(roy), &basis()).unwrap(),
                        _ => {
                            let taken = grace.take(seat(roy), &basis(), SPAN);
                            let is_whole =
                                !matches!(taken, Taken::AskForCode(NoGrace::Damaged | NoGrace::Trouble(_)));
                            assert!(is_whole, "{taken:?}");
                        }
                    }
                }
            });
        }
    });
    grace.begin(seat(&roy), &basis()).unwrap();
    assert_eq!(granted(&grace, &roy, 1, 9), usize::from(BUDGET));
}

#[test]
fn the_real_boot_and_its_clock_serve() {
    let root = tempfile::tempdir().unwrap();
    let grace = Grace::of_this_boot(root.path().join("grace")).unwrap();
    let roy = user("roy");
    grace.begin(seat(&roy), &basis()).unwrap();
    assert!(is_granted(grace.take(seat(&roy), &basis(), SPAN)));
    assert!(SystemBootClock.now() > BootTime(0));
}
