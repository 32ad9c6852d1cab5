//! A stranger makes somebody wait; two codes in one entry let their owner in all the same.

use wardkey_tests::machine::world::World;
use wardkey_tests::people::person::{PASSWORD, Person};
use wardkey_tests::programs::pam::{PamResult, Script, Transcript};

/// Long waits, so that nothing here is let in by the time that a slow machine takes.
const WAITS: &str = "[throttle]\nfree_tries = 1\nfirst_wait = \"1h\"\nlongest_wait = \"1h\"\n[service.locker]\nentry = \"combined\"\n";

const LOCKER: &str = "auth requisite pam_wardkey.so\nauth required pam_unix.so try_first_pass nodelay\n";

/// A code never typed and the one after it.
fn two(person: &mut Person, world: &World) -> String {
    format!("{}{}", person.fresh_code(world), person.fresh_code(world))
}

fn unlocks(world: &World, entry: &str) -> Transcript {
    world.pam(&Script::new("locker", "alice").types("assword", entry))
}

fn waits(world: &World, alice: &Person) {
    for _ in 0..2 {
        assert!(!world.types("alice", &alice.wrong_code(world)).accepted());
    }
    assert!(world.status("alice")["wait_until"]["authenticator"].is_string());
}

// Row: S1-23
#[test]
fn a_code_and_the_next_one_open_while_one_code_waits() {
    let world = World::with_config(WAITS);
    let mut alice = world.person("alice");
    waits(&world, &alice);
    let waiting = world.types("alice", &alice.fresh_code(&world));
    assert!(!waiting.accepted(), "{waiting:#?}");
    let advice = "note this code, wait for the next, and type both, one behind the other";
    assert!(waiting.seen().contains(advice), "{waiting:#?}");
    let both = two(&mut alice, &world);
    let opened = world.types("alice", &both);
    assert!(opened.accepted(), "{opened:#?}");
    assert!(!world.types("alice", &both).accepted(), "once");
    assert!(world.types("alice", &alice.fresh_code(&world)).accepted(), "and nobody waits any more");
}

#[test]
fn behind_a_password_they_open_a_locker_that_a_stranger_keeps_waiting() {
    let world = World::with_config(WAITS);
    world.service("locker", LOCKER);
    let mut alice = world.person("alice");
    for _ in 0..8 {
        assert!(!unlocks(&world, &format!("guess{}", alice.wrong_code(&world))).accepted());
    }
    assert!(world.status("alice")["wait_until"]["combined"].is_string());
    let one = unlocks(&world, &format!("{PASSWORD}{}", alice.fresh_code(&world)));
    assert!(!one.accepted() && one.seen().contains("one behind the other, after the password"), "{one:#?}");
    let both = two(&mut alice, &world);
    let opened = unlocks(&world, &format!("{PASSWORD}{both}"));
    assert!(opened.accepted(), "{opened:#?}");
    let next = unlocks(&world, &format!("{PASSWORD}{}", alice.fresh_code(&world)));
    assert!(next.accepted(), "the wait is over: {next:#?}");
}

#[test]
fn behind_a_password_a_recovery_code_needs_no_hyphens() {
    let world = World::with_config(WAITS);
    world.service("locker", LOCKER);
    let alice = world.person("alice");
    let [printed, bare] =
        [&alice.recovery_codes[0], &alice.recovery_codes[1].replace('-', "").to_lowercase()];
    for code in [printed, bare] {
        let entry = format!("{PASSWORD}{code}");
        assert!(unlocks(&world, &entry).accepted(), "{code}");
        assert!(!unlocks(&world, &entry).accepted(), "{code} once more");
    }
    let misses = unlocks(&world, "a-long-passphrase0abcdefghjkmnpqr");
    assert_eq!(misses.result(), PamResult::AuthErr);
    let status = world.status("alice");
    assert!(
        status["wait_until"]["combined"].is_null() && status["wait_until"]["single_use"].is_null(),
        "{status}"
    );
}

/// Guessing pairs is slow, and ends.
#[test]
fn wrong_pairs_wait_ten_seconds_and_close_after_a_hundred() {
    let world = World::with_config("");
    let mut alice = world.person("alice");
    let wrong = |world: &World| world.types("alice", &alice.wrong_code(world).repeat(2));
    for _ in 0..5 {
        assert!(!wrong(&world).accepted());
    }
    let waits = wrong(&world);
    assert!(waits.seen().contains("Type one code alone"), "{waits:#?}");
    assert!(!world.status("alice")["wait_until"]["pair"].is_null(), "{:#}", world.status("alice"));
    let shown = || world.wardkey(&["status", "alice"], "").exits(0).stdout;
    assert!(shown().contains("two codes in one entry: waiting until"), "{}", shown());
    for _ in 5..100 {
        world.advance(61);
        assert!(!wrong(&world).accepted());
    }
    world.advance(61);
    let both = two(&mut alice, &world);
    let closed = world.types("alice", &both);
    assert!(!closed.accepted() && closed.seen().contains("Type one code alone"), "{closed:#?}");
    assert!(shown().contains("two codes in one entry: closed"), "{}", shown());
    let one = world.types("alice", &alice.fresh_code(&world));
    assert!(one.accepted(), "one code still opens: {one:#?}");
    let both = two(&mut alice, &world);
    assert!(world.types("alice", &both).accepted(), "and lets two open again");
    assert!(!shown().contains("two codes"), "{}", shown());
}
