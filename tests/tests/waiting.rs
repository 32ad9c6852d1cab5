//! Wrong codes make one wait, each kind of credential by itself, and only some of them ever disable.

use wardkey_tests::machine::host::{Host, SUPPORT};
use wardkey_tests::people::person::Person;
use wardkey_tests::programs::pam::PamResult;

// Row: S1-23
#[test]
fn somebody_who_waits_reads_until_when_and_somebody_disabled_whom_to_call() {
    let host = Host::with_config("[throttle]\nfree_tries = 1\nfirst_wait = \"1m\"\ndisable_after = 4\n");
    let mut alice = host.person("alice");
    for _ in 0..2 {
        host.types("alice", &alice.wrong_code(&host));
    }
    let waiting = host.types("alice", &alice.fresh_code(&host));
    assert!(waiting.waits(), "{waiting:#?}");
    assert!(waiting.seen().contains("ry again in"), "{waiting:#?}");
    for _ in 0..4 {
        host.advance(3600);
        host.types("alice", &alice.wrong_code(&host));
    }
    assert_eq!(host.state("alice"), "disabled");
    host.advance(7200);
    let disabled = host.types("alice", &alice.fresh_code(&host));
    assert!(disabled.waits(), "{disabled:#?}");
    assert!(disabled.seen().contains(SUPPORT), "{disabled:#?}");
    assert!(host.types("alice", &alice.recovery_codes[0]).accepted(), "a single-use code still opens");
}

#[test]
fn waiting_ends_by_itself_and_by_unlock() {
    let host = Host::with_config("[throttle]\nfree_tries = 1\nfirst_wait = \"30s\"\n");
    let mut alice = host.person("alice");
    let wait = |alice: &Person| {
        for _ in 0..2 {
            host.types("alice", &alice.wrong_code(&host));
        }
        assert!(host.status("alice")["wait_until"]["authenticator"].is_string());
    };
    wait(&alice);
    host.advance(31);
    assert!(host.types("alice", &alice.fresh_code(&host)).accepted(), "after the time");
    wait(&alice);
    host.wardkey(&["unlock", "alice"], "").exits(0);
    assert!(host.types("alice", &alice.fresh_code(&host)).accepted(), "after unlock");
    wait(&alice);
    assert!(host.types("alice", &alice.recovery_codes[0]).accepted(), "a single-use code still opens");
    assert!(host.types("alice", &alice.fresh_code(&host)).accepted(), "and ends the waiting");
}

#[test]
fn wrong_recovery_codes_wait_five_minutes_at_most_and_never_disable() {
    let host = Host::with_config(
        "[throttle]\nfree_tries = 1\nfirst_wait = \"1h\"\nlongest_wait = \"1h\"\ndisable_after = 3\n",
    );
    let mut alice = host.person("alice");
    for _ in 0..6 {
        assert_eq!(host.types("alice", &alice.wrong_recovery_code()).result(), PamResult::AuthErr);
        host.advance(301);
    }
    host.types("alice", &alice.wrong_recovery_code());
    let status = host.status("alice");
    assert!(status["wait_until"]["single_use"].is_string(), "{status:#}");
    assert_eq!((&status["state"], &status["wait_until"]["authenticator"]), (&"enrolled".into(), &().into()));
    assert!(host.types("alice", &alice.wrong_recovery_code()).waits());
    assert!(host.types("alice", &alice.fresh_code(&host)).accepted(), "the phone does not wait with them");
    let right = host.types("alice", &alice.recovery_codes[0]);
    assert!(right.accepted(), "nobody's guesses close the last way in: {right:#?}");
}

#[test]
fn waiting_times_double_up_to_the_longest() {
    let host =
        Host::with_config("[throttle]\nfree_tries = 1\nfirst_wait = \"60s\"\nlongest_wait = \"240s\"\n");
    let alice = host.person("alice");
    host.types("alice", &alice.wrong_code(&host));
    for wait in [60, 120, 240, 240] {
        assert!(host.types("alice", &alice.wrong_code(&host)).waits(), "{wait}");
        host.advance(wait - 20);
        assert!(host.types("alice", &alice.wrong_code(&host)).waits(), "{wait}");
        host.advance(21);
        assert_eq!(host.types("alice", &alice.wrong_code(&host)).result(), PamResult::AuthErr, "{wait}");
    }
}

#[test]
fn one_person_waits_and_nobody_else() {
    let host = Host::with_config("[throttle]\nfree_tries = 1\nfirst_wait = \"1h\"\nlongest_wait = \"1h\"\n");
    let (mut alice, mut bob) = (host.person("alice"), host.person("bob"));
    for _ in 0..2 {
        host.types("alice", &alice.wrong_code(&host));
    }
    assert!(host.types("alice", &alice.fresh_code(&host)).waits());
    assert!(host.types("bob", &bob.fresh_code(&host)).accepted());
}

// Row: S1-24
#[test]
fn a_person_who_comes_in_after_many_wrong_codes_hears_of_them() {
    let host = Host::new();
    let mut alice = host.person("alice");
    for _ in 0..5 {
        assert_eq!(host.types("alice", &alice.wrong_code(&host)).result(), PamResult::AuthErr);
    }
    let code = alice.recovery_codes[0].clone();
    let login = host.types("alice", &code);
    assert!(login.accepted() && login.messages().contains("5 wrong codes were tried"), "{login:#?}");
    let next = host.types("alice", &alice.fresh_code(&host));
    assert!(next.accepted() && next.messages().is_empty(), "once: {next:#?}");
}
