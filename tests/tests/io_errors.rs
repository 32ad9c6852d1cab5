//! A disk that fails: every system call that writes state, failing one by one. Those of logins by a broken disk and by a full
//! one, those of commands by the one and the other in turn (`make faults`: each by both, and by whatever else can happen).

use wardkey_tests::machine::host::{ALONE, AUDIT, CODE};
use wardkey_tests::machine::interrupt::{changing_calls, disk_errors, fail_at};
use wardkey_tests::people::history::History;
use wardkey_tests::programs::pam::{PamResult, Script, Transcript};
use wardkey_tests::proof::writing_commands::WritingCommand;

/// What somebody sees and libpam returns.
fn as_seen(login: &Transcript) -> (PamResult, String) {
    (login.result(), login.seen())
}

/// A login in which one call fails after the other: what cannot be recorded is not judged.
fn a_login_fails_closed(code: impl Fn(&History) -> String, otherwise: PamResult) {
    let history = History::new();
    history.keep();
    let command = |history: &History| {
        history.host.pam_command(&[Script::new(ALONE, "alice").types(CODE, code(history))])
    };
    let (outcome, calls) = changing_calls(&history.host, &command(&history), b"");
    assert_eq!(Transcript::read(&outcome.stdout).result(), otherwise);
    let mut refusals = Vec::new();
    for call in calls {
        for error in ["EIO", "ENOSPC"] {
            history.restore();
            let outcome = fail_at(&command(&history), &call, error, b"").exits(0);
            let login = Transcript::read(&outcome.stdout);
            if call.is_for_the_record() {
                assert_eq!(
                    (login.result(), login.cannot_check()),
                    (PamResult::AuthErr, true),
                    "{error} at {}",
                    call.line
                );
                refusals.push(as_seen(&login));
            } else if call.line.contains(AUDIT) || call.says_it_is_settled() {
                assert_eq!(login.result(), otherwise, "{error} at {}", call.line);
            }
            history.survives(&call.line);
        }
    }
    assert!(refusals.len() >= 4, "a write and its way to the disk at least: {refusals:?}");
    assert!(refusals.iter().all(|refusal| *refusal == refusals[0]), "{refusals:#?}");
}

#[test]
fn a_right_code_that_cannot_be_recorded_opens_nothing() {
    a_login_fails_closed(History::next_code, PamResult::Success);
}

// Row: S1-26
#[test]
fn a_recovery_code_that_cannot_be_recorded_opens_nothing() {
    a_login_fails_closed(|history| history.alice.recovery_codes[2].clone(), PamResult::Success);
}

#[test]
fn a_wrong_code_that_cannot_be_counted_is_answered_alike() {
    a_login_fails_closed(|history| history.alice.wrong_code(&history.host), PamResult::AuthErr);
}

/// A command in which one call fails after the other says so, and leaves the record whole.
pub(crate) fn fails_whole(writing: &WritingCommand) {
    let (outcome, calls) = changing_calls(&writing.history.host, &writing.command(), &writing.input());
    outcome.exits(0);
    for (number, call) in calls.iter().enumerate() {
        for error in disk_errors(number) {
            writing.history.restore();
            let outcome = fail_at(&writing.command(), call, error, &writing.input());
            let done = outcome.code() == Some(0) && !call.is_for_the_record();
            let may_break = !call.says_it_is_settled();
            assert!(done || may_break && outcome.code() == Some(3), "{error} at {}: {outcome:?}", call.line);
            writing.survives(&outcome.stdout, &format!("{error} at {}", call.line));
        }
    }
}

// Row: S2-2
#[test]
fn enrolling_fails_whole() {
    fails_whole(&WritingCommand::enroll());
    fails_whole(&WritingCommand::confirm());
}

#[test]
fn new_codes_fail_whole() {
    fails_whole(&WritingCommand::recovery_codes());
    fails_whole(&WritingCommand::pass());
    fails_whole(&WritingCommand::emergency());
}

#[test]
fn help_from_the_desk_fails_whole() {
    fails_whole(&WritingCommand::reset());
    fails_whole(&WritingCommand::unlock());
    fails_whole(&WritingCommand::remove());
}

#[test]
fn a_check_fails_whole() {
    fails_whole(&WritingCommand::check());
}
