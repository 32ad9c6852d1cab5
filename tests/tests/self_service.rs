//! What people do for themselves, without root: through the helper, after password and code.

use std::fs;

use serde_json::Value;
use wardkey_tests::machine::host::{AUDIT, Host, STATE};
use wardkey_tests::people::person::{PASSWORD, Person};
use wardkey_tests::programs::authenticator_app::Authenticator;
use wardkey_tests::programs::terminal::Terminal;
use wardkey_tests::proof::outcome::Outcome;
use wardkey_tests::proof::terminal_screen::printed_codes;

fn json(outcome: &Outcome) -> Value {
    serde_json::from_str(outcome.stdout.lines().last().unwrap_or_default())
        .unwrap_or_else(|_| panic!("{outcome:?}"))
}

/// Password and a fresh code, one a line, and what follows.
fn proof(host: &Host, person: &mut Person, more: &str) -> String {
    format!("{PASSWORD}\n{}\n{more}", person.fresh_code(host))
}

fn labels(host: &Host, name: &str) -> Vec<String> {
    let status = json(&host.wardkey(&["status", name, "--json"], "").exits(0));
    let all = status["authenticators"].as_array().expect("authenticators").clone();
    all.iter().map(|a| a["label"].as_str().expect("a label").to_owned()).collect()
}

// Row: S1-9
// Row: S1-8
#[test]
fn somebody_sees_their_own_status_and_nobody_elses() {
    let host = Host::new();
    let _alice = host.person("alice");
    host.add_account("bob");
    let _helper = host.start_helper();
    let own = host.wardkey_as("alice", &["status", "--json"], "").exits(0);
    assert_eq!(
        (json(&own)["user"].as_str(), json(&own)["state"].as_str()),
        (Some("alice"), Some("enrolled"))
    );
    assert!(json(&own)["record"].is_null(), "the file is root's to see");
    assert!(host.wardkey_as("alice", &["status"], "").exits(0).stdout.contains("MFA: ON since"));
    for name in ["alice", "root", "nobody-at-all"] {
        let refused = host.wardkey_as("bob", &["status", name, "--json"], "").exits(1);
        assert_eq!(json(&refused)["error"]["kind"], "refused", "{refused:?}");
        assert!(!refused.stdout.contains("app"), "{refused:?}");
    }
    let list = host.wardkey_as("bob", &["list", "--json"], "").exits(1);
    assert_eq!(json(&list)["error"]["message"], "Only root may do this.");
}

