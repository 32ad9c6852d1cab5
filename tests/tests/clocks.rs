//! Clocks that disagree: the phone's, and the workstation's.

use wardkey_tests::machine::world::World;
use wardkey_tests::programs::pam::PamResult;

const DEFAULT_WINDOW: &str = "[totp]\nwindow = 1\n";

// Row: S1-22
#[test]
fn a_clock_set_back_is_said_and_is_no_reason_to_refuse() {
    let world = World::new();
    let mut alice = world.person("alice");
    assert!(world.types("alice", &alice.fresh_code(&world)).accepted());
    world.advance(-3 * 86_400);
    assert!(world.types("alice", &alice.recovery_codes[0]).accepted());
    let _ = world.syslog().authpriv(&["alice", "clock"]);
}

#[test]
fn in_1970_a_recovery_code_opens_and_status_says_what_is_wrong() {
    let world = World::new();
    let mut alice = world.person("alice");
    assert!(world.types("alice", &alice.fresh_code(&world)).accepted());
    let now = i64::try_from(world.now()).expect("a time of our days");
    world.advance(86_400 - now);
    assert!(world.types("alice", &alice.recovery_codes[0]).accepted());
    assert!(!world.types("alice", &alice.recovery_codes[0]).accepted());
    let _ = world.syslog().authpriv(&["alice", "clock"]);
    let status = world.wardkey(&["status", "alice"], "").exits(0);
    assert!(format!("{}{}", status.stdout, status.stderr).contains("clock"), "{status:?}");
}

// Row: S1-22
#[test]
fn one_step_either_side_is_accepted_and_two_are_not() {
    for (offset, result) in
        [(-2, PamResult::AuthErr), (-1, PamResult::Success), (1, PamResult::Success), (2, PamResult::AuthErr)]
    {
        let world = World::with_config(DEFAULT_WINDOW);
        let alice = world.person("alice");
        world.advance(10 * 30);
        let step = in_the_middle_of_a_step(&world).saturating_add_signed(offset);
        assert_eq!(world.types("alice", &alice.phone.code(step)).result(), result, "{offset} steps");
    }
}

// Row: S1-22
#[test]
fn a_drift_is_learned_from_accepted_codes_one_step_at_a_time() {
    let world = World::with_config(DEFAULT_WINDOW);
    let alice = world.person("alice");
    let types = |ahead: u64| {
        world.advance(10 * 30);
        let step = in_the_middle_of_a_step(&world) + ahead;
        world.types("alice", &alice.phone.code(step)).accepted()
    };
    assert!(!types(2), "too far ahead at first");
    assert!(types(1));
    assert!(types(2), "one step further than the one learned");
    assert!(!types(4), "not two");
}

// Row: S1-22
#[test]
fn a_clock_that_is_put_right_opens_at_once() {
    let world = World::with_config(DEFAULT_WINDOW);
    let alice = world.person("alice");
    let code = |ahead: u64| {
        world.advance(10 * 30);
        alice.phone.code(in_the_middle_of_a_step(&world) + ahead)
    };
    for ahead in 1..=4 {
        assert!(world.types("alice", &code(ahead)).accepted(), "a phone that gains: {ahead}");
    }
    let right = world.types("alice", &code(0));
    assert!(right.accepted() && !right.seen().contains("off"), "{right:#?}");
    assert!(world.types("alice", &code(3)).accepted(), "where it was is near what is remembered");
    for _ in 0..4 {
        assert!(world.types("alice", &code(0)).accepted());
    }
    assert!(!world.types("alice", &code(3)).accepted(), "and is forgotten step by step");
}

// Row: S1-22
#[test]
fn after_two_codes_of_one_other_time_the_person_reads_that_a_clock_is_off() {
    let world = World::with_config(DEFAULT_WINDOW);
    let mut alice = world.person("alice");
    let far = in_the_middle_of_a_step(&world) + 10;
    let first = world.types("alice", &alice.phone.code(far));
    assert_eq!(first.result(), PamResult::AuthErr);
    assert!(!first.seen().contains("min off"), "one code proves nothing: {first:#?}");
    world.advance(30);
    let second = world.types("alice", &alice.phone.code(far + 1));
    assert_eq!(second.result(), PamResult::AuthErr);
    assert!(second.messages().contains("about 5 min off"), "{second:#?}");
    world.advance(60);
    assert!(
        world.types("alice", &alice.fresh_code(&world)).accepted(),
        "and with the clock set right it opens"
    );
}

/// Moves the world's clock to the middle of a step, so that it is the same step a moment later.
fn in_the_middle_of_a_step(world: &World) -> u64 {
    let into = i64::try_from(world.now() % 30).expect("below 30");
    world.advance(15 - into);
    world.now() / 30
}
