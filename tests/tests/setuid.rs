//! Programs that are root and belong to whoever started them - su, sudo, polkit's helper: they ask wardkey's helper where it
//! listens, since their caller can stop them at any moment, and decide themselves where it does not.

use wardkey_tests::example;
use wardkey_tests::person::Person;
use wardkey_tests::polkit::Polkit;
use wardkey_tests::program::{Attempt, Program};
use wardkey_tests::world::{CODE, World};

/// Who writes an acceptance to the system log.
const BY_THE_HELPER: &str = " wardkey[";
const BY_ITSELF: &str = "pam_wardkey(";

/// Whoever starts su, as a program.
const BY_CALLER: &str = "setpriv --reuid=caller --regid=caller --init-groups";

/// Right codes only, and each decided where it should be.
fn asks_where_it_can(world: &World, alice: &mut Person, attempt: impl Fn(&str) -> Attempt) {
    for decided in [BY_ITSELF, BY_THE_HELPER, BY_ITSELF] {
        let _helper = (decided == BY_THE_HELPER).then(|| world.start_helper());
        let code = alice.fresh_code(world);
        let lines = world.syslog().lines_of(|| {
            let entry = attempt(&code);
            assert!(entry.accepted, "{decided}: a right code: {}", entry.text);
        });
        let accepting: Vec<_> = lines.iter().filter(|line| line.text.contains("login accepted")).collect();
        assert_eq!(accepting.len(), 1, "{lines:#?}");
        assert!(accepting[0].text.contains(decided), "{decided}: {}", accepting[0].text);
        for (why, code) in [("replayed", code), ("wrong", alice.wrong_code(world))] {
            let entry = attempt(&code);
            assert!(!entry.accepted, "{decided}: a code that is {why}: {}", entry.text);
        }
    }
}

// Row: S1-17
#[test]
fn su_asks_the_helper_where_it_listens() {
    let world = World::new();
    Program::prepare(&world);
    let mut alice = world.person("alice");
    asks_where_it_can(&world, &mut alice, |code| Program::Su.attempt(&world, "alice", code));
}

// Row: S1-17
#[test]
fn sudo_asks_the_helper_where_it_listens() {
    let world = World::new();
    Program::prepare(&world);
    let mut alice = world.person("alice");
    asks_where_it_can(&world, &mut alice, |code| Program::Sudo.attempt(&world, "alice", code));
}

// Row: S1-17
#[test]
fn polkit_asks_the_helper_where_it_listens() {
    let world = World::new();
    example::install(&world, "polkit-1");
    let mut alice = world.person("alice");
    let polkit = Polkit::start(&world);
    polkit.may_administer("alice");
    asks_where_it_can(&world, &mut alice, |code| polkit.attempt("alice", code));
}

/// Between question and answer the caller has stopped their own su, as they may.
#[test]
fn su_that_its_caller_has_stopped_holds_up_nobody() {
    let world = World::new();
    Program::prepare(&world);
    let mut alice = world.person("alice");
    let _helper = world.start_helper();
    let stopped: Vec<_> = (0..3)
        .map(|_| {
            let mut terminal = Program::Su.open(&world, "alice", "");
            terminal.expect(CODE);
            world.must(&format!("{BY_CALLER} sh -c 'kill -STOP {}'", terminal.process()));
            terminal
        })
        .collect();
    let entry = Program::Su.attempt(&world, "alice", &alice.fresh_code(&world));
    assert!(entry.accepted, "{}", entry.text);
    drop(stopped);
}
