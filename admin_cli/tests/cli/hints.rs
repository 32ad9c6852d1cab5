//! What a person is told to do next: commands that can be copied, limits with the number that is possible, warnings
//! before somebody is locked out.

use crate::scratch::{GAMES, Scratch};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::{Command, Stdio};

#[test]
fn a_command_in_a_hint_names_configuration_person_and_what_it_needs() {
    let scratch = Scratch::new();
    let config = format!("wardkey --config {}", scratch.path("wardkey.toml").display());
    let hint = |words: &[&str], line: &str| {
        let (_, message, hint) = scratch.json(words, line).exits(1).error();
        format!("{message} {hint}")
    };
    assert!(hint(&["recovery-codes", GAMES], "").contains(&format!("{config} enroll games")));
    let phone = scratch.enrol(GAMES);
    scratch.json(&["reset", GAMES, "--verified-by", "desk"], "").exits(0);
    let said = scratch.run(&["check", GAMES], &phone.code(1)).exits(1);
    assert!(said.err.contains(&format!("{config} pass games --verified-by TEXT")), "{said:?}");
}

#[test]
fn names_that_are_none_are_told_as_such() {
    let scratch = Scratch::new();
    let message = |name: &str| scratch.json(&["status", "--", name], "").exits(1).error();
    assert_eq!(message("").1, "The user name is empty.");
    assert!(message("-x").2.ends_with("getent passwd -- -x"), "{:?}", message("-x"));
    let (_, message, hint) = message("123456");
    assert!(
        message.contains("***") && !message.contains("123456") && hint.contains("looks like a code"),
        "{message}"
    );
}

#[test]
fn a_code_in_place_of_a_name_is_not_written_down() {
    let scratch = Scratch::new();
    let code = &scratch.enrol(GAMES).recovery_codes[0];
    scratch.run(&["check", code], "").exits(1);
    let audit = std::fs::read_to_string(scratch.path("log/audit.jsonl")).unwrap();
    assert!(!audit.contains(code.as_str()) && scratch.audit().last().unwrap()["user"].is_null(), "{audit}");
}

#[test]
fn an_envelope_leaves_room_for_a_recovery_set_and_a_pass() {
    let scratch = Scratch::new();
    let words = |count: &'static str| ["emergency", GAMES, "--count", count, "--reason", "safe"];
    let (_, message, _) = scratch.json(&words("27"), "").exits(1).error();
    assert!(message.contains("room for 26 more"), "{message}");
    scratch.json(&words("26"), "").exits(0);
    scratch.json(&["pass", GAMES, "--verified-by", "desk"], "").exits(0);
    let said = scratch.run(&["status", GAMES], "").exits(0);
    assert!(
        said.out.contains("emergency codes: 26 of 26 left") && said.out.contains("pass: opens until"),
        "{said:?}"
    );
    scratch.enrol(GAMES);
}

#[test]
fn a_reset_says_what_it_voided_and_who_can_still_become_root() {
    let scratch = Scratch::new();
    scratch.enrol(GAMES);
    scratch.json(&["emergency", GAMES, "--count", "1", "--reason", "safe"], "").exits(0);
    let said = scratch.run(&["reset", GAMES, "--verified-by", "desk"], "").exits(0);
    assert!(
        said.out.contains("emergency codes and passes are void.") && said.out.contains("make a new one"),
        "{said:?}"
    );
    assert!(said.err.contains("keep a root shell open"), "{said:?}");
    let mut command = scratch.command(&["--json", "remove", GAMES, "--reason", "left"]);
    let said = command.env("SUDO_USER", GAMES).stdin(Stdio::null()).output().unwrap();
    let json: serde_json::Value = serde_json::from_slice(&said.stdout).unwrap();
    assert!(json["warnings"].to_string().contains("nobody who can become root is enrolled"), "{json}");
}

