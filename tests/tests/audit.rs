//! The audit lines: one JSON object each, complete, not to be forged, without any secret.

use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;
use wardkey_tests::machine::host::{ALONE, AUDIT, CODE, Host};
use wardkey_tests::programs::console::ConsoleProgram;
use wardkey_tests::programs::pam::Script;
use wardkey_tests::programs::terminal::Terminal;
use wardkey_tests::programs::wardkey::texts;

const KEYS: [&str; 10] =
    ["actor", "event", "method", "reason", "result", "rhost", "service", "time", "tty", "user"];

fn lines(host: &Host) -> Vec<Value> {
    let read = |line: &str| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
    host.read(AUDIT).lines().map(read).collect()
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
    let host = Host::new();
    let mut alice = host.person("alice");
    let right = alice.fresh_code(&host);
    let story = [
        (right.clone(), "accepted"),
        (right, "refused"),
        (alice.wrong_code(&host), "refused"),
        (alice.recovery_codes[0].clone(), "accepted"),
        (alice.recovery_codes[0].clone(), "refused"),
    ];
    for (code, result) in story {
        let before = lines(&host).len();
        host.pam(&Script::new(ALONE, "alice").from("192.0.2.1").at("pts/7").types(CODE, &code));
        let new = lines(&host).split_off(before);
        assert_eq!(new.len(), 1, "{new:#?}");
        is_complete(&new[0]);
        assert_eq!(new[0]["result"], result, "{new:#?}");
        for (key, value) in [("user", "alice"), ("service", ALONE), ("rhost", "192.0.2.1"), ("tty", "pts/7")]
        {
            assert_eq!(new[0][key], value, "{new:#?}");
        }
        let _ = host.syslog().authpriv(&["alice", result]);
    }
    let reused = lines(&host).pop().expect("a line");
    assert!(reused["reason"].is_string(), "why: {reused}");
    let mode = host.path(AUDIT).metadata().expect("a file").permissions().mode();
    assert_eq!(mode & 0o027, 0, "others may not read it: {mode:o}");
}

// Row: S1-20
#[test]
fn every_command_that_changes_something_leaves_a_line_with_who_and_why() {
    let host = Host::new();
    host.person("alice");
    let commands: [&[&str]; 5] = [
        &["pass", "alice", "--verified-by", "call-back 204"],
        &["emergency", "alice", "--count", "1", "--reason", "call-back 204"],
        &["unlock", "alice"],
        &["reset", "alice", "--verified-by", "call-back 204"],
        &["remove", "alice", "--reason", "call-back 204"],
    ];
    for command in commands {
        let before = lines(&host).len();
        host.wardkey(command, "").exits(0);
        let new = lines(&host).split_off(before);
        assert_eq!(new.len(), 1, "{command:?}: {new:#?}");
        is_complete(&new[0]);
        assert_eq!((&new[0]["user"], &new[0]["result"]), (&"alice".into(), &"done".into()), "{new:#?}");
        assert_eq!(new[0]["actor"], "root", "{new:#?}");
        let whole = new[0].to_string();
        assert_eq!(whole.contains("call-back 204"), command.len() > 2, "{whole}");
    }
}

// Row: S1-20
// Row: S1-24
#[test]
fn the_desk_signs_with_the_kernels_login_and_the_person_sudo_names() {
    let host = Host::new();
    let clerk = host.add_account("clerk");
    // A login sets it once; so may a test's child, where it is unset.
    let logged_in = format!("echo {clerk} >/proc/self/loginuid || exit 99;");
    let cases = [
        ("anna", "", "", "root"),
        ("bert", "", "SUDO_USER=clerk", "sudo:clerk"),
        ("cora", &*logged_in, "", "clerk"),
        ("dora", &*logged_in, "SUDO_USER=clerk", "clerk"),
        ("emil", &*logged_in, "SUDO_USER=roy", "clerk sudo:roy"),
    ];
    for (name, before, environment, actor) in cases {
        let uid = host.add_account(name);
        host.enrol(name);
        let moved = format!("verified by: badge 17; uid {uid} -> 4{uid}");
        let desk = [
            ("pass", "--verified-by 'badge 17'", "verified by: badge 17"),
            ("emergency", "--count 1 --reason 'safe 3'", "safe 3"),
            ("unlock", "--reason 'on the phone'", "on the phone"),
            ("reset", "--verified-by 'badge 17' --reason 'phone lost'", "verified by: badge 17; phone lost"),
            ("rebind", "--verified-by 'badge 17'", &moved),
        ];
        for (event, options, reason) in desk {
            if event == "rebind" {
                host.must(&format!("sed -i 's/^{name}:x:{uid}:/{name}:x:4{uid}:/' /etc/passwd"));
            }
            let known = lines(&host).len();
            let wardkey = host.built("wardkey").display().to_string();
            host.must(&format!("{before} exec env {environment} {wardkey} --json {event} {name} {options}"));
            let new = lines(&host).split_off(known);
            assert_eq!(new.len(), 1, "{new:#?}");
            is_complete(&new[0]);
            for (key, value) in [("event", event), ("actor", actor), ("reason", reason), ("result", "done")] {
                assert_eq!(new[0][key], value, "{name}: {new:#?}");
            }
            let _ = host.syslog().authpriv(&[event, actor, reason]);
        }
    }
}

