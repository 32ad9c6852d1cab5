//! What commands write down: who did what to whom and why, and never a code.

use crate::scratch::{GAMES, Scratch};
use serde_json::Value;

#[test]
fn every_change_leaves_one_line_with_its_reason() {
    let scratch = Scratch::new();
    let codes = scratch.enrol(GAMES).recovery_codes;
    let commands: [(&[&str], &str, Value); 6] = [
        (&["check", GAMES], "accepted", Value::Null),
        (&["recovery-codes", GAMES], "done", Value::Null),
        (&["pass", GAMES, "--verified-by", "call-back"], "done", "verified by: call-back".into()),
        (&["emergency", GAMES, "--count", "1", "--reason", "safe"], "done", "safe".into()),
        (
            &["reset", GAMES, "--verified-by", "ID", "--reason", "lost"],
            "done",
            "verified by: ID; lost".into(),
        ),
        (&["remove", GAMES, "--reason", "left"], "done", "left".into()),
    ];
    for (words, result, reason) in commands {
        let before = scratch.audit().len();
        scratch.json(words, &codes[0]).exits(0);
        let new = scratch.audit().split_off(before);
        assert_eq!(new.len(), 1, "{new:#?}");
        assert_eq!((&new[0]["event"], &new[0]["user"]), (&words[0].into(), &GAMES.into()));
        assert_eq!((&new[0]["result"], &new[0]["reason"]), (&result.into(), &reason));
        assert!(new[0]["actor"].is_string() && new[0]["service"].is_null(), "{new:#?}");
    }
    let text = std::fs::read_to_string(scratch.path("log/audit.jsonl")).unwrap();
    assert!(codes.iter().all(|code| !text.contains(code)));
}

#[test]
fn what_is_refused_or_fails_is_written_down_too() {
    let scratch = Scratch::new();
    scratch.run(&["reset", GAMES, "--verified-by", "desk"], "").exits(1);
    std::fs::remove_file(scratch.path("etc/seal.key")).unwrap();
    scratch.run(&["enroll", "evil\nname"], "").exits(1);
    scratch.run(&["enroll", GAMES], "").exits(3);
    let lines = scratch.audit().split_off(1);
    let results: Vec<&str> = lines.iter().map(|line| line["result"].as_str().unwrap()).collect();
    assert_eq!(results, ["refused", "refused", "failed"], "{lines:#?}");
    assert_eq!((&lines[0]["user"], &lines[2]["user"]), (&GAMES.into(), &GAMES.into()));
    // It may be a password.
    assert!(lines[1]["user"].is_null() && !lines[1].to_string().contains("evil"), "{lines:#?}");
}

#[test]
fn audit_lines_are_english_whatever_the_site_speaks() {
    let scratch = Scratch::with("language = \"fr\"");
    scratch.json(&["pass", GAMES, "--verified-by", "rappel"], "").exits(0);
    let shown = scratch.json(&["unlock", "nobody-here"], "").exits(1).error().1;
    assert!(shown.contains("pas de compte"), "{shown}");
    let lines = scratch.audit().split_off(1);
    let reasons: Vec<&str> = lines.iter().map(|line| line["reason"].as_str().unwrap()).collect();
    assert_eq!(reasons, ["verified by: rappel", "There is no account *** on this machine."]);
}

#[test]
fn looking_leaves_no_line() {
    let scratch = Scratch::new();
    let before = scratch.audit().len();
    for words in [&["status", GAMES][..], &["list"], &["config", "check"]] {
        scratch.run(words, "").exits(0);
    }
    assert_eq!(scratch.audit().len(), before);
}

#[test]
fn an_audit_file_that_cannot_be_written_changes_no_result() {
    let scratch = Scratch::new();
    std::fs::remove_dir_all(scratch.path("log")).unwrap();
    let said = scratch.json(&["pass", GAMES, "--verified-by", "desk"], "").exits(0);
    assert!(said.json()["pass"].is_string());
    assert!(said.err.contains("the audit file could not be written"), "{said:?}");
}
