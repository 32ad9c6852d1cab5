//! A login killed at random moments and at the system calls that change something: at each that may leave another state
//! than the one before (`make faults` kills at every call).

use wardkey_tests::machine::host::{ALONE, CODE};
use wardkey_tests::machine::interrupt::{RandomKills, changing_calls, kill_at};
use wardkey_tests::people::history::History;
use wardkey_tests::programs::pam::{Script, Transcript};
use wardkey_tests::proof::outcome::Outcome;

/// Logins killed at random moments, of each kind; most of them about when they were answered.
const ROUNDS: u32 = 40;

fn login(code: &str) -> Vec<Script> {
    vec![Script::new(ALONE, "alice").types(CODE, code)]
}

/// Who was told "yes" is not told so again for the same code.
fn is_spent_if_told(history: &History, output: &str, code: &str, what: &str) {
    if Transcript::read(output).accepted() {
        assert!(!history.host.types("alice", code).accepted(), "{what}: accepted twice");
    }
}

fn killed_at_random(history: &History, code: impl Fn(&History) -> String) {
    history.keep();
    let is_told = |outcome: &Outcome| Transcript::read(&outcome.stdout).accepted();
    let mut kills = RandomKills::of(|| assert!(history.host.types("alice", &code(history)).accepted()));
    let mut told = 0;
    for round in 0..ROUNDS {
        history.restore();
        let code = code(history);
        let outcome = kills.kill(&mut history.host.pam_command(&login(&code)), b"", is_told);
        let what = format!("round {round}, {kills:?}");
        told += u32::from(is_told(&outcome));
        is_spent_if_told(history, &outcome.stdout, &code, &what);
        history.survives(&what);
    }
    assert!((1..ROUNDS).contains(&told), "the kills came too {}", if told == 0 { "early" } else { "late" });
}

#[test]
fn a_login_by_authenticator_may_be_killed_at_any_moment() {
    killed_at_random(&History::new(), History::next_code);
}

#[test]
fn a_login_by_recovery_code_may_be_killed_at_any_moment() {
    killed_at_random(&History::new(), |history| history.alice.recovery_codes[2].clone());
}

#[test]
fn a_refusal_may_be_killed_at_any_moment() {
    let history = History::new();
    let wrong = history.alice.wrong_code(&history.host);
    history.keep();
    let mut kills = RandomKills::of(|| assert!(!history.host.types("alice", &wrong).accepted()));
    for round in 0..ROUNDS / 2 {
        history.restore();
        let has_ended = |outcome: &Outcome| outcome.code() == Some(0);
        kills.kill(&mut history.host.pam_command(&login(&wrong)), b"", has_ended);
        history.survives(&format!("round {round}, a wrong code, {kills:?}"));
    }
}

fn killed_at_every_call(code: impl Fn(&History) -> String) {
    let history = History::new();
    history.keep();
    let script = login(&code(&history));
    let (outcome, calls) = changing_calls(&history.host, &history.host.pam_command(&script), b"");
    assert!(Transcript::read(&outcome.stdout).accepted(), "{outcome:?}");
    assert!(calls.iter().any(|call| call.name == "fdatasync"), "what makes it durable? {calls:#?}");
    for call in calls.iter().filter(|call| call.may_leave_another_state()) {
        history.restore();
        let code = code(&history);
        let outcome = kill_at(&history.host.pam_command(&login(&code)), call, b"");
        assert_ne!(outcome.code(), Some(0), "not killed at {}", call.line);
        is_spent_if_told(&history, &outcome.stdout, &code, &call.line);
        history.survives(&call.line);
    }
}

#[test]
fn a_login_by_authenticator_may_be_killed_at_every_call() {
    killed_at_every_call(History::next_code);
}

#[test]
fn a_login_by_recovery_code_may_be_killed_at_every_call() {
    killed_at_every_call(|history| history.alice.recovery_codes[2].clone());
}
