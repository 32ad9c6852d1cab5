//! A login killed at random moments and at every system call that changes something.

use std::time::{Duration, Instant};

use wardkey_tests::machine::interrupt::{changing_calls, kill_after, kill_at};
use wardkey_tests::machine::world::{ALONE, CODE};
use wardkey_tests::people::scene::Scene;
use wardkey_tests::programs::pam::{Script, Transcript};

/// Logins killed at random moments, of each kind.
const ROUNDS: u32 = 130;

fn login(code: &str) -> Vec<Script> {
    vec![Script::new(ALONE, "alice").types(CODE, code)]
}

/// Who was told "yes" is not told so again for the same code.
fn is_spent_if_told(scene: &Scene, output: &str, code: &str, what: &str) {
    if Transcript::read(output).accepted() {
        assert!(!scene.world.types("alice", code).accepted(), "{what}: accepted twice");
    }
}

fn killed_at_random(scene: &Scene, code: impl Fn(&Scene) -> String) {
    scene.keep();
    let started = Instant::now();
    assert!(scene.world.types("alice", &code(scene)).accepted());
    let takes = started.elapsed();
    let mut told = 0;
    for round in 0..ROUNDS {
        scene.restore();
        let code = code(scene);
        let delay = takes.mul_f64(fastrand::f64() * 1.2);
        let outcome = kill_after(&mut scene.world.pam_command(&login(&code)), b"", delay);
        let what = format!("round {round}, killed after {delay:?} of {takes:?}");
        told += u32::from(Transcript::read(&outcome.stdout).accepted());
        is_spent_if_told(scene, &outcome.stdout, &code, &what);
        scene.survives(&what);
    }
    assert!((1..ROUNDS).contains(&told), "the kills came too {}", if told == 0 { "early" } else { "late" });
}

#[test]
fn a_login_by_authenticator_may_be_killed_at_any_moment() {
    killed_at_random(&Scene::new(), Scene::next_code);
}

#[test]
fn a_login_by_recovery_code_may_be_killed_at_any_moment() {
    killed_at_random(&Scene::new(), |scene| scene.alice.recovery_codes[2].clone());
}

#[test]
fn a_refusal_may_be_killed_at_any_moment() {
    let scene = Scene::new();
    scene.keep();
    for round in 0..ROUNDS / 2 {
        scene.restore();
        let wrong = scene.alice.wrong_code(&scene.world);
        let delay = Duration::from_micros(fastrand::u64(1000..12_000));
        kill_after(&mut scene.world.pam_command(&login(&wrong)), b"", delay);
        scene.survives(&format!("round {round}, a wrong code killed after {delay:?}"));
    }
}

fn killed_at_every_call(code: impl Fn(&Scene) -> String) {
    let scene = Scene::new();
    scene.keep();
    let script = login(&code(&scene));
    let (outcome, calls) = changing_calls(&scene.world, &scene.world.pam_command(&script), b"");
    assert!(Transcript::read(&outcome.stdout).accepted(), "{outcome:?}");
    assert!(calls.iter().any(|call| call.name == "fdatasync"), "what makes it durable? {calls:#?}");
    for call in calls {
        scene.restore();
        let code = code(&scene);
        let outcome = kill_at(&scene.world.pam_command(&login(&code)), &call, b"");
        assert_ne!(outcome.code(), Some(0), "not killed at {}", call.line);
        is_spent_if_told(&scene, &outcome.stdout, &code, &call.line);
        scene.survives(&call.line);
    }
}

#[test]
fn a_login_by_authenticator_may_be_killed_at_every_call() {
    killed_at_every_call(Scene::next_code);
}

#[test]
fn a_login_by_recovery_code_may_be_killed_at_every_call() {
    killed_at_every_call(|scene| scene.alice.recovery_codes[2].clone());
}
