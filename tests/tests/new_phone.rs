//! New phones, more phones and moved accounts, at real logins: the old one opens until the new one has shown a code,
//! then only the new one does, and nothing that was spent opens again.

use wardkey_tests::machine::interrupt::{changing_calls, kill_at};
use wardkey_tests::machine::world::World;
use wardkey_tests::people::person::Person;
use wardkey_tests::people::scene::Scene;
use wardkey_tests::programs::generator::Authenticator;
use wardkey_tests::programs::program::Program;
use wardkey_tests::programs::terminal::Terminal;

/// A phone that waits for its first code, by these words.
fn pending(world: &World, words: &[&str]) -> Authenticator {
    Authenticator::from_enrolment(&world.json(words, ""))
}

/// Shows the phone's code of now; the answer is the phone as somebody's own.
fn confirm(world: &World, name: &str, phone: Authenticator) -> Person {
    world.confirm(name, phone)
}

fn opens(world: &World, person: &mut Person) -> bool {
    let code = person.fresh_code(world);
    world.types(&person.name, &code).accepted()
}

// Row: S2-13
#[test]
fn the_old_phone_opens_until_the_new_one_has_confirmed_and_then_only_the_new_one_does() {
    let world = World::new();
    Program::prepare(&world);
    let mut old = world.person("alice");
    let spent = old.fresh_code(&world);
    assert!(Program::Su.attempt(&world, "alice", &spent).accepted);
    assert!(world.types("alice", &old.recovery_codes[0]).accepted());

    let phone = pending(&world, &["replace", "alice"]);
    let too_early = Program::Su.attempt(&world, "alice", &phone.code(world.now() / 30));
    assert!(!too_early.accepted, "{}", too_early.text);
    let still = Program::Su.attempt(&world, "alice", &old.fresh_code(&world));
    assert!(still.accepted, "no unprotected and no locked moment: {}", still.text);

    let mut new = confirm(&world, "alice", phone);
    assert!(new.recovery_codes.is_empty(), "codes stay as they are");
    let confirmed_with = new.used_code();
    assert!(!world.types("alice", &confirmed_with).accepted(), "the confirmation spent it");
    let taken_over = Program::Su.attempt(&world, "alice", &new.fresh_code(&world));
    assert!(taken_over.accepted, "{}", taken_over.text);
    assert!(!opens(&world, &mut old) && !world.types("alice", &spent).accepted());
    assert!(!world.types("alice", &old.recovery_codes[0]).accepted(), "spent before, spent now");
    assert!(world.types("alice", &old.recovery_codes[1]).accepted());
}

// Row: S1-19
// Row: S1-21
#[test]
fn with_the_phone_lost_a_recovery_code_opens_and_the_new_phone_ends_the_lost_one() {
    let world = World::new();
    let mut lost = world.person("alice");
    assert!(world.types("alice", &lost.recovery_codes[2]).accepted());
    let mut terminal = Terminal::start(
        &world,
        world.built("wardkey").to_str().expect("a plain path"),
        &["replace", "alice"],
    );
    terminal.expect("The old authenticator works until");
    terminal.expect("Key: ");
    let key = terminal.expect("\n");
    let secret = key.split_whitespace().collect();
    let phone = Authenticator { secret, algorithm: "SHA1".into(), digits: 6, period: 30 };
    let step = world.now() / 30;
    terminal.answer("Code from the app:", &phone.code(step));
    let (status, text) = terminal.finish();
    assert!(status.success() && text.contains("(app) has ended") && text.contains("4 left"), "{text}");
    assert!(!opens(&world, &mut lost));
    assert!(world.types("alice", &phone.code(step + 1)).accepted());
}

#[test]
fn several_devices_open_each_for_itself_and_one_removed_opens_nothing() {
    let world = World::new();
    let mut app = world.person("alice");
    let phone = pending(&world, &["authenticator", "add", "alice", "token", "--digits", "8"]);
    let mut token = confirm(&world, "alice", phone);
    assert!(opens(&world, &mut app) && opens(&world, &mut token));
    assert!(!world.types("alice", &token.used_code()).accepted());
    world.json(&["authenticator", "remove", "alice", "app"], "");
    assert!(!opens(&world, &mut app) && opens(&world, &mut token));
    world.wardkey(&["authenticator", "remove", "alice", "token"], "").exits(1);
    assert!(opens(&world, &mut token));
}

#[test]
fn after_a_directory_move_the_account_is_refused_until_its_uid_is_taken_over() {
    let world = World::new();
    let mut alice = world.person("alice");
    let spent = alice.fresh_code(&world);
    assert!(world.types("alice", &spent).accepted());
    world.must("sed -i 's/^alice:x:[0-9]*:/alice:x:7001:/' /etc/passwd");
    assert!(!opens(&world, &mut alice));
    let status = world.wardkey(&["status", "alice"], "").exits(0);
    assert!(status.stdout.contains("until wardkey rebind alice --verified-by TEXT"), "{status:?}");
    let listed = world.wardkey(&["list"], "").exits(0);
    assert!(listed.stdout.contains("has another uid now"), "{listed:?}");
    assert!(listed.stderr.contains("wardkey rebind USER --verified-by TEXT"), "{listed:?}");
    world.json(&["rebind", "alice", "--verified-by", "call-back to the ward"], "");
    assert!(!world.types("alice", &spent).accepted());
    assert!(opens(&world, &mut alice));
    world.wardkey(&["rebind", "alice", "--verified-by", "once more"], "").exits(1);
}

// Row: S2-13
#[test]
fn a_replacement_killed_at_any_system_call_leaves_exactly_one_phone_that_opens() {
    let scene = Scene::new();
    let world = &scene.world;
    let phone = pending(world, &["replace", "alice"]);
    scene.keep();
    let step = world.now() / 30;
    let command = world.wardkey_command(&["--json", "confirm", "alice"]);
    let input = format!("{}\n", phone.code(step));
    let (outcome, calls) = changing_calls(world, &command, input.as_bytes());
    outcome.exits(0);
    for call in calls {
        scene.restore();
        let killed = kill_at(&command, &call, input.as_bytes());
        assert_ne!(killed.code(), Some(0), "not killed at {}", call.line);
        let what = &call.line;
        assert!(!world.types("alice", &scene.spent_code).accepted(), "{what}");
        assert!(!world.types("alice", &scene.alice.recovery_codes[0]).accepted(), "{what}");
        let new = world.types("alice", &phone.code(step + 2)).accepted();
        let old = world.types("alice", &scene.alice.phone.code(scene.alice.last_step + 3)).accepted();
        assert!(old != new, "{what}: old {old}, new {new}");
        assert_eq!(world.state("alice"), "enrolled", "{what}");
        assert_eq!(world.files_of("alice"), ["enrolment.toml", "ledger"], "{what}");
    }
}