#[test]
fn status_says_whether_a_login_asks_at_all() {
    // The machine's own services are looked at: there may be such a line or none.
    for (tables, part) in
        [("", "for a code"), ("[policy]\ngroups = [\"nogroup\"]", "no login asks for a code")]
    {
        let scratch = Scratch::with(tables);
        scratch.enrol(GAMES);
        let said = scratch.run(&["status", GAMES], "").exits(0);
        assert!(said.out.contains(part), "{said:?}");
    }
}

#[test]
fn somebody_reset_stays_so_while_an_authenticator_waits() {
    let scratch = Scratch::new();
    scratch.enrol(GAMES);
    scratch.json(&["reset", GAMES, "--verified-by", "desk"], "").exits(0);
    scratch.json(&["enroll", GAMES], "").exits(0);
    assert_eq!(scratch.json(&["status", GAMES], "").exits(0).json()["state"], "must-enroll");
    let said = scratch.run(&["status", GAMES], "").exits(0);
    assert!(said.out.contains("waits for its first code"), "{said:?}");
}

#[test]
fn a_foreign_key_is_seen_before_somebody_cannot_log_in() {
    let scratch = Scratch::new();
    scratch.enrol(GAMES);
    let key = scratch.path("etc/seal.key");
    std::fs::remove_file(&key).unwrap();
    let said = scratch.run(&["status", GAMES], "").exits(0);
    assert!(said.out.contains("is missing") && said.out.contains("Only on a new machine"), "{said:?}");
    let (_, message, hint) = scratch.json(&["config", "check"], "").exits(3).error();
    assert!(message.contains("is missing") && hint.contains("Restore the key"), "{message} {hint}");
    std::fs::write(&key, "nonsense").unwrap();
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).unwrap();
    let (_, message, hint) = scratch.json(&["config", "check"], "").exits(3).error();
    assert!(message.contains("does not hold a sealing key") && hint.contains("reset"), "{message} {hint}");
    std::fs::remove_file(&key).unwrap();
    scratch.json(&["init"], "").exits(0);
    let (_, message, hint) = scratch.json(&["config", "check"], "").exits(3).error();
    assert!(message.contains("people concerned: 1") && hint.contains("reset"), "{message} {hint}");
    let said = scratch.run(&["status", GAMES], "").exits(0);
    assert!(said.out.contains("not the one these secrets were sealed with"), "{said:?}");
}

#[test]
fn config_check_names_what_a_site_should_say() {
    let scratch = Scratch::with("");
    let config = scratch.path("wardkey.toml");
    let text = std::fs::read_to_string(&config).unwrap().replace("ext. 204", "");
    std::fs::write(&config, text).unwrap();
    std::fs::remove_dir_all(scratch.path("log")).unwrap();
    let warnings = scratch.json(&["config", "check"], "").exits(0).json()["warnings"].to_string();
    for part in ["support is empty", "issuer is", "/log is missing"] {
        assert!(warnings.contains(part), "{part}: {warnings}");
    }
}

#[test]
fn a_configuration_not_believed_comes_with_the_command_that_mends_it() {
    let scratch = Scratch::new();
    let config = scratch.path("wardkey.toml");
    let hint = || scratch.json(&["list"], "").exits(3).error().2;
    std::fs::set_permissions(&config, std::fs::Permissions::from_mode(0o666)).unwrap();
    assert!(hint().ends_with(&format!("chmod go-w {}", config.display())), "{}", hint());
    std::fs::set_permissions(&config, std::fs::Permissions::from_mode(0o644)).unwrap();
    std::os::unix::fs::chown(&config, Some(1), None).unwrap();
    assert!(hint().ends_with(&format!("chown root {}", config.display())), "{}", hint());
    std::fs::remove_file(&config).unwrap();
    assert!(hint().contains("name another with --config"), "{}", hint());
    symlink("/dev/null", &config).unwrap();
    assert!(hint().contains("readlink -f"), "{}", hint());
}

