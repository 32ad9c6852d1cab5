//! The paths of the command, as root at the desk.

use super::path::{Deed, Plan, Typed, Whose};
use crate::people::scene::Scene;
use crate::programs::generator::Authenticator;

/// What makes one plan.
type Make = fn() -> Plan;

/// A command about alice: each word of its name.
fn at_the_desk(name: &'static str, prepare: fn() -> Scene) -> Plan {
    Plan {
        name,
        user: "alice",
        deed: Deed::Command,
        whose: Whose::Its,
        with_helper: false,
        prepare,
        code: |_| String::new(),
        command: |_, _| unreachable!("each has its own"),
        typed: Typed::Lines(|code| format!("{code}\n")),
    }
}

macro_rules! command {
    ($prepare:expr, $code:expr, $name:literal: $($word:literal)+) => {
        || Plan {
            code: $code,
            command: |scene, _| scene.world.wardkey_command(&["--json", $($word),+]),
            ..at_the_desk(concat!("wardkey ", $name), $prepare)
        }
    };
}

/// Every command that reads or writes a record, and those about the configuration.
pub(super) fn commands() -> Vec<Make> {
    vec![
        command!(not_enrolled, |_| String::new(), "enroll": "enroll" "alice"),
        command!(pending, Scene::next_code, "confirm": "confirm" "alice"),
        command!(Scene::new, |_| String::new(), "replace": "replace" "alice"),
        command!(Scene::new, |_| String::new(), "authenticator add": "authenticator" "add" "alice" "tablet"),
        command!(two_phones, |_| String::new(), "authenticator remove": "authenticator" "remove" "alice" "tablet"),
        command!(Scene::new, |_| String::new(), "recovery-codes": "recovery-codes" "alice"),
        command!(Scene::new, |_| String::new(), "reset": "reset" "alice" "--verified-by" "passport"),
        command!(Scene::new, |_| String::new(), "pass": "pass" "alice" "--verified-by" "passport"),
        command!(Scene::new, |_| String::new(), "emergency": "emergency" "alice" "--count" "1" "--reason" "envelope"),
        command!(waiting, |_| String::new(), "unlock": "unlock" "alice"),
        command!(Scene::new, |_| String::new(), "remove": "remove" "alice" "--reason" "left"),
        command!(Scene::new, Scene::next_code, "check": "check" "alice"),
        command!(Scene::new, |_| String::new(), "status": "status" "alice"),
        command!(Scene::new, |_| String::new(), "list": "list"),
        command!(Scene::new, |_| String::new(), "config check": "config" "check"),
        command!(without_a_key, |_| String::new(), "init": "init"),
    ]
}

fn not_enrolled() -> Scene {
    let scene = Scene::new();
    scene.world.wardkey(&["remove", "alice", "--reason", "starts anew"], "").exits(0);
    scene
}

fn pending() -> Scene {
    let mut scene = not_enrolled();
    let printed = scene.world.json(&["enroll", "alice"], "");
    scene.alice.phone = Authenticator::from_enrolment(&printed);
    scene
}

fn two_phones() -> Scene {
    let scene = Scene::new();
    let printed = scene.world.json(&["authenticator", "add", "alice", "tablet"], "");
    let tablet = Authenticator::from_enrolment(&printed);
    let code = tablet.code(scene.alice.step(&scene.world));
    scene.world.json(&["confirm", "alice"], &(code + "\n"));
    scene
}

/// Alice waits for hours.
fn waiting() -> Scene {
    let scene = Scene::new();
    scene.world.configure("[throttle]\nfirst_wait = \"10h\"\nlongest_wait = \"10h\"\n");
    for _ in 0..6 {
        scene.world.types("alice", &scene.alice.wrong_code(&scene.world));
    }
    scene
}

/// Nothing but people's accounts: as before `init`.
fn without_a_key() -> Scene {
    let scene = Scene::new();
    scene.world.must("rm -rf /var/lib/wardkey /etc/wardkey/seal.key");
    scene
}
