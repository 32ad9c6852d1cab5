//! Clocks that disagree: the phone's, and the workstation's.

use wardkey_tests::machine::host::Host;
use wardkey_tests::programs::pam::PamResult;

const DEFAULT_WINDOW: &str = "[totp]\nwindow = 1\n";

// Row: S1-22
#[test]
fn a_clock_set_back_is_said_and_is_no_reason_to_refuse() {
    let host = Host::new();
    let mut alice = host.person("alice");
    assert!(host.types("alice", &alice.fresh_code(&host)).accepted());
    host.advance(-3 * 86_400);
    assert!(host.types("alice", &alice.recovery_codes[0]).accepted());
    let _ = host.syslog().authpriv(&["alice", "clock"]);
}

#[test]
fn in_1970_a_recovery_code_opens_and_status_says_what_is_wrong() {
    let host = Host::new();
    let mut alice = host.person("alice");
    assert!(host.types("alice", &alice.fresh_code(&host)).accepted());
    let now = i64::try_from(host.now()).expect("a time of our days");
    host.advance(86_400 - now);
    assert!(host.types("alice", &alice.recovery_codes[0]).accepted());
    assert!(!host.types("alice", &alice.recovery_codes[0]).accepted());
    let _ = host.syslog().authpriv(&["alice", "clock"]);
    let status = host.wardkey(&["status", "alice"], "").exits(0);
    assert!(format!("{}{}", status.stdout, status.stderr).contains("clock"), "{status:?}");
}

// Row: S1-22
#[test]
fn one_step_either_side_is_accepted_and_two_are_not() {
    for (offset, result) in
        [(-2, PamResult::AuthErr), (-1, PamResult::Success), (1, PamResult::Success), (2, PamResult::AuthErr)]
    {
        let host = Host::with_config(DEFAULT_WINDOW);
        let alice = host.person("alice");
        host.advance(10 * 30);
        let step = in_the_middle_of_a_step(&host).saturating_add_signed(offset);
        assert_eq!(host.types("alice", &alice.phone.code(step)).result(), result, "{offset} steps");
    }
}

// Row: S1-22
#[test]
fn a_drift_is_learned_from_accepted_codes_one_step_at_a_time() {
    let host = Host::with_config(DEFAULT_WINDOW);
    let alice = host.person("alice");
    let types = |ahead: u64| {
        host.advance(10 * 30);
        let step = in_the_middle_of_a_step(&host) + ahead;
        host.types("alice", &alice.phone.code(step)).accepted()
    };
    assert!(!types(2), "too far ahead at first");
    assert!(types(1));
    assert!(types(2), "one step further than the one learned");
    assert!(!types(4), "not two");
}

// Row: S1-22
#[test]
fn a_clock_that_is_put_right_opens_at_once() {
    let host = Host::with_config(DEFAULT_WINDOW);
    let alice = host.person("alice");
    let code = |ahead: u64| {
        host.advance(10 * 30);
        alice.phone.code(in_the_middle_of_a_step(&host) + ahead)
    };
    for ahead in 1..=4 {
        assert!(host.types("alice", &code(ahead)).accepted(), "a phone that gains: {ahead}");
    }
    let right = host.types("alice", &code(0));
    assert!(right.accepted() && !right.seen().contains("off"), "{right:#?}");
    assert!(host.types("alice", &code(3)).accepted(), "where it was is near what is remembered");
    for _ in 0..4 {
        assert!(host.types("alice", &code(0)).accepted());
    }
    assert!(!host.types("alice", &code(3)).accepted(), "and is forgotten step by step");
}

// Row: S1-22
#[test]
fn after_two_codes_of_one_other_time_the_person_reads_that_a_clock_is_off() {
    let host = Host::with_config(DEFAULT_WINDOW);
    let mut alice = host.person("alice");
    let far = in_the_middle_of_a_step(&host) + 10;
    let first = host.types("alice", &alice.phone.code(far));
    assert_eq!(first.result(), PamResult::AuthErr);
    assert!(!first.seen().contains("min off"), "one code proves nothing: {first:#?}");
    host.advance(30);
    let second = host.types("alice", &alice.phone.code(far + 1));
    assert_eq!(second.result(), PamResult::AuthErr);
    assert!(second.messages().contains("about 5 min off"), "{second:#?}");
    host.advance(60);
    assert!(
        host.types("alice", &alice.fresh_code(&host)).accepted(),
        "and with the clock set right it opens"
    );
}

/// Moves the host's clock to the middle of a step, so that it is the same step a moment later.
fn in_the_middle_of_a_step(host: &Host) -> u64 {
    let into = i64::try_from(host.now() % 30).expect("below 30");
    host.advance(15 - into);
    host.now() / 30
}
