//! Two people at two locked screens of one machine, and what a locked screen's owner may read of wardkey.

use wardkey_tests::machine::host::{Host, STATE};
use wardkey_tests::people::person::PASSWORD;
use wardkey_tests::programs::example;
use wardkey_tests::programs::locker::{Locked, LockerProgram};

fn opens(screen: &mut dyn Locked, code: &str) -> bool {
    screen.enter(PASSWORD, code).opened
}

/// Each screen opens to its own person's code; wrong ones at one screen make nobody wait at the other.
fn do_not_see_each_other(program: LockerProgram) {
    let host = Host::with_config("[throttle]\nfree_tries = 2\nfirst_wait = \"10m\"\n");
    example::install(&host, program.service());
    let (mut alice, mut bob) = (host.person("alice"), host.person("bob"));
    let _helper = host.start_helper();
    let mut hers = program.lock(&host, "alice");
    let mut his = program.lock(&host, "bob");

    let code = bob.fresh_code(&host);
    assert!(!opens(&mut *hers, &code), "his code at her screen");
    assert!(!opens(&mut *his, &alice.fresh_code(&host)), "her code at his screen");
    assert!(!opens(&mut *hers, &alice.wrong_code(&host)), "a wrong code");
    assert!(!opens(&mut *hers, &alice.fresh_code(&host)), "she waits");
    assert!(opens(&mut *his, &code), "he does not, and what was typed at her screen spent nothing of his");
    assert!(opens(&mut *hers, &alice.recovery_codes[0]), "her recovery code, at her own screen");
}

#[test]
fn two_people_under_i3lock_do_not_see_each_other() {
    do_not_see_each_other(LockerProgram::I3lock);
}

#[test]
fn two_people_under_swaylock_do_not_see_each_other() {
    do_not_see_each_other(LockerProgram::Swaylock);
}

#[test]
fn two_people_under_xscreensaver_do_not_see_each_other() {
    do_not_see_each_other(LockerProgram::Xscreensaver);
}

#[test]
fn the_person_who_locks_the_screen_may_read_nothing_of_what_opens_it() {
    let host = Host::new();
    example::install(&host, "i3lock");
    let mut alice = host.person("alice");
    let _helper = host.start_helper();
    let mut screen = LockerProgram::I3lock.lock(&host, "alice");
    assert!(!opens(&mut *screen, &alice.wrong_code(&host)));

    let listed = host.must(&format!("find {STATE}/users /etc/wardkey/seal.key -printf '%y %m %U:%G %p\n'"));
    for line in listed.lines() {
        assert!(line.starts_with("d 700 0:0 ") || line.starts_with("f 600 0:0 "), "{line}");
    }
    assert_eq!(listed.lines().count(), 5, "users, alice, two files and the key: {listed}");
    let run_time = host.must("find /run/wardkey -printf '%y %m %U:%G %P\n' | sort");
    for line in run_time.lines() {
        let is_door = ["d 755 0:0 ", "s 666 0:0 helper.sock"].contains(&line);
        assert!(is_door || line.starts_with("d 700 0:0 ") || line.starts_with("f 600 0:0 "), "{run_time}");
    }

    let files = ["enrolment", "ledger"].map(|file| format!("{STATE}/users/alice/{file}"));
    for file in files.iter().map(String::as_str).chain(["/etc/wardkey/seal.key"]) {
        for how in ["cat", "cp /dev/null"] {
            let tried = as_alice(&host, &format!("{how} {file}"));
            assert!(tried.contains("Permission denied"), "{how} {file}: {tried}");
        }
    }
    for directory in [STATE, "/run/wardkey"] {
        let tried = as_alice(&host, &format!("touch {directory}/mine; rm {directory}/*"));
        assert!(tried.contains("ermission denied"), "{directory}: {tried}");
    }
    let after = host.must("find /run/wardkey -printf '%y %m %U:%G %P\n' | sort");
    assert_eq!(after, run_time, "nothing has changed");
    assert!(opens(&mut *screen, &alice.fresh_code(&host)), "and the screen opens");
}

/// What a line of shell says when alice runs it.
fn as_alice(host: &Host, line: &str) -> String {
    let outcome =
        host.shell(&format!("setpriv --reuid=alice --regid=alice --init-groups sh -c '{line}' < /dev/null"));
    outcome.stdout + &outcome.stderr
}
