//! Somebody who speaks the helper's protocol by hand gets nothing.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use serde_json::{Value, json};
use wardkey_tests::machine::host::Host;
use wardkey_tests::people::person::PASSWORD;
use wardkey_tests::programs::authenticator_app::Authenticator;
use wardkey_tests::programs::raw_client::{
    VERSION, answers, base64, check, desk, hold, question, raw_client, raw_client_as_uid, told,
};
use wardkey_tests::proof::outcome::run;

/// The uid of the one account of the directory made by hand.
const MARY: u32 = 70_001;

#[test]
fn nobody_speaks_for_somebody_else() {
    let host = Host::new();
    let mut alice = host.person("alice");
    host.add_account("bob");
    let _helper = host.start_helper();
    let code = alice.fresh_code(&host);
    for user in ["alice", "root", "nobody-at-all", "ALICE"] {
        for request in [
            question(user, json!("ask")),
            check(user, &code),
            desk(user, json!({"action": "recovery_codes"})),
        ] {
            let answer =
                told(&host, "bob", &[json!({"open": 1}), json!({"frame": request}), json!({"read": true})]);
            assert_eq!(answer, [json!({"denied": "not_you"})], "{user}");
        }
    }
    let own = told(
        &host,
        "alice",
        &[json!({"open": 1}), json!({"frame": check("alice", &code)}), json!({"read": true})],
    );
    assert_eq!(
        own[0]["checked"]["outcome"]["Accepted"]["method"]["Authenticator"], "app",
        "the code was not spent: {own:?}"
    );
}

/// Whatever is broken, somebody who is not root hears that it is, and no path, number of a line or word of a server.
#[test]
fn nobody_but_root_reads_what_is_broken() {
    let host = Host::new();
    let alice = host.person("alice");
    let _helper = host.start_helper();
    host.must("chmod 0644 /var/lib/wardkey/users/alice/ledger");
    let asks = |request: &Value| {
        let steps = [json!({"open": 1}), json!({"frame": request}), json!({"read": true})];
        told(&host, "alice", &steps)[0].to_string()
    };
    let code = check("alice", &alice.recovery_codes[0]);
    for request in [code, desk("alice", json!({"action": "status"}))] {
        let mut answer = String::new();
        let lines = host.syslog().lines_of(|| answer = asks(&request));
        assert!(answer.contains("Unavailable") || answer.contains("broken"), "{answer}");
        assert!(!answer.contains('/') && !answer.contains("0644"), "{answer}");
        assert!(lines.iter().any(|line| line.text.contains("alice/ledger")), "{lines:#?}");
    }
}

#[test]
fn what_is_no_question_is_denied_or_closed() {
    let host = Host::new();
    host.add_account("bob");
    let _helper = host.start_helper();
    let mut other_version = question("bob", json!("ask"));
    other_version["version"] = json!(VERSION + 1);
    let mut version_before = question("bob", json!("ask"));
    version_before["version"] = json!(VERSION - 1);
    // As the first version sent it.
    let mut first_version = question("bob", json!("ask"));
    first_version["version"] = json!(1);
    first_version.as_object_mut().expect("an object").remove("config");
    let mut no_configuration = question("bob", json!("ask"));
    no_configuration.as_object_mut().expect("an object").remove("config");
    let mut endless = question("bob", json!("ask"));
    endless["config"] = json!("/".repeat(5000));
    let mut elsewhere = question("bob", json!("ask"));
    elsewhere["config"] = json!("/etc/shadow");
    let mut one_key_more = question("bob", json!("ask"));
    one_key_more["uid"] = json!(0);
    let malformed = json!({"denied": "malformed"});
    for (step, expected) in [
        (json!({"frame": other_version}), json!({"denied": "version"})),
        // It was in no version that is a neighbour of this one (docs/design/versions.md).
        (json!({"frame": version_before}), json!({"denied": "version"})),
        (json!({"frame": first_version}), json!({"denied": "version"})),
        (json!({"frame": no_configuration}), malformed.clone()),
        (json!({"frame": endless}), malformed.clone()),
        (
            json!({"frame": elsewhere}),
            json!({"denied": {"other_config": {"asked": "/etc/shadow", "own": ""}}}),
        ),
        (json!({"frame": one_key_more}), malformed.clone()),
        (json!({"frame": {"version": VERSION}}), malformed.clone()),
        (json!({"frame": []}), malformed.clone()),
        (json!({"bytes": "ffffffff"}), malformed.clone()),
        (json!({"bytes": "0000400141"}), malformed.clone()),
        (json!({"bytes": "00000004deadbeef"}), malformed),
        (json!({"bytes": "00000010"}), json!("closed")),
        (json!({"bytes": "00"}), json!("closed")),
    ] {
        let answer = told(&host, "bob", &[json!({"open": 1}), step.clone(), json!({"read": true})]);
        assert_eq!(answer, [expected], "{step}");
    }
}

