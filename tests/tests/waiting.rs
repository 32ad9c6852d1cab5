//! Wrong codes make one wait, each kind of credential by itself, and only some of them ever disable.

use wardkey_tests::machine::world::{SUPPORT, World};
use wardkey_tests::people::person::Person;
use wardkey_tests::programs::pam::PamResult;

// Row: S1-23
#[test]
fn somebody_who_waits_reads_until_when_and_somebody_disabled_whom_to_call() {
    let world = World::with_config("[throttle]\nfree_tries = 1\nfirst_wait = \"1s\"\ndisable_after = 4\n");
    let mut alice = world.person("alice");
    for _ in 0..2 {
        world.types("alice", &alice.wrong_code(&world));
    }
    let waiting = world.types("alice", &alice.fresh_code(&world));
    assert!(waiting.waits(), "{waiting:#?}");
    assert!(waiting.seen().contains("ry again in"), "{waiting:#?}");
    for _ in 0..4 {
        world.advance(3600);
        world.types("alice", &alice.wrong_code(&world));
    }
    assert_eq!(world.state("alice"), "disabled");
    world.advance(7200);
    let disabled = world.types("alice", &alice.fresh_code(&world));
    assert!(disabled.waits(), "{disabled:#?}");
    assert!(disabled.seen().contains(SUPPORT), "{disabled:#?}");
    assert!(world.types("alice", &alice.recovery_codes[0]).accepted(), "a single-use code still opens");
}

#[test]
fn waiting_ends_by_itself_and_by_unlock() {
    let world = World::with_config("[throttle]\nfree_tries = 1\nfirst_wait = \"30s\"\n");
    let mut alice = world.person("alice");
    let wait = |alice: &Person| {
        for _ in 0..2 {
            world.types("alice", &alice.wrong_code(&world));
        }
        assert!(world.status("alice")["wait_until"]["authenticator"].is_string());
    };
    wait(&alice);
    world.advance(31);
    assert!(world.types("alice", &alice.fresh_code(&world)).accepted(), "after the time");
    wait(&alice);
    world.wardkey(&["unlock", "alice"], "").exits(0);
    assert!(world.types("alice", &alice.fresh_code(&world)).accepted(), "after unlock");
    wait(&alice);
    assert!(world.types("alice", &alice.recovery_codes[0]).accepted(), "a single-use code still opens");
    assert!(world.types("alice", &alice.fresh_code(&world)).accepted(), "and ends the waiting");
}

#[test]
fn wrong_recovery_codes_wait_five_minutes_at_most_and_never_disable() {
    let world = World::with_config(
        "[throttle]\nfree_tries = 1\nfirst_wait = \"1h\"\nlongest_wait = \"1h\"\ndisable_after = 3\n",
    );
    let mut alice = world.person("alice");
    for _ in 0..6 {
        assert_eq!(world.types("alice", &alice.wrong_recovery_code()).result(), PamResult::AuthErr);
        world.advance(301);
    }
    world.types("alice", &alice.wrong_recovery_code());
    let status = world.status("alice");
    assert!(status["wait_until"]["single_use"].is_string(), "{status:#}");
    assert_eq!((&status["state"], &status["wait_until"]["authenticator"]), (&"enrolled".into(), &().into()));
    assert!(world.types("alice", &alice.wrong_recovery_code()).waits());
    assert!(world.types("alice", &alice.fresh_code(&world)).accepted(), "the phone does not wait with them");
    let right = world.types("alice", &alice.recovery_codes[0]);
    assert!(right.accepted(), "nobody's guesses close the last way in: {right:#?}");
}

#[test]
fn waiting_times_double_up_to_the_longest() {
    let world =
        World::with_config("[throttle]\nfree_tries = 1\nfirst_wait = \"60s\"\nlongest_wait = \"240s\"\n");
    let alice = world.person("alice");
    world.types("alice", &alice.wrong_code(&world));
    for wait in [60, 120, 240, 240] {
        assert!(world.types("alice", &alice.wrong_code(&world)).waits(), "{wait}");
        world.advance(wait - 20);
        assert!(world.types("alice", &alice.wrong_code(&world)).waits(), "{wait}");
        world.advance(21);
        assert_eq!(world.types("alice", &alice.wrong_code(&world)).result(), PamResult::AuthErr, "{wait}");
    }
}

#[test]
fn one_person_waits_and_nobody_else() {
    let world =
        World::with_config("[throttle]\nfree_tries = 1\nfirst_wait = \"1h\"\nlongest_wait = \"1h\"\n");
    let (mut alice, mut bob) = (world.person("alice"), world.person("bob"));
    for _ in 0..2 {
        world.types("alice", &alice.wrong_code(&world));
    }
    assert!(world.types("alice", &alice.fresh_code(&world)).waits());
    assert!(world.types("bob", &bob.fresh_code(&world)).accepted());
}

// Row: S1-24
#[test]
fn whoever_comes_in_after_many_wrong_codes_hears_of_them() {
    let world = World::new();
    let mut alice = world.person("alice");
    for _ in 0..5 {
        assert_eq!(world.types("alice", &alice.wrong_code(&world)).result(), PamResult::AuthErr);
    }
    let code = alice.recovery_codes[0].clone();
    let login = world.types("alice", &code);
    assert!(login.accepted() && login.messages().contains("5 wrong codes were tried"), "{login:#?}");
    let next = world.types("alice", &alice.fresh_code(&world));
    assert!(next.accepted() && next.messages().is_empty(), "once: {next:#?}");
}
