//! A record follows an account that has another name: whatever happens, one of the two names has it, whole.

use serde_json::json;
use wardkey_tests::machine::host::{Host, STATE};
use wardkey_tests::machine::interrupt::{RandomKills, changing_calls, disk_errors, fail_at, kill_at};
use wardkey_tests::programs::pam::PamResult;
use wardkey_tests::proof::outcome::run;
use wardkey_tests::proof::writing_commands::WritingCommand;

/// Kills at random moments.
const ROUNDS: u32 = 8;

const VERIFIED: [&str; 2] = ["--verified-by", "badge 17"];

/// Every file of the state, with its content.
fn state(host: &Host) -> String {
    host.must(&format!("cd {STATE} && find . -type f -exec sha256sum {{}} + | sort && find . | sort"))
}

fn rename(host: &Host, words: &[&str]) -> (Option<i32>, serde_json::Value) {
    let outcome = host.wardkey(&[&["--json", "rename"], words, &VERIFIED].concat(), "");
    (outcome.code(), outcome.json())
}

#[test]
fn a_renamed_account_keeps_phone_and_codes_and_what_was_used_stays_used() {
    let writing = WritingCommand::rename();
    let (host, mut alice) = (&writing.history.host, writing.history.alice.clone());
    let next = alice.fresh_code(host);
    assert_eq!(host.types("alicia", &next).result(), PamResult::AuthErr, "not before");
    let (status, printed) = rename(host, &["alice", "alicia"]);
    assert_eq!((status, printed), (Some(0), json!({"user": "alicia", "was": "alice"})));
    for spent in [&writing.history.spent_code, &alice.recovery_codes[0]] {
        assert!(!host.types("alicia", spent).accepted());
    }
    assert!(host.types("alicia", &next).accepted(), "{}", host.syslog().text());
    assert!(host.types("alicia", &alice.recovery_codes[1]).accepted());
    assert_eq!(host.must(&format!("ls -A {STATE}/users")), "alicia\n");
    assert_eq!(host.files_of("alicia"), ["enrolment", "ledger"]);
    let audit = host.read(wardkey_tests::machine::host::AUDIT);
    let mut lines = audit.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"));
    let line = lines.rfind(|line| line["event"] == "rename").expect("a line");
    assert_eq!((&line["user"], &line["result"]), (&json!("alice"), &json!("done")));
    assert_eq!(line["reason"], "verified by: badge 17; alice -> alicia");
    let _ = host.syslog().authpriv(&["rename", "alice -> alicia"]);
}

#[test]
fn a_directorys_new_name_is_followed_though_it_takes_the_old_one_too() {
    let host = Host::new();
    host.makes_directory(&["CANONICAL=\"mary\""]);
    let mut mary = host.enrol("mary");
    host.makes_directory(&[]);
    let new = "mary@clinic.example";
    assert_eq!(
        host.types("mary", &mary.fresh_code(&host)).result(),
        PamResult::AuthErr,
        "another name, no record"
    );
    let listed = host.wardkey(&["list"], "").exits(0);
    assert!(listed.stdout.contains(&format!("is {new} now")), "{listed:?}");
    let shown = host.wardkey(&["status", "mary"], "").exits(0);
    assert!(shown.stdout.contains(&format!("wardkey rename mary {new}")), "{shown:?}");
    assert_eq!(rename(&host, &["mary", r"CLINIC\mary"]), (Some(0), json!({"user": new, "was": "mary"})));
    for spelling in ["mary", "MARY", new] {
        assert!(host.types(spelling, &mary.fresh_code(&host)).accepted(), "{spelling}");
    }
}

