//! Somebody who speaks the helper's protocol by hand gets nothing, and stops nobody else.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use wardkey_tests::generator::Authenticator;
use wardkey_tests::outcome::run;
use wardkey_tests::pam::{PamResult, Script, Transcript};
use wardkey_tests::person::{PASSWORD, Person};
use wardkey_tests::world::{ALONE, CODE, World};

const CLIENT: &str = include_str!("../clients/helper_by_hand.py");

fn by_hand(world: &World, name: &str, steps: &[Value]) -> Command {
    let steps: Vec<String> = steps.iter().map(ToString::to_string).collect();
    let mut command = world.command("runuser");
    command.args(["--user", name, "--", "python3", "-c", CLIENT]).args(steps);
    command
}

/// What came back, one value a step that reads.
fn told(world: &World, name: &str, steps: &[Value]) -> Vec<Value> {
    let outcome = run(&mut by_hand(world, name, steps), b"").exits(0);
    outcome.stdout.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

/// A client that holds on until this is dropped.
struct Holding(Child);

fn hold(world: &World, name: &str, steps: &[Value]) -> Holding {
    let mut command = by_hand(world, name, steps);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("python3");
    let mut line = String::new();
    let out = child.stdout.take().expect("its output");
    BufReader::new(out).read_line(&mut line).expect("a line");
    assert_eq!(line, "\"holding\"\n");
    Holding(child)
}

impl Drop for Holding {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

fn question(user: &str, request: Value) -> Value {
    let scene = json!({"service": ALONE, "rhost": null, "tty": null});
    json!({"version": 1, "user": user, "scene": scene, "request": request})
}

fn check(user: &str, code: &str) -> Value {
    question(user, json!({"check": {"separate": base64(&hex(code))}}))
}

fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

/// Base64 by the program of that name's own rules is more than a test needs: three bytes, four characters.
fn base64(hex: &str) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bytes: Vec<u8> =
        (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hex")).collect();
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let word =
            chunk.iter().fold(0u32, |word, byte| word << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let sextet = (word >> (18 - 6 * place) & 63) as usize;
            text.push(if place <= chunk.len() { ALPHABET[sextet] as char } else { '=' });
        }
    }
    text
}

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
fn nobody_speaks_for_somebody_else() {
    let world = World::new();
    let mut alice = world.person("alice");
    world.add_account("bob");
    let _helper = world.start_helper();
    let code = alice.fresh_code(&world);
    for user in ["alice", "root", "nobody-at-all", "ALICE"] {
        for request in [
            question(user, json!("ask")),
            check(user, &code),
            question(user, json!({"errand": "recovery_codes"})),
        ] {
            let answer =
                told(&world, "bob", &[json!({"open": 1}), json!({"frame": request}), json!({"read": true})]);
            assert_eq!(answer, [json!({"denied": "not_you"})], "{user}");
        }
    }
    let own = told(
        &world,
        "alice",
        &[json!({"open": 1}), json!({"frame": check("alice", &code)}), json!({"read": true})],
    );
    assert_eq!(
        own[0]["checked"]["outcome"]["Accepted"]["method"]["Authenticator"], "app",
        "the code was not spent: {own:?}"
    );
}

#[test]
fn what_is_no_question_is_denied_or_closed() {
    let world = World::new();
    world.add_account("bob");
    let _helper = world.start_helper();
    let mut other_version = question("bob", json!("ask"));
    other_version["version"] = json!(2);
    let mut one_key_more = question("bob", json!("ask"));
    one_key_more["uid"] = json!(0);
    let malformed = json!({"denied": "malformed"});
    for (step, expected) in [
        (json!({"frame": other_version}), json!({"denied": "version"})),
        (json!({"frame": one_key_more}), malformed.clone()),
        (json!({"frame": {"version": 1}}), malformed.clone()),
        (json!({"frame": []}), malformed.clone()),
        (json!({"bytes": "ffffffff"}), malformed.clone()),
        (json!({"bytes": "0000400141"}), malformed.clone()),
        (json!({"bytes": "00000004deadbeef"}), malformed),
        (json!({"bytes": "00000010"}), json!("closed")),
        (json!({"bytes": "00"}), json!("closed")),
    ] {
        let answer = told(&world, "bob", &[json!({"open": 1}), step.clone(), json!({"read": true})]);
        assert_eq!(answer, [expected], "{step}");
    }
}

#[test]
fn guessing_by_hand_waits_like_guessing_at_a_screen() {
    let world = World::new();
    let mut alice = world.person("alice");
    let _helper = world.start_helper();
    let mut steps = Vec::new();
    for _ in 0..60 {
        let wrong = check("alice", &alice.wrong_code(&world));
        steps.extend([json!({"open": 1}), json!({"frame": wrong}), json!({"read": true})]);
    }
    let answers = told(&world, "alice", &steps);
    let outcome = |answer: &Value| answer["checked"]["outcome"]["Refused"].clone();
    assert!(answers[..5].iter().all(|a| outcome(a) == "Wrong"), "{answers:?}");
    assert!(answers[5..].iter().all(|a| outcome(a)["Waiting"].is_string()), "{answers:?}");
    let code = alice.fresh_code(&world);
    let refused = world.types("alice", &code);
    assert_eq!(refused.result(), PamResult::Maxtries, "the same throttle at root's doors: {refused:?}");
}

/// A check in which a wrong code counts for nothing is for programs that are root's.
#[test]
fn nobody_guesses_for_nothing() {
    let world = World::new();
    let mut alice = world.person("alice");
    let _helper = world.start_helper();
    let wrong = alice.wrong_code(&world);
    let typed = json!({"combined": base64(&hex(&format!("password{wrong}")))});
    let free = question("alice", json!({"check_free": typed}));
    let steps = [json!({"open": 1}), json!({"frame": free}), json!({"read": true})];
    assert_eq!(told(&world, "alice", &steps), [json!({"denied": "not_you"})]);
    let entry = question("alice", json!({"enter": typed}));
    let steps: Vec<Value> =
        std::iter::repeat_n([json!({"open": 1}), json!({"frame": entry}), json!({"read": true})], 7)
            .flatten()
            .collect();
    let answers = told(&world, "alice", &steps);
    assert_eq!(answers[0]["entered"]["outcome"]["Refused"], "Wrong", "{answers:?}");
    assert!(answers[6]["entered"]["outcome"]["Refused"]["Waiting"].is_string(), "{answers:?}");
    assert!(world.types("alice", &alice.fresh_code(&world)).accepted(), "combined entries wait apart");
}

/// A program could guess until it hits a code that is yet to come.
#[test]
fn how_far_a_code_is_from_the_clock_is_not_told() {
    let world = World::with_config("[totp]\nwindow = 1\n");
    let alice = world.person("alice");
    let _helper = world.start_helper();
    let later = alice.phone.code(alice.step(&world) + 8);
    let steps = [json!({"open": 1}), json!({"frame": check("alice", &later)}), json!({"read": true})];
    assert_eq!(told(&world, "alice", &steps)[0]["checked"]["outcome"]["Refused"], "Wrong");
}

#[test]
fn codes_for_a_pending_authenticator_cannot_be_guessed() {
    let world = World::with_config("[policy]\nunenrolled = \"ignore\"\n");
    world.add_account("bob");
    let begun = world.wardkey(&["enroll", "bob", "--json"], "").exits(0);
    let phone = Authenticator::from_enrolment(&serde_json::from_str(&begun.stdout).expect("JSON"));
    let _helper = world.start_helper();
    let step = world.now() / 30;
    let confirm = |code: &str| question("bob", json!({"errand": {"confirm": base64(&hex(code))}}));
    let mut steps = Vec::new();
    for _ in 0..10 {
        let wrong = confirm(&phone.wrong_code(step));
        steps.extend([json!({"open": 1}), json!({"frame": wrong}), json!({"read": true})]);
    }
    let answers = told(&world, "bob", &steps);
    assert!(answers.iter().all(|a| a["refused"]["why"]["Code"] == "Wrong"), "{answers:?}");
    let right = confirm(&phone.code(step));
    let steps = [json!({"open": 1}), json!({"frame": right}), json!({"read": true})];
    assert_eq!(told(&world, "bob", &steps), [json!({"refused": {"why": "NothingPending"}})]);
    world.wardkey(&["confirm", "bob"], &format!("{}\n", phone.code(step))).exits(0);
}

/// The prompt for the password is held open until the person has enrolled.
#[test]
fn a_prompt_held_open_gains_nothing() {
    let world = World::with_config("[policy]\nunenrolled = \"ignore\"\n");
    world.add_account("alice");
    let _helper = world.start_helper();
    let errand = question(
        "alice",
        json!({"errand": {"enroll": {
        "label": "his", "parameters": {"algorithm": "SHA1", "digits": 6, "period": 30}, "key": null}}}),
    );
    let password = json!(base64(&hex(PASSWORD)));
    let steps = [
        json!({"open": 1}),
        json!({"frame": errand}),
        json!({"read": true}),
        json!({"hold": true}),
        json!({"frame": password}),
        json!({"read": true}),
    ];
    let mut command = by_hand(&world, "alice", &steps);
    let mut client = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("python3");
    let mut lines = BufReader::new(client.stdout.take().expect("its output")).lines().map_while(Result::ok);
    assert!(lines.next().is_some_and(|line| line.contains("wants")), "the password is asked for");
    assert_eq!(lines.next().as_deref(), Some("\"holding\""));
    let _alice = world.enrol("alice");
    drop(client.stdin.take());
    assert_eq!(lines.next().as_deref(), Some(r#"{"wants": "code"}"#), "and now a code");
    let _ = client.wait();
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

#[test]
fn a_descriptor_that_comes_with_a_question_is_not_taken() {
    let world = World::new();
    let _alice = world.person("alice");
    let _helper = world.start_helper();
    let asks = question("alice", json!("ask"));
    let answer = told(&world, "alice", &[json!({"open": 1}), json!({"with": asks}), json!({"read": true})]);
    assert_eq!(answer, [json!({"asked": "Code"})]);
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

#[test]
fn its_processes_are_out_of_reach() {
    let world = World::new();
    world.add_account("bob");
    let helper = world.start_helper();
    let _held = hold(&world, "bob", &[json!({"open": 1}), json!({"bytes": "0000"}), json!({"hold": true})]);
    let listener = helper.pid();
    let child = format!("pgrep -P {listener} | head -n 1 | grep .");
    let line = format!(
        "while ! pid=$({child}); do :; done; echo $pid; cat /proc/$pid/environ | wc -c; readlink /proc/$pid/cwd /proc/$pid/fd/0 /proc/$pid/fd/1 /proc/$pid/fd/2"
    );
    let seen = world.shell(&line).exits(0).stdout;
    let mut seen = seen.lines();
    let pid = seen.next().expect("a process id").to_owned();
    assert_eq!(seen.next(), Some("0"), "its environment is empty");
    assert_eq!(seen.collect::<Vec<_>>(), ["/", "/dev/null", "/dev/null", "/dev/null"]);
    let line = format!(
        "kill -STOP {pid} || kill -KILL {pid} || cat /proc/{pid}/maps /proc/{pid}/environ || ls /proc/{pid}/fd"
    );
    let refused = run(world.command("runuser").args(["--user", "bob", "--", "sh", "-c", &line]), b"");
    assert_ne!(refused.code(), Some(0), "{refused:?}");
}

#[test]
fn it_listens_for_root_alone_and_once() {
    let world = World::new();
    world.add_account("bob");
    let binary = world.built("wardkey-helper");
    let binary = binary.to_str().expect("a plain path");
    let as_bob = run(world.command("runuser").args(["--user", "bob", "--", binary, "listen"]), b"");
    assert_eq!(as_bob.code(), Some(3), "{as_bob:?}");
    let _helper = world.start_helper();
    let second = run(world.command(binary).args(["--config", "/etc/wardkey/wardkey.toml", "listen"]), b"");
    assert_eq!(second.code(), Some(3), "{second:?}");
    assert!(second.stderr.contains("/run/wardkey/helper.sock"), "{second:?}");
    let modes = world.shell("stat -c '%a %U' /run/wardkey /run/wardkey/helper.sock").exits(0).stdout;
    assert_eq!(modes, "755 root\n666 root\n");
}
