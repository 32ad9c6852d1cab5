//! A real sshd, by OpenSSH's client and by a client library.

use serde_json::json;
use wardkey_tests::machine::host::{CODE, Host};
use wardkey_tests::people::person::Person;
use wardkey_tests::programs::sshd::Sshd;
use wardkey_tests::proof::outcome::Outcome;

const INTERACTIVE: &str = "keyboard-interactive";
const KEY_FIRST: &str = "publickey,keyboard-interactive";

fn in_as_alice(outcome: &Outcome) -> bool {
    assert_eq!(outcome.code() == Some(0), outcome.stdout == "alice\n", "{outcome:?}");
    outcome.code() == Some(0)
}

/// The same story whatever comes before the code; `options` are ssh's, `key` is paramiko's.
fn tells_right_from_wrong(host: &Host, sshd: &Sshd, alice: &mut Person, options: &[&str], key: Option<&str>) {
    let ssh = |code: &str| in_as_alice(&sshd.ssh("alice", &[code], options));
    let paramiko = |code: &str| sshd.paramiko("alice", &[code], &json!({ "key": key }))["accepted"] == 1;

    let (first, second) = (alice.fresh_code(host), alice.fresh_code(host));
    assert!(ssh(&first), "{}", sshd.prompts());
    assert!(sshd.prompts().contains(CODE), "{}", sshd.prompts());
    assert!(!ssh(&first), "replayed");
    assert!(!paramiko(&first), "replayed by another client");
    assert!(paramiko(&second));
    assert!(!ssh(&alice.wrong_code(host)), "wrong");
    assert!(!paramiko(&alice.wrong_code(host)), "wrong");
    assert!(!ssh("123 45"), "malformed");
    assert!(ssh(&alice.recovery_codes[0]), "{}", sshd.prompts());
    assert!(!ssh(&alice.recovery_codes[0]), "a recovery code once more");
    assert!(!paramiko(&alice.recovery_codes[0]), "a recovery code once more");
    assert!(paramiko(&alice.recovery_codes[1]));
}

// Row: S1-1
// Row: S1-17
// Row: S2-14
#[test]
fn keyboard_interactive_asks_for_password_and_code() {
    let host = Host::new();
    let mut alice = host.person("alice");
    let sshd = Sshd::start(&host, INTERACTIVE, "");
    tells_right_from_wrong(&host, &sshd, &mut alice, &[], None);
}

// Row: S1-2
#[test]
fn a_key_alone_opens_nothing_where_the_code_is_asked_for_too() {
    let host = Host::new();
    let mut alice = host.person("alice");
    let sshd = Sshd::start(&host, KEY_FIRST, "");
    let key = sshd.authorise_key("alice");
    assert!(!in_as_alice(&sshd.ssh("alice", &[], &["-i", &key, "-o", "PreferredAuthentications=publickey"])));
    let code = alice.fresh_code(&host);
    assert!(!in_as_alice(&sshd.ssh("alice", &[&code], &[])), "a code without the key");
    tells_right_from_wrong(&host, &sshd, &mut alice, &["-i", &key], Some(&key));
}

#[test]
fn a_second_try_in_one_connection_may_be_right() {
    let host = Host::new();
    let mut alice = host.person("alice");
    let sshd = Sshd::start(&host, INTERACTIVE, "");
    let (wrong, right) = (alice.wrong_code(&host), alice.fresh_code(&host));
    assert!(in_as_alice(&sshd.ssh("alice", &[&wrong, &right], &[])));
}

#[test]
fn sshd_is_not_told_that_a_code_was_right_once() {
    let host = Host::new();
    let mut alice = host.person("alice");
    let sshd = Sshd::start(&host, INTERACTIVE, "");
    let code = alice.fresh_code(&host);
    assert!(in_as_alice(&sshd.ssh("alice", &[&code], &[])));
    let refused = sshd.ssh("alice", &[&code, &code], &[]);
    let seen = sshd.prompts() + &refused.stderr;
    assert!(!in_as_alice(&refused) && !seen.contains("already"), "{seen}");
}

/// A password shaped like a code: it must not be taken for a guess.
const PASSWORD_LIKE_A_CODE: &str = "493021";

#[test]
fn the_password_method_neither_opens_nor_counts() {
    let host = Host::new();
    host.add_account_with_password("alice", PASSWORD_LIKE_A_CODE);
    let mut alice = host.enrol("alice");
    let sshd = Sshd::start(&host, "password", "PasswordAuthentication yes\n");
    let before = host.status("alice");
    for _ in 0..7 {
        let outcome = sshd.ssh_with_password("alice", PASSWORD_LIKE_A_CODE, &[], &[]);
        assert!(!in_as_alice(&outcome), "{outcome:?}");
    }
    assert_eq!(host.status("alice"), before);
    assert!(host.types("alice", &alice.fresh_code(&host)).accepted(), "no waiting");
}

#[test]
fn sixteen_sessions_with_one_code_let_exactly_one_in() {
    let host = Host::new();
    let mut alice = host.person("alice");
    let sshd = Sshd::start(&host, INTERACTIVE, "");
    for round in 0..2 {
        let code = alice.fresh_code(&host);
        let result = sshd.paramiko("alice", &[&code], &json!({ "sessions": 16 }));
        assert_eq!(result["accepted"], 1, "round {round}: {result}");
    }
    let result = sshd.paramiko("alice", &[&alice.recovery_codes[0]], &json!({ "sessions": 16 }));
    assert_eq!(result["accepted"], 1, "a recovery code: {result}");
}

#[test]
fn a_client_that_hangs_up_leaves_no_damage() {
    let host = Host::new();
    let mut alice = host.person("alice");
    let sshd = Sshd::start(&host, INTERACTIVE, "");
    let before = host.status("alice");
    for _ in 0..5 {
        let code = alice.fresh_code(&host);
        let result = sshd.paramiko("alice", &[&code], &json!({ "leave": true }));
        assert_eq!(result["accepted"], 0, "{result}");
        alice.last_step -= 1; // it was never sent
    }
    assert_eq!(host.status("alice"), before);
    assert_eq!(host.files_of("alice"), ["enrolment.toml", "ledger"]);
    assert!(in_as_alice(&sshd.ssh("alice", &[&alice.fresh_code(&host)], &[])));
}

#[test]
fn one_not_enrolled_reads_the_same_as_a_wrong_code() {
    let host = Host::new();
    let alice = host.person("alice");
    host.add_account("bob");
    let sshd = Sshd::start(&host, INTERACTIVE, "");
    assert!(!in_as_alice(&sshd.ssh("alice", &[&alice.wrong_code(&host)], &[])));
    let of_alice = sshd.prompts().replace("alice@", "NAME@");
    assert_eq!(sshd.ssh("bob", &["123456"], &[]).code(), Some(255));
    assert_eq!(sshd.prompts().replace("bob@", "NAME@"), of_alice);
}
