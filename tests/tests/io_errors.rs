//! A disk that fails: every system call that writes state, failing one by one.

use wardkey_tests::machine::interrupt::{changing_calls, fail_at};
use wardkey_tests::machine::world::{ALONE, AUDIT, CODE};
use wardkey_tests::people::scene::Scene;
use wardkey_tests::programs::pam::{PamResult, Script, Transcript};
use wardkey_tests::proof::writing::Writing;

/// What somebody sees and libpam returns.
fn as_seen(login: &Transcript) -> (PamResult, String) {
    (login.result(), login.seen())
}

/// A login in which one call fails after the other: what cannot be recorded is not judged.
fn a_login_fails_closed(code: impl Fn(&Scene) -> String, otherwise: PamResult) {
    let scene = Scene::new();
    scene.keep();
    let command =
        |scene: &Scene| scene.world.pam_command(&[Script::new(ALONE, "alice").types(CODE, code(scene))]);
    let (outcome, calls) = changing_calls(&scene.world, &command(&scene), b"");
    assert_eq!(Transcript::read(&outcome.stdout).result(), otherwise);
    let mut refusals = Vec::new();
    for call in calls {
        for error in ["EIO", "ENOSPC"] {
            scene.restore();
            let outcome = fail_at(&command(&scene), &call, error, b"").exits(0);
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
            scene.survives(&call.line);
        }
    }
    assert!(refusals.len() >= 4, "a write and its way to the disk at least: {refusals:?}");
    assert!(refusals.iter().all(|refusal| *refusal == refusals[0]), "{refusals:#?}");
}

#[test]
fn a_right_code_that_cannot_be_recorded_opens_nothing() {
    a_login_fails_closed(Scene::next_code, PamResult::Success);
}

// Row: S1-26
#[test]
fn a_recovery_code_that_cannot_be_recorded_opens_nothing() {
    a_login_fails_closed(|scene| scene.alice.recovery_codes[2].clone(), PamResult::Success);
}

#[test]
fn a_wrong_code_that_cannot_be_counted_is_answered_alike() {
    a_login_fails_closed(|scene| scene.alice.wrong_code(&scene.world), PamResult::AuthErr);
}

/// A command in which one call fails after the other says so, and leaves the record whole.
pub(crate) fn fails_whole(writing: &Writing) {
    let (outcome, calls) = changing_calls(&writing.scene.world, &writing.command(), &writing.input());
    outcome.exits(0);
    for call in calls {
        for error in ["EIO", "ENOSPC"] {
            writing.scene.restore();
            let outcome = fail_at(&writing.command(), &call, error, &writing.input());
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
    fails_whole(&Writing::enroll());
    fails_whole(&Writing::confirm());
}

#[test]
fn new_codes_fail_whole() {
    fails_whole(&Writing::recovery_codes());
    fails_whole(&Writing::pass());
    fails_whole(&Writing::emergency());
}

#[test]
fn help_from_the_desk_fails_whole() {
    fails_whole(&Writing::reset());
    fails_whole(&Writing::unlock());
    fails_whole(&Writing::remove());
}

#[test]
fn a_check_fails_whole() {
    fails_whole(&Writing::check());
}
