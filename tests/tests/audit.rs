//! The audit lines: one JSON object each, complete, not to be forged, without any secret.

use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;
use wardkey_tests::cli::texts;
use wardkey_tests::pam::Script;
use wardkey_tests::program::Program;
use wardkey_tests::world::{ALONE, AUDIT, CODE, World};

const KEYS: [&str; 10] =
    ["actor", "event", "method", "reason", "result", "rhost", "service", "time", "tty", "user"];

fn lines(world: &World) -> Vec<Value> {
    let read = |line: &str| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
    world.read(AUDIT).lines().map(read).collect()
}

/// What must hold of every line, whatever happened.
fn is_complete(line: &Value) {
    let object = line.as_object().expect("an object");
    let keys: BTreeSet<_> = object.keys().map(String::as_str).collect();
    assert_eq!(keys, BTreeSet::from(KEYS), "{line}");
    let result = line["result"].as_str().expect("a result");
    assert!(["accepted", "refused", "done", "failed"].contains(&result), "{line}");
    let time = line["time"].as_str().expect("a time");
    assert!(time.ends_with('Z') && time.len() >= 20 && time.as_bytes()[10] == b'T', "{line}");
}

// Row: S1-14
// Row: S1-26
#[test]
fn every_login_leaves_one_line_in_the_file_and_one_in_syslog() {
    let world = World::new();
    let mut alice = world.person("alice");
    let right = alice.fresh_code(&world);
    let story = [
        (right.clone(), "accepted"),
        (right, "refused"),
        (alice.wrong_code(&world), "refused"),
        (alice.recovery_codes[0].clone(), "accepted"),
        (alice.recovery_codes[0].clone(), "refused"),
    ];
    for (code, result) in story {
        let before = lines(&world).len();
        world.pam(&Script::new(ALONE, "alice").from("192.0.2.1").at("pts/7").types(CODE, &code));
        let new = lines(&world).split_off(before);
        assert_eq!(new.len(), 1, "{new:#?}");
        is_complete(&new[0]);
        assert_eq!(new[0]["result"], result, "{new:#?}");
        for (key, value) in [("user", "alice"), ("service", ALONE), ("rhost", "192.0.2.1"), ("tty", "pts/7")]
        {
            assert_eq!(new[0][key], value, "{new:#?}");
        }
        let _ = world.syslog().authpriv(&["alice", result]);
    }
    let reused = lines(&world).pop().expect("a line");
    assert!(reused["reason"].is_string(), "why: {reused}");
    let mode = world.path(AUDIT).metadata().expect("a file").permissions().mode();
    assert_eq!(mode & 0o027, 0, "others may not read it: {mode:o}");
}

// Row: S1-20
#[test]
fn every_command_that_changes_something_leaves_a_line_with_who_and_why() {
    let world = World::new();
    world.person("alice");
    let commands: [&[&str]; 5] = [
        &["pass", "alice", "--verified-by", "call-back 204"],
        &["emergency", "alice", "--count", "1", "--reason", "call-back 204"],
        &["unlock", "alice"],
        &["reset", "alice", "--verified-by", "call-back 204"],
        &["remove", "alice", "--reason", "call-back 204"],
    ];
    for command in commands {
        let before = lines(&world).len();
        world.wardkey(command, "").exits(0);
        let new = lines(&world).split_off(before);
        assert_eq!(new.len(), 1, "{command:?}: {new:#?}");
        is_complete(&new[0]);
        assert_eq!((&new[0]["user"], &new[0]["result"]), (&"alice".into(), &"done".into()), "{new:#?}");
        assert_eq!(new[0]["actor"], "root", "{new:#?}");
        let whole = new[0].to_string();
        assert_eq!(whole.contains("call-back 204"), command.len() > 2, "{whole}");
    }
}

#[test]
fn a_name_cannot_forge_a_line() {
    let world = World::new();
    world.person("alice");
    let forged = "x\n{\"result\":\"accepted\",\"user\":\"root\"}\n\u{1b}[2J\",\"user\":\"root";
    for (user, rhost, tty) in [(forged, "h", "t"), ("alice", forged, "t"), ("alice", "h", forged)] {
        let before = lines(&world).len();
        let said = world.syslog().lines_of(|| {
            world.pam(&Script::new(ALONE, user).from(rhost).at(tty).types(CODE, "123456"));
        });
        let new = lines(&world).split_off(before);
        assert_eq!(new.len(), 1, "{new:#?}");
        is_complete(&new[0]);
        assert_eq!(new[0]["result"], "refused");
        let is_one_line = |text: &str| !text.contains(['\n', '\u{1b}']);
        assert!(said.iter().all(|line| is_one_line(&line.text)), "{said:#?}");
    }
}

// Row: S1-27
#[test]
fn no_code_and_no_secret_is_written_anywhere_but_sealed_or_hashed() {
    let world = World::new();
    Program::prepare(&world);
    let mut alice = world.person("alice");
    let mut secrets = vec![alice.phone.secret.clone(), alice.phone.secret.to_lowercase()];
    secrets.extend(alice.recovery_codes.iter().flat_map(|code| [code.clone(), code.replace('-', "")]));
    for code in [alice.fresh_code(&world), alice.wrong_code(&world), "hunter2 is no code".into()] {
        world.types("alice", &code);
        secrets.push(code);
    }
    let _ = Program::Su.attempt(&world, "alice", &alice.fresh_code(&world));
    secrets.push(alice.used_code());
    world.types("alice", &alice.recovery_codes[0]);
    secrets.push(world.pass("alice"));
    let printed = world.json(&["emergency", "alice", "--count", "1", "--reason", "envelope"], "");
    secrets.extend(texts(&printed["codes"]));

    let files = world.must("cat /var/lib/wardkey/users/*/* /var/log/wardkey/* | tr -d '\\0'");
    let everything = files + &world.syslog().text();
    for secret in secrets {
        assert!(!everything.contains(&secret), "{secret} stands in the state or in a log");
    }
}