// Row: S2-12
#[test]
fn somebody_makes_new_recovery_codes_with_password_and_code() {
    let host = Host::new();
    let mut alice = host.person("alice");
    let _helper = host.start_helper();
    let input = proof(&host, &mut alice, "");
    let made = host.wardkey_as("alice", &["recovery-codes", "--json"], &input).exits(0);
    let codes = json(&made)["recovery_codes"].clone();
    assert_eq!(codes.as_array().map(Vec::len), Some(5), "{made:?}");
    let (old, new) = (&alice.recovery_codes[0], codes[0].as_str().expect("a code"));
    assert!(!host.types("alice", old).accepted(), "the old set is void");
    assert!(host.types("alice", new).accepted());
    let audit = host.read(AUDIT);
    let line = audit.lines().find(|line| line.contains(r#""event":"recovery-codes""#)).expect("a line");
    assert!(line.contains(r#""actor":"alice""#) && line.contains(r#""result":"done""#), "{line}");
}

/// Somebody at a terminal before the new codes that they have asked for.
fn begins_new_codes(host: &Host, person: &mut Person) -> (Terminal, Vec<String>) {
    let wardkey = host.built("wardkey");
    let words = ["--user", &person.name, "--", wardkey.to_str().expect("a plain path"), "recovery-codes"];
    let mut terminal = Terminal::start(host, "runuser", &words);
    terminal.answer("Password", PASSWORD);
    terminal.answer("Code from your app", &person.fresh_code(host));
    let shown = terminal.expect("then cleared:");
    (terminal, printed_codes(&shown))
}

/// The helper holds on to the record that was shown to it: a further set would be as void.
#[test]
fn somebody_reset_while_writing_codes_down_is_shown_no_further_set() {
    let host = Host::new();
    let mut alice = host.person("alice");
    let _helper = host.start_helper();
    let (mut terminal, _) = begins_new_codes(&host, &mut alice);
    host.json(&["reset", "alice", "--verified-by", "passport"], "");
    let begun = host.wardkey(&["enroll", "alice", "--json"], "").exits(0);
    let phone = Authenticator::from_enrolment(&json(&begun));
    host.wardkey(&["confirm", "alice"], &format!("{}\n", phone.code(host.now() / 30))).exits(0);
    let codes_left = host.status("alice")["recovery_codes"]["left"].clone();
    terminal.type_line("saved");
    let said = terminal.expect("wardkey status alice");
    assert!(
        said.contains("was reset or enrolled again meanwhile: the codes you were shown are void."),
        "{said}"
    );
    assert!(printed_codes(&said).is_empty(), "{said}");
    let (status, _) = terminal.finish();
    assert_eq!(status.code(), Some(1));
    assert_eq!(host.status("alice")["recovery_codes"]["left"], codes_left, "those of the enrolment hold");
}

// Row: S2-12
#[test]
fn at_a_terminal_the_old_set_works_until_the_new_one_is_kept() {
    let host = Host::new();
    let mut alice = host.person("alice");
    let _helper = host.start_helper();
    let old = alice.recovery_codes.clone();
    let mut begin = || begins_new_codes(&host, &mut alice);
    let (mut left, new) = begin();
    assert!(host.types("alice", &old[0]).accepted(), "nobody has said that the new set is kept");
    left.type_line("\u{3}");
    left.expect("Your old codes still work; the new ones open nothing.");
    let _ = left.finish();
    assert!(!host.types("alice", &new[0]).accepted() && host.types("alice", &old[1]).accepted());
    let audit = host.read(AUDIT);
    assert!(audit.contains("has not said that the new codes are kept"), "{audit}");
    let (mut kept, new) = begin();
    kept.type_line("saved");
    kept.expect("the old codes are void.");
    assert!(kept.ended_well());
    assert!(!host.types("alice", &old[2]).accepted() && host.types("alice", &new[0]).accepted());
}

#[test]
fn a_colleague_at_an_unlocked_seat_gets_nowhere() {
    let host = Host::new();
    let mut alice = host.person("alice");
    let _helper = host.start_helper();
    let before = fs::read(host.path(format!("{STATE}/users/alice/enrolment"))).expect("a record");
    let code = alice.fresh_code(&host);
    for input in [format!("wrong password\n{code}\n"), String::new(), format!("{PASSWORD}\n")] {
        for command in
            [&["recovery-codes"][..], &["replace"], &["authenticator", "add"], &["authenticator", "remove"]]
        {
            let mut arguments = command.to_vec();
            arguments.push("--json");
            let refused = host.wardkey_as("alice", &arguments, &input).exits(1);
            assert_eq!(json(&refused)["error"]["kind"], "refused", "{command:?} {refused:?}");
        }
    }
    let wrong = format!("{PASSWORD}\n{}\n", alice.wrong_code(&host));
    host.wardkey_as("alice", &["recovery-codes", "--json"], &wrong).exits(1);
    let after = fs::read(host.path(format!("{STATE}/users/alice/enrolment"))).expect("a record");
    assert_eq!(before, after, "nothing changed");
    assert!(host.types("alice", &code).accepted(), "and the code was not spent");
}

// Row: S1-19
// Row: S2-13
#[test]
fn a_recovery_code_changes_phones_and_the_new_ones_code_ends_the_old() {
    let host = Host::new();
    let mut alice = host.person("alice");
    let _helper = host.start_helper();
    let input = format!("{PASSWORD}\n{}\n", alice.recovery_codes[0]);
    let begun = host.wardkey_as("alice", &["replace", "--label", "new", "--json"], &input).exits(0);
    assert!(host.types("alice", &alice.fresh_code(&host)).accepted(), "the old one works meanwhile");
    let new = Authenticator::from_enrolment(&json(&begun));
    let code = new.code(host.now() / 30);
    let confirmed = host.wardkey_as("alice", &["confirm", "--json"], &format!("{code}\n")).exits(0);
    assert_eq!(json(&confirmed)["recovery_codes"], serde_json::json!([]), "the codes stay as they are");
    assert_eq!(labels(&host, "alice"), ["new"]);
    assert!(!host.types("alice", &alice.fresh_code(&host)).accepted(), "the old one has ended");
}

#[test]
fn somebody_adds_and_removes_a_device() {
    let host = Host::new();
    let mut alice = host.person("alice");
    let _helper = host.start_helper();
    let input = proof(&host, &mut alice, "");
    let begun =
        host.wardkey_as("alice", &["authenticator", "add", "alice", "tablet", "--json"], &input).exits(0);
    let tablet = Authenticator::from_enrolment(&json(&begun));
    let code = tablet.code(host.now() / 30);
    host.wardkey_as("alice", &["confirm"], &format!("{code}\n")).exits(0);
    assert_eq!(labels(&host, "alice"), ["app", "tablet"]);
    let input = proof(&host, &mut alice, "");
    host.wardkey_as("alice", &["authenticator", "remove", "alice", "tablet"], &input).exits(0);
    assert_eq!(labels(&host, "alice"), ["app"]);
    let shown = host.wardkey_as("alice", &["authenticator", "list", "--json"], "").exits(0);
    assert_eq!(json(&shown)[0]["label"], "app");
}

#[test]
fn a_first_enrolment_takes_the_password_where_a_login_takes_no_more() {
    let host = Host::with_config("[policy]\nunenrolled = \"ignore\"\n");
    host.add_account("bob");
    let _helper = host.start_helper();
    host.wardkey_as("bob", &["enroll", "--json"], "wrong password\n").exits(1);
    let begun = host.wardkey_as("bob", &["enroll", "--json"], &format!("{PASSWORD}\n")).exits(0);
    let phone = Authenticator::from_enrolment(&json(&begun));
    let code = phone.code(host.now() / 30);
    let confirmed = host.wardkey_as("bob", &["confirm", "--json"], &format!("{code}\n")).exits(0);
    assert_eq!(json(&confirmed)["recovery_codes"].as_array().map(Vec::len), Some(5), "{confirmed:?}");
    assert!(host.types("bob", &phone.code(host.now() / 30 + 1)).accepted());
}

// Row: S1-20
#[test]
fn where_a_login_wants_a_second_factor_a_first_enrolment_takes_a_pass() {
    let host = Host::new();
    host.add_account("bob");
    let _helper = host.start_helper();
    host.wardkey_as("bob", &["enroll", "--json"], &format!("{PASSWORD}\n123456\n")).exits(1);
    let pass = json(&host.wardkey(&["pass", "bob", "--verified-by", "badge", "--json"], "").exits(0));
    let pass = pass["pass"].as_str().expect("a pass").to_owned();
    let begun = host.wardkey_as("bob", &["enroll", "--json"], &format!("{PASSWORD}\n{pass}\n")).exits(0);
    assert_eq!(json(&begun)["state"], "pending");
}

#[test]
fn a_site_may_keep_it_to_the_desk() {
    let host = Host::with_config("[policy]\nself_service = false\n");
    let mut alice = host.person("alice");
    let _helper = host.start_helper();
    let input = proof(&host, &mut alice, "");
    let refused = host.wardkey_as("alice", &["recovery-codes", "--json"], &input).exits(1);
    assert!(refused.stdout.contains("Self-service is off here"), "{refused:?}");
}

#[test]
fn without_the_helper_people_are_told_what_is_missing() {
    let host = Host::new();
    let _alice = host.person("alice");
    let failed = host.wardkey_as("alice", &["status", "--json"], "").exits(3);
    let error = json(&failed)["error"].clone();
    assert_eq!(error["kind"], "system");
    assert!(error["hint"].as_str().is_some_and(|hint| hint.contains("wardkey-helper.socket")), "{error}");
}

#[test]
fn a_code_tried_by_oneself_is_spent_and_counts() {
    let host = Host::new();
    let mut alice = host.person("alice");
    let _helper = host.start_helper();
    let code = alice.fresh_code(&host);
    let tried = host.wardkey_as("alice", &["check", "--json"], &format!("{code}\n")).exits(0);
    assert_eq!(json(&tried)["result"], "accepted");
    let again = host.wardkey_as("alice", &["check", "--json"], &format!("{code}\n")).exits(1);
    assert_eq!(json(&again)["reason"], "already used");
}