#[test]
fn guessing_by_hand_waits_like_guessing_at_a_screen() {
    let host = Host::new();
    let mut alice = host.person("alice");
    let _helper = host.start_helper();
    let mut steps = Vec::new();
    for _ in 0..60 {
        let wrong = check("alice", &alice.wrong_code(&host));
        steps.extend([json!({"open": 1}), json!({"frame": wrong}), json!({"read": true})]);
    }
    let answers = told(&host, "alice", &steps);
    let outcome = |answer: &Value| answer["checked"]["outcome"]["Refused"].clone();
    assert!(answers[..4].iter().all(|a| outcome(a) == "Wrong"), "{answers:?}");
    assert!(outcome(&answers[4])["LastWrong"]["Waiting"].is_object(), "what the next one meets: {answers:?}");
    assert!(answers[5..].iter().all(|a| outcome(a)["Waiting"].is_object()), "{answers:?}");
    let code = alice.fresh_code(&host);
    let refused = host.types("alice", &code);
    assert!(refused.waits(), "the same throttle at root's doors: {refused:?}");
}

/// A check in which a wrong code counts for nothing is for programs that are root's.
#[test]
fn nobody_guesses_for_nothing() {
    let host = Host::new();
    let mut alice = host.person("alice");
    let _helper = host.start_helper();
    let wrong = alice.wrong_code(&host);
    let typed = json!({"combined": base64(&format!("password{wrong}"))});
    let free = question("alice", json!({"check_free": typed}));
    let steps = [json!({"open": 1}), json!({"frame": free}), json!({"read": true})];
    assert_eq!(told(&host, "alice", &steps), [json!({"denied": "not_you"})]);
    let entry = question("alice", json!({"enter": typed}));
    let steps: Vec<Value> =
        std::iter::repeat_n([json!({"open": 1}), json!({"frame": entry}), json!({"read": true})], 7)
            .flatten()
            .collect();
    let answers = told(&host, "alice", &steps);
    assert_eq!(answers[0]["entered"][1]["outcome"]["Refused"], "Wrong", "{answers:?}");
    assert!(answers[6]["entered"][1]["outcome"]["Refused"]["Waiting"].is_object(), "{answers:?}");
    assert!(host.types("alice", &alice.fresh_code(&host)).accepted(), "combined entries wait apart");
}

/// A program could guess until it hits a code that is yet to come.
#[test]
fn how_far_a_code_is_from_the_clock_is_not_told() {
    let host = Host::with_config("[totp]\nwindow = 1\n");
    let alice = host.person("alice");
    let _helper = host.start_helper();
    let later = alice.phone.code(alice.step(&host) + 8);
    let steps = [json!({"open": 1}), json!({"frame": check("alice", &later)}), json!({"read": true})];
    assert_eq!(told(&host, "alice", &steps)[0]["checked"]["outcome"]["Refused"], "Wrong");
}

#[test]
fn codes_for_a_pending_authenticator_cannot_be_guessed() {
    let host = Host::with_config("[policy]\nunenrolled = \"ignore\"\n");
    host.add_account("bob");
    let begun = host.wardkey(&["enroll", "bob", "--json"], "").exits(0);
    let phone = Authenticator::from_enrolment(&serde_json::from_str(&begun.stdout).expect("JSON"));
    let _helper = host.start_helper();
    let step = host.now() / 30;
    let confirm = |code: &str| desk("bob", json!({"action": {"confirm": base64(code)}}));
    let mut steps = Vec::new();
    for _ in 0..10 {
        let wrong = confirm(&phone.wrong_code(step));
        steps.extend([json!({"open": 1}), json!({"frame": wrong}), json!({"read": true})]);
    }
    let answers = told(&host, "bob", &steps);
    assert!(answers.iter().all(|a| a["not_done"]["why"]["Code"] == "Wrong"), "{answers:?}");
    let right = confirm(&phone.code(step));
    let steps = [json!({"open": 1}), json!({"frame": right}), json!({"read": true})];
    assert_eq!(told(&host, "bob", &steps), [json!({"not_done": {"why": "NothingPending"}})]);
    host.wardkey(&["confirm", "bob"], &format!("{}\n", phone.code(step))).exits(0);
}