#[test]
fn the_terminal_is_named_also_when_the_code_comes_from_elsewhere() {
    let host = Host::new();
    host.person("alice");
    let wardkey = host.built("wardkey").display().to_string();
    let line = format!("tty; exec {wardkey} --json pass alice --verified-by desk </dev/null");
    let (status, shown) = Terminal::start(&host, "sh", &["-c", &line]).finish();
    assert!(status.success(), "{shown}");
    let tty = shown.lines().next().expect("a terminal").trim();
    let last = lines(&host).pop().expect("a line");
    assert!(tty.starts_with("/dev/pts/") && last["tty"] == tty, "{tty}: {last}");
}

// Row: S1-20
// Row: S1-23
// Row: S1-24
#[test]
fn the_desk_helps_nobody_without_saying_how_it_knew_them() {
    let host = Host::new();
    let alice = host.person("alice");
    let before = host.status("alice");
    for verb in
        [&["reset", "alice"][..], &["pass", "alice"], &["rebind", "alice"], &["rename", "alice", "alicia"]]
    {
        for words in [&[][..], &["--verified-by", "  "]] {
            let refused = host.wardkey(&[&["--json"], verb, words].concat(), "").exits(2);
            assert!(refused.stdout.contains("verified-by"), "{refused:?}");
        }
    }
    host.wardkey(&["emergency", "alice", "--count", "1"], "").exits(2);
    assert_eq!(host.status("alice"), before);
    assert!(host.types("alice", &alice.recovery_codes[0]).accepted(), "nothing was voided");
}

#[test]
fn unlock_writes_down_what_it_ended() {
    let host = Host::with_config("[throttle]\nfree_tries = 1\nfirst_wait = \"1h\"");
    let alice = host.person("alice");
    for _ in 0..2 {
        host.types("alice", &alice.wrong_code(&host));
    }
    host.json(&["unlock", "alice", "--reason", "typed for a friend"], "");
    let last = lines(&host).pop().expect("a line");
    let reason = last["reason"].as_str().expect("a reason");
    assert!(
        reason.starts_with("authenticator codes: waiting until ") && reason.ends_with("; typed for a friend"),
        "{reason}"
    );
}

#[test]
fn a_name_cannot_forge_a_line() {
    let host = Host::new();
    host.person("alice");
    let forged = "x\n{\"result\":\"accepted\",\"user\":\"root\"}\n\u{1b}[2J\",\"user\":\"root";
    for (user, rhost, tty) in [(forged, "h", "t"), ("alice", forged, "t"), ("alice", "h", forged)] {
        let before = lines(&host).len();
        let said = host.syslog().lines_of(|| {
            host.pam(&Script::new(ALONE, user).from(rhost).at(tty).types(CODE, "123456"));
        });
        let new = lines(&host).split_off(before);
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
    let host = Host::new();
    ConsoleProgram::prepare(&host);
    let mut alice = host.person("alice");
    let mut secrets = vec![alice.phone.secret.clone(), alice.phone.secret.to_lowercase()];
    secrets.extend(alice.recovery_codes.iter().flat_map(|code| [code.clone(), code.replace('-', "")]));
    for code in [alice.fresh_code(&host), alice.wrong_code(&host), "hunter2 is no code".into()] {
        host.types("alice", &code);
        secrets.push(code);
    }
    let _ = ConsoleProgram::Su.attempt(&host, "alice", &alice.fresh_code(&host));
    secrets.push(alice.used_code());
    host.types("alice", &alice.recovery_codes[0]);
    secrets.push(host.pass("alice"));
    let printed = host.json(&["emergency", "alice", "--count", "1", "--reason", "envelope"], "");
    secrets.extend(texts(&printed["codes"]));

    let files = host.must("cat /var/lib/wardkey/users/*/* /var/log/wardkey/* | tr -d '\\0'");
    let everything = files + &host.syslog().text();
    for secret in secrets {
        assert!(!everything.contains(&secret), "{secret} stands in the state or in a log");
    }
}
