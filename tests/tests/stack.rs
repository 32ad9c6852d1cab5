//! What each door of the module returns, as libpam's callers see it.

use wardkey_tests::machine::host::{ALONE, CODE, Host};
use wardkey_tests::programs::pam::Door::{
    Account, Auth, CloseSession, ExpiredPassword, OpenSession, Password, SetCred,
};
use wardkey_tests::programs::pam::{IGNORED, PamResult, Reply, Script};

// Row: S1-4
#[test]
fn an_accepted_login_passes_every_door() {
    let host = Host::new();
    let mut alice = host.person("alice");
    let doors = [Auth, Account, SetCred, OpenSession, CloseSession];
    let login = host.pam(&Script::new(ALONE, "alice").types(CODE, alice.fresh_code(&host)).doors(&doors));
    assert_eq!(login.results(), [PamResult::Success; 5]);
    let script = Script::new(ALONE, "alice").types(CODE, alice.fresh_code(&host));
    let login = host.pam(&script.doors(&[Auth, Password, ExpiredPassword]));
    assert_eq!(login.results(), [PamResult::Success, IGNORED, IGNORED], "an ordinary passwd is left alone");
}

#[test]
fn a_refused_login_is_refused_at_the_account_door_too() {
    let host = Host::new();
    let alice = host.person("alice");
    let script = Script::new(ALONE, "alice").types(CODE, alice.wrong_code(&host));
    let login = host.pam(&script.doors(&[Auth, Account]));
    assert_eq!(login.results()[0], PamResult::AuthErr);
    assert_ne!(login.results()[1], PamResult::Success);
}

#[test]
fn doors_without_auth_are_left_to_others() {
    let host = Host::new();
    host.person("alice");
    let login = host.pam(&Script::new(ALONE, "alice").doors(&[Account, OpenSession, CloseSession, Password]));
    assert_eq!(login.results(), [IGNORED, PamResult::Success, PamResult::Success, IGNORED]);
}

// Row: S1-2
#[test]
fn what_was_typed_decides_the_result() {
    let host = Host::new();
    let mut alice = host.person("alice");
    let right = alice.fresh_code(&host);
    let story = [
        ("right", right.as_str(), PamResult::Success),
        ("used", right.as_str(), PamResult::AuthErr),
        ("wrong", &alice.wrong_code(&host), PamResult::AuthErr),
        ("malformed", "12345", PamResult::AuthErr),
        ("seven digits", "1234567", PamResult::AuthErr),
        ("words", "let me in", PamResult::AuthErr),
        ("empty", "", PamResult::AuthErr),
        ("recovery", &alice.recovery_codes[4], PamResult::Success),
        ("used recovery", &alice.recovery_codes[4], PamResult::AuthErr),
        ("wrong recovery", &alice.wrong_recovery_code(), PamResult::AuthErr),
    ];
    for (what, code, result) in story {
        assert_eq!(host.types("alice", code).result(), result, "{what}");
    }
}

// Row: S1-18
#[test]
fn the_person_reads_what_they_must_know() {
    let host = Host::new();
    let mut alice = host.person("alice");
    let code = alice.fresh_code(&host);
    let first = host.types("alice", &code);
    assert_eq!(first.prompts().trim(), "Code (app or recovery):", "{first:#?}");
    let replayed = host.types("alice", &code);
    assert!(replayed.messages().contains("already used"), "{replayed:#?}");
    let recovery = host.types("alice", &alice.recovery_codes[0]);
    assert!(recovery.messages().contains('4'), "how many are left: {recovery:#?}");
}

#[test]
fn a_conversation_that_breaks_is_no_attempt() {
    let host = Host::new();
    let mut alice = host.person("alice");
    for reply in [Reply::Leaves, Reply::Nothing] {
        for _ in 0..7 {
            let login = host.pam(&Script::new(ALONE, "alice").replies(CODE, reply.clone()));
            assert_eq!(login.result(), PamResult::ConvErr, "{reply:?}");
        }
    }
    assert!(host.types("alice", &alice.fresh_code(&host)).accepted(), "no waiting");
}

#[test]
fn an_entry_unlike_a_code_counts_for_nothing() {
    let host = Host::new();
    let mut alice = host.person("alice");
    let code = alice.fresh_code(&host);
    assert!(host.types("alice", &code).accepted());
    for _ in 0..4 {
        for nothing in ["", "12345", "correct horse", "\u{8}\n\r\u{7f}INCORRECT", &code] {
            assert_eq!(host.types("alice", nothing).result(), PamResult::AuthErr, "{nothing:?}");
        }
    }
    assert!(host.types("alice", &alice.fresh_code(&host)).accepted(), "no waiting");
}

#[test]
fn a_silent_application_gets_the_prompt_and_nothing_else() {
    let host = Host::new();
    let mut alice = host.person("alice");
    let code = alice.fresh_code(&host);
    let silent = |code: &str| host.pam(&Script::new(ALONE, "alice").types(CODE, code).silent());
    for (code, result) in [
        (code.as_str(), PamResult::Success),
        (code.as_str(), PamResult::AuthErr),
        (&alice.recovery_codes[0], PamResult::Success),
    ] {
        let login = silent(code);
        assert_eq!((login.result(), login.messages().as_str()), (result, ""), "{login:#?}");
    }
}

#[test]
fn a_refusal_asks_the_application_for_a_delay() {
    let host = Host::new();
    let alice = host.person("alice");
    let login = host.types("alice", &alice.wrong_code(&host));
    let delays = |event: &wardkey_tests::programs::pam::Event| {
        matches!(event, wardkey_tests::programs::pam::Event::Delay { .. })
    };
    assert!(login.0.iter().any(delays), "{login:#?}");
}

#[test]
fn the_same_handle_may_ask_again() {
    let host = Host::new();
    let mut alice = host.person("alice");
    let (wrong, right) = (alice.wrong_code(&host), alice.fresh_code(&host));
    let script = Script::new(ALONE, "alice").types(CODE, wrong).types(CODE, right);
    let login = host.pam(&script.doors(&[Auth, Auth, Account]));
    assert_eq!(login.results(), [PamResult::AuthErr, PamResult::Success, PamResult::Success]);
}
