//! login, su and sudo on a terminal: who comes in, who does not, and what they read.

use std::thread;
use std::time::{Duration, Instant};

use wardkey_tests::machine::world::World;
use wardkey_tests::programs::program::Program;

/// One person's whole story at one program.
fn opens_to_right_codes_only(program: Program) {
    let world = World::new();
    Program::prepare(&world);
    let mut alice = world.person("alice");

    let right = alice.fresh_code(&world);
    let entry = program.attempt(&world, "alice", &right);
    assert!(entry.accepted, "a right code: {}", entry.text);

    let replayed = program.attempt(&world, "alice", &right);
    assert!(!replayed.accepted, "a replayed code: {}", replayed.text);

    let wrong = program.attempt(&world, "alice", &alice.wrong_code(&world));
    assert!(!wrong.accepted, "a wrong code: {}", wrong.text);

    let malformed = program.attempt(&world, "alice", "12 34 5");
    assert!(!malformed.accepted, "five digits: {}", malformed.text);

    let again = program.attempt(&world, "alice", &alice.fresh_code(&world));
    assert!(again.accepted, "the next right code: {}", again.text);
}

// Row: S1-17
// Row: S2-14
#[test]
fn login_opens_to_right_codes_only() {
    opens_to_right_codes_only(Program::Login);
}

// Row: S1-17
// Row: S2-14
#[test]
fn su_opens_to_right_codes_only() {
    opens_to_right_codes_only(Program::Su);
}

// Row: S1-17
// Row: S2-14
#[test]
fn sudo_opens_to_right_codes_only() {
    opens_to_right_codes_only(Program::Sudo);
}

// Row: S1-14
// Row: S1-18
// Row: S1-26
#[test]
fn a_recovery_code_opens_every_program_and_only_once() {
    let world = World::new();
    Program::prepare(&world);
    let alice = world.person("alice");
    let programs = [Program::Login, Program::Su, Program::Sudo];
    for (used, program) in programs.into_iter().enumerate() {
        let code = &alice.recovery_codes[used];
        let entry = program.attempt(&world, "alice", code);
        assert!(entry.accepted, "{program:?}: {}", entry.text);
        let left = alice.recovery_codes.len() - used - 1;
        assert_eq!(world.status("alice")["recovery_codes"]["left"], left, "{program:?}");
        let again = program.attempt(&world, "alice", code);
        assert!(!again.accepted, "{program:?}: {}", again.text);
    }
}

// Row: S1-20
#[test]
fn a_pass_from_the_desk_opens_one_login() {
    let world = World::new();
    Program::prepare(&world);
    world.person("alice");
    for program in [Program::Login, Program::Su] {
        let pass = world.pass("alice");
        let entry = program.attempt(&world, "alice", &pass);
        assert!(entry.accepted, "{program:?}: {}", entry.text);
        let again = program.attempt(&world, "alice", &pass);
        assert!(!again.accepted, "{program:?}: {}", again.text);
    }
}

// Row: S1-11
#[test]
fn a_code_may_be_typed_in_groups() {
    let world = World::new();
    Program::prepare(&world);
    let mut alice = world.person("alice");
    let code = alice.fresh_code(&world);
    let spaced = format!("{} {}", &code[..3], &code[3..]);
    let entry = Program::Su.attempt(&world, "alice", &spaced);
    assert!(entry.accepted, "{}", entry.text);
    let lower = alice.recovery_codes[0].replace('-', " ").to_lowercase();
    let entry = Program::Su.attempt(&world, "alice", &lower);
    assert!(entry.accepted, "{}", entry.text);
}

#[test]
fn waiting_holds_at_every_program_says_until_when_and_ends() {
    let world = World::with_config("[throttle]\nfree_tries = 2\nfirst_wait = \"20s\"\n");
    Program::prepare(&world);
    let mut alice = world.person("alice");
    let until = |world: &World| world.status("alice")["wait_until"]["authenticator"].clone();
    for _ in 0..3 {
        if until(&world).is_null() {
            world.types("alice", &alice.wrong_code(&world));
        }
    }
    assert!(until(&world).is_string(), "wrong codes make one wait");

    for program in [Program::Login, Program::Su, Program::Sudo] {
        let waiting = program.attempt(&world, "alice", &alice.fresh_code(&world));
        assert!(!waiting.accepted, "{program:?}: {}", waiting.text);
        alice.last_step -= 1; // it was not looked at
    }

    let deadline = Instant::now() + Duration::from_secs(60);
    while until(&world).is_string() {
        assert!(Instant::now() < deadline, "waiting does not end: {}", until(&world));
        thread::sleep(Duration::from_millis(100));
    }
    let entry = Program::Su.attempt(&world, "alice", &alice.fresh_code(&world));
    assert!(entry.accepted, "{}", entry.text);
}