#[test]
fn what_cannot_be_is_refused_with_a_remedy_and_changes_nothing() {
    let host = Host::new();
    for name in ["alice", "bob"] {
        host.person(name);
    }
    host.add_account("carl");
    host.add_account("dora");
    host.renames_account("alice", "alicia");
    host.must("cp -a /var/lib/wardkey/users/alice /var/lib/wardkey/users/eve");
    let before = state(&host);
    for (words, status, message, hint) in [
        (&["alice", "nobody-here"][..], 1, "no account nobody-here", "getent passwd nobody-here"),
        (&["alice", "bob"], 1, "bob", "wardkey"),
        (&["bob", "dora"], 1, "bob is an account of its own", "getent passwd bob"),
        (&["alice", "carl"], 1, "carl has another uid", "wardkey rename alice carl --rebind"),
        (&["alice", "alice"], 1, "no account alice", "getent passwd alice"),
        (&["bob", "bob"], 1, "already", "wardkey list"),
        (&["zoe", "dora"], 1, "zoe has no record", "wardkey list"),
        (&["eve", "dora"], 3, "eve", "wardkey"),
        (&["", "dora"], 1, "empty", "Name the user"),
    ] {
        let (code, printed) = rename(&host, words);
        let part = |key: &str| printed["error"][key].as_str().unwrap_or_default().to_owned();
        assert_eq!(code, Some(status), "{words:?}: {printed:#}");
        assert!(part("message").contains(message) && part("hint").contains(hint), "{words:?}: {printed:#}");
        assert_eq!(state(&host), before, "{words:?}");
    }
    for words in [
        &["rename", "alice"][..],
        &["rename", "alice", "alicia"],
        &["rename", "alice", "alicia", "--verified-by", " "],
    ] {
        host.wardkey(words, "").exits(2);
    }
    let refused =
        host.wardkey_as("carl", &["--json", "rename", "alice", "carl", "--verified-by", "x"], "").exits(1);
    assert!(refused.stdout.contains("Only root"), "{refused:?}");
    assert_eq!(state(&host), before);
}

#[test]
fn a_name_that_has_a_record_keeps_it() {
    let host = Host::new();
    host.person("alice");
    host.person("alicia");
    host.deletes_account("alice");
    let before = state(&host);
    let (code, printed) = rename(&host, &["alice", "alicia", "--rebind"]);
    assert_eq!(code, Some(1), "{printed:#}");
    assert!(printed["error"]["message"].to_string().contains("already has a record"), "{printed:#}");
    assert_eq!(state(&host), before);
}

#[test]
fn another_uid_is_taken_over_only_where_that_is_said() {
    let host = Host::new();
    let mut alice = host.person("alice");
    let from = host.must("id -u alice").trim().to_owned();
    host.deletes_account("alice");
    let to = host.add_account("alicia");
    assert_eq!(rename(&host, &["alice", "alicia"]).0, Some(1));
    assert_eq!(rename(&host, &["alice", "alicia", "--rebind"]).0, Some(0));
    assert!(host.types("alicia", &alice.fresh_code(&host)).accepted());
    let _ = host.syslog().authpriv(&["rename", &format!("uid {from} -> {to}")]);
}

#[test]
fn without_the_sealing_key_nothing_is_renamed() {
    let writing = WritingCommand::rename();
    let host = &writing.history.host;
    let before = state(host);
    host.must("mv /etc/wardkey/seal.key /etc/wardkey/away");
    let (code, printed) = rename(host, &["alice", "alicia"]);
    assert_eq!((code, &printed["error"]["kind"]), (Some(3), &json!("key")), "{printed:#}");
    assert_eq!(state(host), before);
    host.must("mv /etc/wardkey/away /etc/wardkey/seal.key");
    writing.keeps_one_name("the key came back");
}

// Row: S2-2
#[test]
fn rename_may_be_killed_anywhere() {
    let writing = WritingCommand::rename();
    let (outcome, calls) = changing_calls(&writing.history.host, &writing.command(), b"");
    outcome.exits(0);
    assert!(calls.len() >= 10, "{calls:?}");
    for call in calls.iter().filter(|call| call.may_leave_another_state()) {
        writing.history.restore();
        let outcome = kill_at(&writing.command(), call, b"");
        assert_ne!(outcome.code(), Some(0), "not killed at {}", call.line);
        writing.keeps_one_name(&call.line);
    }
    writing.history.restore();
    let mut kills = RandomKills::of(|| run(&mut writing.command(), b"").exits(0));
    for round in 0..ROUNDS {
        writing.history.restore();
        kills.kill(&mut writing.command(), b"", |outcome| outcome.code() == Some(0));
        writing.keeps_one_name(&format!("round {round}, {kills:?}"));
    }
}

#[test]
fn rename_may_fail_anywhere() {
    let writing = WritingCommand::rename();
    let (outcome, calls) = changing_calls(&writing.history.host, &writing.command(), b"");
    outcome.exits(0);
    for (number, call) in calls.iter().filter(|call| call.is_for_the_record()).enumerate() {
        for error in disk_errors(number) {
            writing.history.restore();
            let outcome = fail_at(&writing.command(), call, error, b"");
            let what = format!("{error} at {}", call.line);
            assert!(matches!(outcome.code(), Some(0 | 3)), "{what}: {outcome:?}");
            let holder = writing.keeps_one_name(&what);
            assert!(outcome.code() != Some(0) || holder == "alicia", "{what}: done is done");
        }
    }
}