#[test]
fn texts_for_the_audit_log_have_a_limit() {
    let scratch = Scratch::new();
    let long = "x".repeat(501);
    let (kind, message, _) = scratch.json(&["pass", GAMES, "--verified-by", &long], "").exits(2).error();
    assert_eq!((kind.as_str(), message.as_str()), ("usage", "--verified-by is longer than 500 characters."));
    scratch.json(&["pass", GAMES, "--verified-by", &long[1..]], "").exits(0);
}

#[test]
fn a_configuration_named_twice_is_wrong_usage() {
    let scratch = Scratch::new();
    let path = scratch.path("wardkey.toml").display().to_string();
    let (kind, message, _) = scratch.json(&["list", "--config", &path], "").exits(2).error();
    assert!(kind == "usage" && message.contains("only once"), "{message}");
}

#[test]
fn a_line_without_an_end_ends_the_reading() {
    let scratch = Scratch::new();
    let mut command = scratch.command(&["--json", "enroll", GAMES, "--secret-stdin"]);
    let zero = std::fs::File::open("/dev/zero").unwrap();
    let said = command.stdin(zero).stdout(Stdio::piped()).output().unwrap();
    assert_eq!(said.status.code(), Some(2), "{said:?}");
}

#[test]
fn unlock_says_when_there_was_nothing_to_unlock() {
    let scratch = Scratch::new();
    scratch.enrol(GAMES);
    let said = scratch.json(&["unlock", GAMES], "").exits(0).json();
    assert_eq!(said["unlocked"], false);
    let said = scratch.run(&["unlock", GAMES], "").exits(0);
    assert!(said.out.contains("games was neither waiting nor disabled"), "{said:?}");
}

#[test]
fn a_refusal_of_oneself_names_oneself_in_the_audit_line() {
    let scratch = Scratch::new();
    scratch.run(&["recovery-codes"], "").exits(1);
    assert_eq!(scratch.audit().last().unwrap()["user"], "root");
}

#[test]
fn an_audit_line_that_went_nowhere_is_not_said_to_be_in_syslog() {
    let scratch = Scratch::new();
    std::fs::remove_dir_all(scratch.path("log")).unwrap();
    let said = scratch.json(&["pass", GAMES, "--verified-by", "desk"], "").exits(0);
    let has_syslog = Command::new("test").args(["-S", "/dev/log"]).status().unwrap().success();
    assert!(
        said.err.contains(if has_syslog { "in syslog only" } else { "written down nowhere" }),
        "{said:?}"
    );
}

#[test]
fn an_enrolment_broken_off_is_one_line_that_says_pending() {
    let scratch = Scratch::new();
    let before = scratch.audit().len();
    scratch.run(&["enroll", GAMES], "").exits(1);
    let new = scratch.audit().split_off(before);
    assert_eq!(new.len(), 1, "{new:#?}");
    assert_eq!((&new[0]["result"], &new[0]["reason"]), (&"done".into(), &"pending".into()));
}

#[test]
fn a_label_that_cannot_be_is_wrong_usage() {
    let scratch = Scratch::new();
    for label in ["", "a\u{202e}b", "a\u{9b}b"] {
        assert_eq!(scratch.json(&["enroll", GAMES, "--label", label], "").exits(2).error().0, "usage");
    }
}

#[test]
fn a_service_that_is_not_there_brings_the_name_that_was_meant() {
    let warned = |tables: &str| {
        let said = Scratch::with(tables).json(&["config", "check"], "").exits(0).json();
        said["warnings"].to_string()
    };
    assert!(warned("[service.logn]\nentry = \"combined\"").contains("Did you mean login?"));
    assert!(warned("[service.turnstile]\nentry = \"combined\"").contains("Services here: "));
    let exempt = "[[exempt]]\nservice = [\"logn\"]\nreason = \"r\"\napproved_by = \"a\"\nuntil = 2099-01-01";
    assert!(warned(exempt).contains("Did you mean login?"));
}
