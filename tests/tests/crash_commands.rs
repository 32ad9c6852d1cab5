//! Each command that writes, killed at random moments and at the system calls that change something: at each that may
//! leave another state than the one before (`make faults` kills at every call).

use wardkey_tests::machine::interrupt::{RandomKills, changing_calls, kill_at};
use wardkey_tests::proof::outcome::run;
use wardkey_tests::proof::writing_commands::WritingCommand;

/// Kills of each command at random moments.
const ROUNDS: u32 = 8;

fn may_be_killed_anywhere(writing: &WritingCommand) {
    killed_at_every_call(writing);
    killed_at_random(writing);
}

pub(crate) fn killed_at_every_call(writing: &WritingCommand) {
    let (outcome, calls) = changing_calls(&writing.history.host, &writing.command(), &writing.input());
    outcome.exits(0);
    assert!(calls.len() >= 2, "a command that writes: {calls:?}");
    for call in calls.iter().filter(|call| call.may_leave_another_state()) {
        writing.history.restore();
        let outcome = kill_at(&writing.command(), call, &writing.input());
        assert_ne!(outcome.code(), Some(0), "not killed at {}", call.line);
        writing.survives(&outcome.stdout, &call.line);
    }
}

fn killed_at_random(writing: &WritingCommand) {
    writing.history.restore();
    let mut kills = RandomKills::of(|| run(&mut writing.command(), &writing.input()).exits(0));
    for round in 0..ROUNDS {
        writing.history.restore();
        let outcome =
            kills.kill(&mut writing.command(), &writing.input(), |outcome| outcome.code() == Some(0));
        writing.survives(&outcome.stdout, &format!("round {round}, {kills:?}"));
    }
}

// Row: S2-2
#[test]
fn enroll_may_be_killed_anywhere() {
    may_be_killed_anywhere(&WritingCommand::enroll());
}

// Row: S2-2
#[test]
fn confirm_may_be_killed_anywhere() {
    may_be_killed_anywhere(&WritingCommand::confirm());
}

// Row: S2-12
#[test]
fn recovery_codes_may_be_killed_anywhere() {
    may_be_killed_anywhere(&WritingCommand::recovery_codes());
}

#[test]
fn reset_may_be_killed_anywhere() {
    may_be_killed_anywhere(&WritingCommand::reset());
}

#[test]
fn pass_may_be_killed_anywhere() {
    may_be_killed_anywhere(&WritingCommand::pass());
}

#[test]
fn emergency_may_be_killed_anywhere() {
    may_be_killed_anywhere(&WritingCommand::emergency());
}

#[test]
fn unlock_may_be_killed_anywhere() {
    may_be_killed_anywhere(&WritingCommand::unlock());
}

#[test]
fn remove_may_be_killed_anywhere() {
    may_be_killed_anywhere(&WritingCommand::remove());
}

#[test]
fn check_may_be_killed_anywhere() {
    may_be_killed_anywhere(&WritingCommand::check());
}
