//! A state that was restored: `doctor` names whose record does not know what the audit file tells, and says nothing else.

use crate::scratch::{GAMES, Phone, Scratch};
use serde_json::Value;
use std::io::Write;
use std::process::Command;

/// The finding, if there is one.
fn found(scratch: &Scratch) -> Option<Value> {
    let answer = scratch.json(&["doctor"], "").json();
    let findings = answer["findings"].as_array().unwrap();
    findings.iter().find(|finding| finding["id"] == "state-went-back").cloned()
}

/// Whom it names, and with what.
fn named(scratch: &Scratch) -> String {
    found(scratch).unwrap()["what"].as_str().unwrap().to_owned()
}

fn shell(scratch: &Scratch, line: &str) {
    let status = Command::new("sh").args(["-ec", line]).current_dir(scratch.path("")).status();
    assert!(status.unwrap().success(), "{line}");
}

fn back_up(scratch: &Scratch) {
    shell(scratch, "rm -rf backup && cp -a state backup");
}

fn restore(scratch: &Scratch) {
    shell(scratch, "rm -rf state && cp -a backup state");
}

fn logs_in(scratch: &Scratch, phone: &Phone, recovery_code: usize) {
    scratch.json(&["check", GAMES], &phone.recovery_codes[recovery_code]).exits(0);
}

/// Lets the audit file tell of a login so long from now, in hours.
fn tells_of_a_login_in(scratch: &Scratch, hours: u64) {
    let when =
        Command::new("date").args(["-u", "+%FT%TZ", "-d", &format!("{hours} hours")]).output().unwrap();
    let when = String::from_utf8(when.stdout).unwrap();
    let line = format!(
        r#"{{"time":"{}","event":"login","user":"games","method":"authenticator","result":"accepted","reason":null}}"#,
        when.trim()
    );
    let mut file = std::fs::OpenOptions::new().append(true).open(scratch.path("log/audit.jsonl")).unwrap();
    writeln!(file, "{line}").unwrap();
}

#[test]
fn a_restored_state_is_told_until_new_codes_void_what_it_forgot() {
    let scratch = Scratch::new();
    let phone = scratch.enrol(GAMES);
    logs_in(&scratch, &phone, 0);
    back_up(&scratch);
    assert_eq!(found(&scratch), None);
    logs_in(&scratch, &phone, 1);
    assert_eq!(found(&scratch), None, "nothing was restored");
    restore(&scratch);
    let finding = found(&scratch).expect("the finding");
    assert!(finding["severity"] == "warning" && finding["where"] == scratch.path("state").to_str().unwrap());
    assert!(named(&scratch).contains("games (recovery code accepted "), "{finding}");
    let remedy = finding["remedy"].as_str().unwrap();
    assert!(remedy.contains(" recovery-codes USER") && !remedy.contains(" remove "), "{remedy}");
    logs_in(&scratch, &phone, 2);
    assert!(named(&scratch).contains("games"), "a later login says nothing of that code");
    scratch.run(&["recovery-codes", GAMES], "").exits(0);
    assert_eq!(found(&scratch), None);
}

#[test]
fn it_is_told_in_french_too() {
    let scratch = Scratch::with("language = \"fr\"");
    let phone = scratch.enrol(GAMES);
    back_up(&scratch);
    logs_in(&scratch, &phone, 0);
    restore(&scratch);
    assert!(named(&scratch).contains("games (code de secours accepté le "));
}

#[test]
fn a_login_is_told_from_rotated_lines_and_beside_damaged_ones() {
    let scratch = Scratch::new();
    scratch.enrol(GAMES);
    tells_of_a_login_in(&scratch, 1);
    assert!(named(&scratch).contains("games (code accepted "));
    shell(
        &scratch,
        "printf '\\0\\0{\"time\":\\n\\377' >> log/audit.jsonl; mv log/audit.jsonl log/audit.jsonl.1",
    );
    assert!(named(&scratch).contains("games (code accepted "));
    shell(&scratch, "chmod 666 log/audit.jsonl.1");
    assert_eq!(found(&scratch), None, "anybody could have written it");
    shell(&scratch, "chmod 600 log/audit.jsonl.1; gzip log/audit.jsonl.1");
    assert_eq!(found(&scratch), None);
}

#[test]
fn a_reset_a_removal_and_an_enrolment_that_came_undone_are_told() {
    let undone = |before: &dyn Fn(&Scratch), does: &[&[&str]]| {
        let scratch = Scratch::new();
        before(&scratch);
        back_up(&scratch);
        does.iter().for_each(|words| {
            scratch.run(words, "").exits(0);
        });
        assert_eq!(found(&scratch), None, "{does:?}");
        // As if it had been an hour ago.
        let hour_later =
            r#"s/"time":"[^"]*","event":"(reset|remove)"/"time":"2099-01-01T00:00:00Z","event":"\1"/"#;
        restore(&scratch);
        shell(&scratch, &format!("sed -Ei '{hour_later}' log/audit.jsonl"));
        scratch
    };
    let enrolled = |scratch: &Scratch| {
        scratch.enrol(GAMES);
    };
    let reset = undone(&enrolled, &[&["reset", GAMES, "--verified-by", "badge"]]);
    assert!(named(&reset).contains("games (reset "));
    let removed = undone(&enrolled, &[&["remove", GAMES, "--reason", "left"]]);
    assert!(named(&removed).contains("games (removed "));
    removed.run(&["remove", GAMES, "--reason", "left"], "").exits(0);
    assert_eq!(found(&removed), None, "the remedy ends it");
    let new = Scratch::new();
    back_up(&new);
    new.enrol(GAMES);
    restore(&new);
    assert!(named(&new).contains("games (enrolled "));
    new.enrol(GAMES);
    assert_eq!(found(&new), None);
}

#[test]
fn what_is_done_to_a_record_in_its_life_proves_no_restore() {
    let scratch = Scratch::new();
    let said = |words: &[&str]| {
        scratch.run(words, "").exits(0);
        assert_eq!(found(&scratch), None, "{words:?}");
    };
    let phone = scratch.enrol(GAMES);
    logs_in(&scratch, &phone, 0);
    said(&["recovery-codes", GAMES]);
    said(&["emergency", GAMES, "--count", "2", "--reason", "safe"]);
    said(&["reset", GAMES, "--verified-by", "badge"]);
    said(&["remove", GAMES, "--reason", "left"]);
    let phone = scratch.enrol(GAMES);
    logs_in(&scratch, &phone, 1);
    said(&["unlock", GAMES]);
    shell(&scratch, "rm -rf state");
    said(&["init"]);
}