/// The prompt for the password is held open until the person has enrolled.
#[test]
fn a_prompt_held_open_gains_nothing() {
    let host = Host::with_config("[policy]\nunenrolled = \"ignore\"\n");
    host.add_account("alice");
    let _helper = host.start_helper();
    let action = desk(
        "alice",
        json!({"action": {"enroll": {
        "label": "his", "parameters": {"algorithm": "SHA1", "digits": 6, "period": 30}, "key": null}}}),
    );
    let password = json!(base64(PASSWORD));
    let steps = [
        json!({"open": 1}),
        json!({"frame": action}),
        json!({"read": true}),
        json!({"hold": true}),
        json!({"frame": password}),
        json!({"read": true}),
    ];
    let mut command = raw_client(&host, "alice", &steps);
    let mut client = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("python3");
    let mut lines = BufReader::new(client.stdout.take().expect("its output")).lines().map_while(Result::ok);
    assert!(lines.next().is_some_and(|line| line.contains("wants")), "the password is asked for");
    assert_eq!(lines.next().as_deref(), Some("\"holding\""));
    let _alice = host.enrol("alice");
    drop(client.stdin.take());
    assert_eq!(lines.next().as_deref(), Some(r#"{"wants": "code"}"#), "and now a code");
    let _ = client.wait();
}

#[test]
fn a_descriptor_that_comes_with_a_question_is_not_taken() {
    let host = Host::new();
    let _alice = host.person("alice");
    let _helper = host.start_helper();
    let asks = question("alice", json!("ask"));
    let answer = told(&host, "alice", &[json!({"open": 1}), json!({"with": asks}), json!({"read": true})]);
    assert_eq!(answer, [json!({"asked": "Code"})]);
}

#[test]
fn its_processes_are_out_of_reach() {
    let host = Host::new();
    host.add_account("bob");
    let helper = host.start_helper();
    let _held = hold(&host, "bob", &[json!({"open": 1}), json!({"bytes": "0000"}), json!({"hold": true})]);
    let listener = helper.pid();
    // The newest: one that has answered is about to end.
    let child = format!("pgrep -n -P {listener}");
    let look = "readlink /proc/$pid/cwd /proc/$pid/fd/0 /proc/$pid/fd/1 /proc/$pid/fd/2";
    let line = format!("until pid=$({child}) && seen=$({look}); do :; done; echo $pid; echo \"$seen\"");
    let seen = host.shell(&line).exits(0).stdout;
    let mut seen = seen.lines();
    let pid = seen.next().expect("a process id").to_owned();
    assert_eq!(seen.collect::<Vec<_>>(), ["/", "/dev/null", "/dev/null", "/dev/null"]);
    let line = format!(
        "kill -STOP {pid} || kill -KILL {pid} || cat /proc/{pid}/maps /proc/{pid}/environ || ls /proc/{pid}/fd"
    );
    let refused = run(host.command("runuser").args(["--user", "bob", "--", "sh", "-c", &line]), b"");
    assert_ne!(refused.code(), Some(0), "{refused:?}");
}

/// Look-ups and PAM modules go by variables, which come from the program that starts it.
#[test]
fn its_copies_have_no_environment() {
    let host = Host::new();
    host.makes_directory(&["UNLESS=\"WHATEVER\""]);
    let name = "mary@clinic.example";
    let found = |variables| host.must(&format!("env {variables} getent passwd {MARY} | cut -d: -f1"));
    assert_eq!((found(""), found("WHATEVER=there")), (format!("{name}\n"), String::new()));
    let asks = [json!({"open": 1}), json!({"frame": question(name, json!("ask"))}), json!({"read": true})];
    let by_systemd = host.activate_helper(&[]);
    assert_eq!(answers(&mut raw_client_as_uid(&host, MARY, &asks)), [json!({"asked": "Code"})]);
    drop(by_systemd);
    let _by_hand = host.start_helper_by(&["env", "WHATEVER=there"]);
    assert_eq!(answers(&mut raw_client_as_uid(&host, MARY, &asks)), [json!({"asked": "Code"})]);
}

#[test]
fn it_listens_for_root_alone_and_once() {
    let host = Host::new();
    host.add_account("bob");
    let binary = host.built("wardkey-helper");
    let binary = binary.to_str().expect("a plain path");
    let as_bob = run(host.command("runuser").args(["--user", "bob", "--", binary, "listen"]), b"");
    assert_eq!(as_bob.code(), Some(3), "{as_bob:?}");
    let _helper = host.start_helper();
    let second = run(host.command(binary).args(["--config", "/etc/wardkey/wardkey.toml", "listen"]), b"");
    assert_eq!(second.code(), Some(3), "{second:?}");
    assert!(second.stderr.contains("/run/wardkey/helper.sock"), "{second:?}");
    let modes = host.shell("stat -c '%a %U' /run/wardkey /run/wardkey/helper.sock").exits(0).stdout;
    assert_eq!(modes, "755 root\n666 root\n");
}
