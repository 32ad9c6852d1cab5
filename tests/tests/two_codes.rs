//! A stranger makes somebody wait; two codes in one entry let their owner in all the same.

use wardkey_tests::machine::host::Host;
use wardkey_tests::people::person::{PASSWORD, Person};
use wardkey_tests::programs::pam::{PamResult, Script, Transcript};

/// Long waits, so that nothing here is let in by the time that a slow machine takes.
const WAITS: &str = "[throttle]\nfree_tries = 1\nfirst_wait = \"1h\"\nlongest_wait = \"1h\"\n[service.locker]\nentry = \"combined\"\n";

const LOCKER: &str = "auth requisite pam_wardkey.so\nauth required pam_unix.so try_first_pass nodelay\n";

/// A code never typed and the one after it.
fn two(person: &mut Person, host: &Host) -> String {
    format!("{}{}", person.fresh_code(host), person.fresh_code(host))
}

fn unlocks(host: &Host, entry: &str) -> Transcript {
    host.pam(&Script::new("locker", "alice").types("assword", entry))
}

fn waits(host: &Host, alice: &Person) {
    for _ in 0..2 {
        assert!(!host.types("alice", &alice.wrong_code(host)).accepted());
    }
    assert!(host.status("alice")["wait_until"]["authenticator"].is_string());
}

// Row: S1-23
#[test]
fn a_code_and_the_next_one_open_while_one_code_waits() {
    let host = Host::with_config(WAITS);
    let mut alice = host.person("alice");
    waits(&host, &alice);
    let waiting = host.types("alice", &alice.fresh_code(&host));
    assert!(!waiting.accepted(), "{waiting:#?}");
    let advice = "note this code, wait for the next, and type both, one behind the other";
    assert!(waiting.seen().contains(advice), "{waiting:#?}");
    let both = two(&mut alice, &host);
    let opened = host.types("alice", &both);
    assert!(opened.accepted(), "{opened:#?}");
    assert!(!host.types("alice", &both).accepted(), "once");
    assert!(host.types("alice", &alice.fresh_code(&host)).accepted(), "and nobody waits any more");
}

#[test]
fn behind_a_password_they_open_a_locker_that_a_stranger_keeps_waiting() {
    let host = Host::with_config(WAITS);
    host.service("locker", LOCKER);
    let mut alice = host.person("alice");
    for _ in 0..8 {
        assert!(!unlocks(&host, &format!("guess{}", alice.wrong_code(&host))).accepted());
    }
    assert!(host.status("alice")["wait_until"]["combined"].is_string());
    let one = unlocks(&host, &format!("{PASSWORD}{}", alice.fresh_code(&host)));
    assert!(!one.accepted() && one.seen().contains("one behind the other, after the password"), "{one:#?}");
    let both = two(&mut alice, &host);
    let opened = unlocks(&host, &format!("{PASSWORD}{both}"));
    assert!(opened.accepted(), "{opened:#?}");
    let next = unlocks(&host, &format!("{PASSWORD}{}", alice.fresh_code(&host)));
    assert!(next.accepted(), "the wait is over: {next:#?}");
}

#[test]
fn behind_a_password_a_recovery_code_needs_no_hyphens() {
    let host = Host::with_config(WAITS);
    host.service("locker", LOCKER);
    let alice = host.person("alice");
    let [printed, bare] =
        [&alice.recovery_codes[0], &alice.recovery_codes[1].replace('-', "").to_lowercase()];
    for code in [printed, bare] {
        let entry = format!("{PASSWORD}{code}");
        assert!(unlocks(&host, &entry).accepted(), "{code}");
        assert!(!unlocks(&host, &entry).accepted(), "{code} once more");
    }
    let misses = unlocks(&host, "a-long-passphrase0abcdefghjkmnpqr");
    assert_eq!(misses.result(), PamResult::AuthErr);
    let status = host.status("alice");
    assert!(
        status["wait_until"]["combined"].is_null() && status["wait_until"]["single_use"].is_null(),
        "{status}"
    );
}

/// Guessing pairs is slow, and ends.
#[test]
fn wrong_pairs_wait_ten_seconds_and_close_after_a_hundred() {
    let host = Host::with_config("");
    let mut alice = host.person("alice");
    let wrong = |host: &Host| host.types("alice", &alice.wrong_code(host).repeat(2));
    for _ in 0..5 {
        assert!(!wrong(&host).accepted());
    }
    let waits = wrong(&host);
    assert!(waits.seen().contains("Type a single code"), "{waits:#?}");
    assert!(!host.status("alice")["wait_until"]["pair"].is_null(), "{:#}", host.status("alice"));
    let shown = || host.wardkey(&["status", "alice"], "").exits(0).stdout;
    assert!(shown().contains("two codes in one entry: waiting until"), "{}", shown());
    for _ in 5..100 {
        host.advance(61);
        assert!(!wrong(&host).accepted());
    }
    host.advance(61);
    let both = two(&mut alice, &host);
    let closed = host.types("alice", &both);
    assert!(!closed.accepted() && closed.seen().contains("Type a single code"), "{closed:#?}");
    assert!(shown().contains("two codes in one entry: closed"), "{}", shown());
    let one = host.types("alice", &alice.fresh_code(&host));
    assert!(one.accepted(), "one code still opens: {one:#?}");
    let both = two(&mut alice, &host);
    assert!(host.types("alice", &both).accepted(), "and lets two open again");
    assert!(!shown().contains("two codes"), "{}", shown());
}
