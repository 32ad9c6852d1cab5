//! Two people at two locked screens of one machine, and what a locked screen's owner may read of wardkey.

use wardkey_tests::machine::world::{STATE, World};
use wardkey_tests::people::person::PASSWORD;
use wardkey_tests::programs::example;
use wardkey_tests::programs::locker::{Locked, Program};

fn opens(screen: &mut dyn Locked, code: &str) -> bool {
    screen.enter(PASSWORD, code).opened
}

/// Each screen opens to its own person's code; wrong ones at one screen make nobody wait at the other.
fn do_not_see_each_other(program: Program) {
    let world = World::with_config("[throttle]\nfree_tries = 2\nfirst_wait = \"10m\"\n");
    example::install(&world, program.service());
    let (mut alice, mut bob) = (world.person("alice"), world.person("bob"));
    let _helper = world.start_helper();
    let mut hers = program.lock(&world, "alice");
    let mut his = program.lock(&world, "bob");

    let code = bob.fresh_code(&world);
    assert!(!opens(&mut *hers, &code), "his code at her screen");
    assert!(!opens(&mut *his, &alice.fresh_code(&world)), "her code at his screen");
    assert!(!opens(&mut *hers, &alice.wrong_code(&world)), "a wrong code");
    assert!(!opens(&mut *hers, &alice.fresh_code(&world)), "she waits");
    assert!(opens(&mut *his, &code), "he does not, and what was typed at her screen spent nothing of his");
    assert!(opens(&mut *hers, &alice.recovery_codes[0]), "her recovery code, at her own screen");
}

#[test]
fn two_people_under_i3lock_do_not_see_each_other() {
    do_not_see_each_other(Program::I3lock);
}

#[test]
fn two_people_under_swaylock_do_not_see_each_other() {
    do_not_see_each_other(Program::Swaylock);
}

#[test]
fn two_people_under_xscreensaver_do_not_see_each_other() {
    do_not_see_each_other(Program::Xscreensaver);
}

#[test]
fn whoever_locks_the_screen_may_read_nothing_of_what_opens_it() {
    let world = World::new();
    example::install(&world, "i3lock");
    let mut alice = world.person("alice");
    let _helper = world.start_helper();
    let mut screen = Program::I3lock.lock(&world, "alice");
    assert!(!opens(&mut *screen, &alice.wrong_code(&world)));

    let listed = world.must(&format!("find {STATE}/users /etc/wardkey/seal.key -printf '%y %m %U:%G %p\n'"));
    for line in listed.lines() {
        assert!(line.starts_with("d 700 0:0 ") || line.starts_with("f 600 0:0 "), "{line}");
    }
    assert_eq!(listed.lines().count(), 5, "users, alice, two files and the key: {listed}");
    let run_time = world.must("find /run/wardkey -printf '%y %m %U:%G %P\n' | sort");
    for line in run_time.lines() {
        let is_door = ["d 755 0:0 ", "s 666 0:0 helper.sock"].contains(&line);
        assert!(is_door || line.starts_with("d 700 0:0 ") || line.starts_with("f 600 0:0 "), "{run_time}");
    }

    let files = ["enrolment.toml", "ledger"].map(|file| format!("{STATE}/users/alice/{file}"));
    for file in files.iter().map(String::as_str).chain(["/etc/wardkey/seal.key"]) {
        for how in ["cat", "cp /dev/null"] {
            let tried = as_alice(&world, &format!("{how} {file}"));
            assert!(tried.contains("Permission denied"), "{how} {file}: {tried}");
        }
    }
    for directory in [STATE, "/run/wardkey"] {
        let tried = as_alice(&world, &format!("touch {directory}/mine; rm {directory}/*"));
        assert!(tried.contains("ermission denied"), "{directory}: {tried}");
    }
    let after = world.must("find /run/wardkey -printf '%y %m %U:%G %P\n' | sort");
    assert_eq!(after, run_time, "nothing has changed");
    assert!(opens(&mut *screen, &alice.fresh_code(&world)), "and the screen opens");
}

/// What a line of shell says when alice runs it.
fn as_alice(world: &World, line: &str) -> String {
    let outcome =
        world.shell(&format!("setpriv --reuid=alice --regid=alice --init-groups sh -c '{line}' < /dev/null"));
    outcome.stdout + &outcome.stderr
}
