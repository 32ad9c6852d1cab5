//! Somebody who floods the helper, or holds on to it, keeps nobody else out.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use serde_json::{Value, json};
use wardkey_tests::by_hand::{by_hand, check, hold, question, told};
use wardkey_tests::outcome::run;
use wardkey_tests::pam::{Script, Transcript};
use wardkey_tests::person::Person;
use wardkey_tests::world::{ALONE, CODE, World};

fn comes_in(world: &World, person: &mut Person) -> bool {
    let code = person.fresh_code(world);
    let name = person.name.clone();
    world.pam_as(&name, &Script::new(ALONE, &name).types(CODE, &code)).accepted()
}

/// The same where the helper may not even hear them.
fn is_let_in(world: &World, name: &str, code: &str) -> bool {
    let command = world.pam_command(&[Script::new(ALONE, name).types(CODE, code)]);
    let outcome = run(&mut world.under(&["runuser", "--user", name, "--"], &command), b"").exits(0);
    Transcript::read(&outcome.stdout).accepted()
}

#[test]
fn whoever_keeps_silent_or_stops_reading_holds_nobody_up() {
    let world = World::new();
    let mut alice = world.person("alice");
    let mut bob = world.person("bob");
    let _helper = world.start_helper();
    // As many as bob can have, and more: silent, half a question, and a question whose answer he never reads.
    let half = json!({"bytes": "000000107b"});
    let asked = json!({"frame": check("bob", "000000")});
    let steps =
        [json!({"open": 40}), half, json!({"open": 1}), asked, json!({"open": 300}), json!({"hold": true})];
    let _held = hold(&world, "bob", &steps);
    assert!(comes_in(&world, &mut alice), "{}", world.syslog().text());
    drop(_held);
    // His own places are free again once his processes have given up waiting for a question.
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
    let code = bob.fresh_code(&world);
    while !is_let_in(&world, "bob", &code) {
        assert!(std::time::Instant::now() < deadline, "bob never gets in again: {}", world.syslog().text());
    }
}

/// A connection is for the two questions of an unlock: what comes after is for the listener, which counts.
#[test]
fn a_connection_is_good_for_two_questions_at_most() {
    let world = World::new();
    let alice = world.person("alice");
    let _helper = world.start_helper();
    let ask = json!({"frame": question("alice", json!("ask"))});
    let wrong = json!({"frame": check("alice", &alice.wrong_code(&world))});
    let of_another = json!({"frame": question("root", json!("ask"))});
    let (open, read) = (json!({"open": 1}), json!({"read": true}));
    let code = json!({"asked": "Code"});
    let told = |steps: &[&Value]| {
        let steps: Vec<Value> = steps.iter().map(|step| (*step).clone()).collect();
        told(&world, "alice", &steps)
    };
    let twice = told(&[&open, &ask, &read, &wrong, &read, &wrong, &read]);
    assert_eq!(twice[0], code);
    assert_eq!(twice[1]["checked"]["outcome"]["Refused"], "Wrong", "{twice:?}");
    assert_eq!(twice[2], json!("closed"));
    assert_eq!(
        told(&[&open, &ask, &read, &ask, &read, &ask, &read]),
        [code.clone(), code.clone(), json!("closed")]
    );
    let after_a_check = told(&[&open, &wrong, &read, &wrong, &read]);
    assert_eq!(after_a_check[1], json!("closed"), "a check leads to nothing");
    assert_eq!(told(&[&open, &ask, &read, &of_another, &read]), [code, json!({"denied": "not_you"})]);
}

/// Whoever begins without end to log in, and never types, keeps nobody else and not themself from it: not by programs of
/// their own, and not by su, whose connections are root's.
#[test]
fn prompts_left_standing_take_no_places() {
    let world = World::new();
    let mut alice = world.person("alice");
    let mut bob = world.person("bob");
    let helper = world.start_helper();
    let ask = json!({"frame": question("bob", json!("ask"))});
    for (connects_as, prompts) in [("bob", 20), ("root", 300)] {
        let mut steps = Vec::new();
        for _ in 0..prompts {
            steps.extend([json!({"open": 1}), ask.clone(), json!({"read": true})]);
        }
        steps.push(json!({"hold": true}));
        let mut command = by_hand(&world, connects_as, &steps);
        let mut client = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("python3");
        let lines = BufReader::new(client.stdout.take().expect("its output")).lines().map_while(Result::ok);
        let answers: Vec<String> = lines.take_while(|line| line != "\"holding\"").collect();
        assert_eq!(answers, vec![r#"{"asked": "Code"}"#; prompts], "each is told, waiting or not");
        let waiting = helper.serving(&world).len();
        assert!((1..=16).contains(&waiting), "{waiting}");
        assert!(comes_in(&world, &mut alice), "{}", world.syslog().text());
        assert!(comes_in(&world, &mut bob), "{}", world.syslog().text());
        drop(client.stdin.take());
        let _ = client.wait();
    }
}

/// A program that starts others with signals ignored and blocked: what the helper's deadlines and counts hang on.
const CARELESS: &str = "import os, signal, sys
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
signal.signal(signal.SIGALRM, signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM, signal.SIGCHLD])
os.execv(sys.argv[1], sys.argv[1:])";

#[test]
fn it_depends_on_nothing_of_whoever_started_it() {
    let world = World::new();
    world.add_account("bob");
    let _helper = world.start_helper_by(&["python3", "-c", CARELESS]);
    let ask = json!({"frame": question("bob", json!("ask"))});
    let mut steps = Vec::new();
    for _ in 0..40 {
        steps.extend([json!({"open": 1}), ask.clone(), json!({"read": true}), json!({"shut": true})]);
    }
    let half = [json!({"open": 1}), json!({"bytes": "0000"}), json!({"read": true})];
    steps.extend(half);
    let answers = told(&world, "bob", &steps);
    assert_eq!(answers[..40], vec![json!({"asked": "Code"}); 40], "places are given back");
    assert_eq!(answers[40], json!("closed"), "and half a question is not waited for");
}

/// What waits for a connection takes memory, and so is what a kernel short of it ends.
#[test]
fn processes_that_end_while_they_wait_are_said_in_the_log_and_made_anew() {
    let world = World::new();
    let mut alice = world.person("alice");
    let helper = world.start_helper();
    let all_wait = format!("until [ $(pgrep --count --parent {}) = 16 ]; do sleep 0.01; done", helper.pid());
    let waiting = format!("pgrep --parent {}", helper.pid());
    let first = world.must(&format!("timeout 20 sh -c '{all_wait}' && {waiting}"));
    world.must(&format!("kill -KILL {}", first.replace('\n', " ")));
    let said = "a process ended that waited for a connection";
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while !world.syslog().text().contains(said) {
        assert!(std::time::Instant::now() < deadline, "{}", world.syslog().text());
    }
    assert!(comes_in(&world, &mut alice), "{}", world.syslog().text());
    let second = world.must(&format!("timeout 20 sh -c '{all_wait}' && {waiting}"));
    assert!(second.lines().all(|pid| !first.lines().any(|other| other == pid)), "{first} {second}");
    assert!(comes_in(&world, &mut alice), "{}", world.syslog().text());
}
