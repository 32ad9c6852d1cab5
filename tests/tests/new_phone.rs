//! New phones, more phones and moved accounts, at real logins: the old one opens until the new one has shown a code,
//! then only the new one does, and nothing that was spent opens again.

use wardkey_tests::machine::host::Host;
use wardkey_tests::machine::interrupt::{changing_calls, kill_at};
use wardkey_tests::people::history::History;
use wardkey_tests::people::person::Person;
use wardkey_tests::programs::authenticator_app::Authenticator;
use wardkey_tests::programs::console::ConsoleProgram;
use wardkey_tests::programs::terminal::Terminal;

/// A phone that waits for its first code, by these words.
fn pending(host: &Host, words: &[&str]) -> Authenticator {
    Authenticator::from_enrolment(&host.json(words, ""))
}

/// Shows the phone's code of now; the answer is the phone as somebody's own.
fn confirm(host: &Host, name: &str, phone: Authenticator) -> Person {
    host.confirm(name, phone)
}

fn opens(host: &Host, person: &mut Person) -> bool {
    let code = person.fresh_code(host);
    host.types(&person.name, &code).accepted()
}

// Row: S2-13
#[test]
fn the_old_phone_opens_until_the_new_one_confirmed_and_then_that_alone() {
    let host = Host::new();
    ConsoleProgram::prepare(&host);
    let mut old = host.person("alice");
    let spent = old.fresh_code(&host);
    assert!(ConsoleProgram::Su.attempt(&host, "alice", &spent).accepted);
    assert!(host.types("alice", &old.recovery_codes[0]).accepted());

    let phone = pending(&host, &["replace", "alice"]);
    let too_early = ConsoleProgram::Su.attempt(&host, "alice", &phone.code(host.now() / 30));
    assert!(!too_early.accepted, "{}", too_early.text);
    let still = ConsoleProgram::Su.attempt(&host, "alice", &old.fresh_code(&host));
    assert!(still.accepted, "no unprotected and no locked moment: {}", still.text);

    let mut new = confirm(&host, "alice", phone);
    assert!(new.recovery_codes.is_empty(), "codes stay as they are");
    let confirmed_with = new.used_code();
    assert!(!host.types("alice", &confirmed_with).accepted(), "the confirmation spent it");
    let taken_over = ConsoleProgram::Su.attempt(&host, "alice", &new.fresh_code(&host));
    assert!(taken_over.accepted, "{}", taken_over.text);
    assert!(!opens(&host, &mut old) && !host.types("alice", &spent).accepted());
    assert!(!host.types("alice", &old.recovery_codes[0]).accepted(), "spent before, spent now");
    assert!(host.types("alice", &old.recovery_codes[1]).accepted());
}

// Row: S1-19
// Row: S1-21
#[test]
fn a_lost_phone_is_bridged_by_a_recovery_code_and_ended_by_the_new() {
    let host = Host::new();
    let mut lost = host.person("alice");
    assert!(host.types("alice", &lost.recovery_codes[2]).accepted());
    let mut terminal =
        Terminal::start(&host, host.built("wardkey").to_str().expect("a plain path"), &["replace", "alice"]);
    terminal.expect("The old authenticator keeps working until");
    terminal.expect("Key: ");
    let key = terminal.expect("\n");
    let secret = key.split_whitespace().collect();
    let phone = Authenticator { secret, algorithm: "SHA1".into(), digits: 6, period: 30 };
    let step = host.now() / 30;
    terminal.answer("Code from the app:", &phone.code(step));
    let (status, text) = terminal.finish();
    assert!(status.success() && text.contains("(app) no longer does") && text.contains("4 left"), "{text}");
    assert!(!opens(&host, &mut lost));
    assert!(host.types("alice", &phone.code(step + 1)).accepted());
}

#[test]
fn several_devices_open_each_for_itself_and_one_removed_opens_nothing() {
    let host = Host::new();
    let mut app = host.person("alice");
    let phone = pending(&host, &["authenticator", "add", "alice", "token", "--digits", "8"]);
    let mut token = confirm(&host, "alice", phone);
    assert!(opens(&host, &mut app) && opens(&host, &mut token));
    assert!(!host.types("alice", &token.used_code()).accepted());
    host.json(&["authenticator", "remove", "alice", "app"], "");
    assert!(!opens(&host, &mut app) && opens(&host, &mut token));
    host.wardkey(&["authenticator", "remove", "alice", "token"], "").exits(1);
    assert!(opens(&host, &mut token));
}

#[test]
fn after_a_directory_move_an_account_is_refused_until_uid_take_over() {
    let host = Host::new();
    let mut alice = host.person("alice");
    let spent = alice.fresh_code(&host);
    assert!(host.types("alice", &spent).accepted());
    host.must("sed -i 's/^alice:x:[0-9]*:/alice:x:7001:/' /etc/passwd");
    assert!(!opens(&host, &mut alice));
    let status = host.wardkey(&["status", "alice"], "").exits(0);
    assert!(status.stdout.contains("until wardkey rebind alice --verified-by TEXT"), "{status:?}");
    let listed = host.wardkey(&["list"], "").exits(0);
    assert!(listed.stdout.contains("has another uid now"), "{listed:?}");
    assert!(listed.stderr.contains("wardkey rebind USER --verified-by TEXT"), "{listed:?}");
    host.json(&["rebind", "alice", "--verified-by", "call-back to the ward"], "");
    assert!(!host.types("alice", &spent).accepted());
    assert!(opens(&host, &mut alice));
    host.wardkey(&["rebind", "alice", "--verified-by", "once more"], "").exits(1);
}

// Row: S2-13
#[test]
fn a_replacement_killed_at_any_system_call_leaves_one_phone_that_opens() {
    let history = History::new();
    let host = &history.host;
    let phone = pending(host, &["replace", "alice"]);
    history.keep();
    let step = host.now() / 30;
    let command = host.wardkey_command(&["--json", "confirm", "alice"]);
    let input = format!("{}\n", phone.code(step));
    let (outcome, calls) = changing_calls(host, &command, input.as_bytes());
    outcome.exits(0);
    for call in calls.iter().filter(|call| call.may_leave_another_state()) {
        history.restore();
        let killed = kill_at(&command, call, input.as_bytes());
        assert_ne!(killed.code(), Some(0), "not killed at {}", call.line);
        let what = &call.line;
        assert!(!host.types("alice", &history.spent_code).accepted(), "{what}");
        assert!(!host.types("alice", &history.alice.recovery_codes[0]).accepted(), "{what}");
        let new = host.types("alice", &phone.code(step + 2)).accepted();
        let old = host.types("alice", &history.alice.phone.code(history.alice.last_step + 3)).accepted();
        assert!(old != new, "{what}: old {old}, new {new}");
        assert_eq!(host.state("alice"), "enrolled", "{what}");
        assert_eq!(host.files_of("alice"), ["enrolment", "ledger"], "{what}");
    }
}
