//! Zones, languages and clocks of whoever logs in: none of them changes what is decided or what is recorded.

use wardkey_tests::machine::world::{ALONE, CODE, STATE, World};
use wardkey_tests::people::scene::Scene;
use wardkey_tests::programs::pam::{Event, PamResult, Script, Transcript};
use wardkey_tests::proof::outcome::{Outcome, run};

/// Where a world has locales of its own: a bare machine has none but C's.
const LOCALES: &str = "/var/locale";

const ELSEWHERE: [&[&str]; 4] = [
    &["env", "TZ=Pacific/Kiritimati", "LOCPATH=/var/locale", "LC_ALL=fr_FR.UTF-8"],
    &["env", "TZ=America/Adak", "LOCPATH=/var/locale", "LC_ALL=tr_TR.UTF-8"],
    &["env", "TZ=:/no/such/zone", "LC_ALL=no_such_locale"],
    &["env", "TZ=XXX-99", "LANG=", "LC_ALL=C"],
];

/// Every kind of code.
const CODES: [fn(&Scene) -> String; 4] = [
    Scene::next_code,
    |scene| scene.alice.wrong_code(&scene.world),
    |scene| scene.alice.recovery_codes[3].clone(),
    |scene| scene.spent_code.clone(),
];

fn under(world: &World, starter: &[&str], code: &str) -> Outcome {
    let script = Script::new(ALONE, "alice").types(CODE, code);
    run(&mut world.under(starter, &world.pam_command(&[script])), b"").exits(0)
}

/// Makes the locales; they come into force in programs that ask for them, as `pamclient` does.
fn make_locales(world: &World) {
    world.must(&format!("mkdir {LOCALES}"));
    for name in ["fr_FR", "tr_TR"] {
        world.must(&format!("localedef --inputfile={name} --charmap=UTF-8 {LOCALES}/{name}.UTF-8"));
        let starter = ["env", &format!("LOCPATH={LOCALES}"), &format!("LC_ALL={name}.UTF-8")];
        let login = Transcript::read(&under(world, &starter, "000000").stdout);
        let is_in_force =
            |event: &Event| matches!(event, Event::End { locale, .. } if locale.starts_with(name));
        assert!(login.0.iter().any(is_in_force), "{name} is not in force: {login:?}");
    }
}

/// What the person sees, and what is recorded but for the moment.
fn came_of(scene: &Scene, starter: &[&str], code: &str) -> (PamResult, String, String, String) {
    scene.restore();
    let login = Transcript::read(&under(&scene.world, starter, code).stdout);
    let enrolment = scene.world.read("/var/lib/wardkey/users/alice/enrolment.toml");
    let mut status = scene.world.status("alice");
    // To the minute: what is told of moments is in UTC.
    let minute =
        |value: &serde_json::Value| value.as_str().map(|text| text.chars().take(14).collect::<String>());
    let last = minute(&status["last_success"]);
    status["last_success"] = last.into();
    let used = minute(&status["authenticators"][0]["last_used"]);
    status["authenticators"][0]["last_used"] = used.into();
    (login.result(), login.seen(), enrolment, status.to_string())
}

#[test]
fn zone_and_language_change_neither_a_decision_nor_the_record() {
    let scene = Scene::new();
    make_locales(&scene.world);
    scene.keep();
    for code in CODES {
        let code = code(&scene);
        let here = came_of(&scene, &["env"], &code);
        for elsewhere in ELSEWHERE {
            assert_eq!(came_of(&scene, elsewhere, &code), here, "{elsewhere:?}");
        }
    }
}

// The C library says what went wrong in the language of whoever calls it; logs are English everywhere.
#[test]
fn zone_and_language_change_nothing_where_a_disk_fails() {
    let scene = Scene::new();
    make_locales(&scene.world);
    scene.world.make_read_only(STATE);
    let code = scene.next_code();
    let came_of = |starter: &[&str]| {
        let mut login = None;
        let lines = scene.world.syslog().lines_of(|| {
            login = Some(Transcript::read(&under(&scene.world, starter, &code).stdout));
        });
        let login = login.expect("a login");
        // Behind the moment.
        let said = |line: &wardkey_tests::machine::syslog::Line| {
            line.text.split_once("pam_wardkey").map(|it| it.1.to_owned())
        };
        (login.result(), login.seen(), lines.iter().filter_map(said).collect::<Vec<_>>())
    };
    let here = came_of(&["env"]);
    assert!(here.0 == PamResult::AuthErr && here.1.contains("Cannot check codes now"), "{here:?}");
    assert!(here.2.iter().any(|line| line.contains("Read-only file system")), "{here:?}");
    for elsewhere in ELSEWHERE {
        assert_eq!(came_of(elsewhere), here, "{elsewhere:?}");
    }
}

#[test]
fn zone_and_language_change_no_command() {
    let scene = Scene::new();
    make_locales(&scene.world);
    let status = |starter: &[&str]| {
        let command = scene.world.wardkey_command(&["--json", "status", "alice"]);
        run(&mut scene.world.under(starter, &command), b"").exits(0).stdout
    };
    let here = status(&["env"]);
    for elsewhere in ELSEWHERE {
        assert_eq!(status(elsewhere), here, "{elsewhere:?}");
    }
}

// A clock that jumps ahead and is set right again must not lock anybody out for as long as it was ahead.
#[test]
fn a_clock_that_jumped_ahead_and_back_leaves_a_way_in() {
    let world = World::new();
    let mut alice = world.person("alice");
    world.advance(400 * 86_400);
    assert!(world.types("alice", &alice.fresh_code(&world)).accepted(), "at the time that the clock shows");
    world.advance(-400 * 86_400);
    let now = world.now() / 30;
    let refused = world.types("alice", &alice.phone.code(now));
    assert_eq!(refused.result(), PamResult::AuthErr, "no code of a time before the last one: {refused:?}");
    let _ = world.syslog().authpriv(&["alice", "clock"]);
    assert!(world.types("alice", &alice.recovery_codes[0]).accepted(), "a recovery code asks no clock");
    let printed = world.json(&["replace", "alice"], "");
    let phone = wardkey_tests::programs::generator::Authenticator::from_enrolment(&printed);
    let code = phone.code(world.now() / 30);
    world.wardkey(&["--json", "confirm", "alice"], &format!("{code}\n")).exits(0);
    alice.phone = phone;
    let next = alice.phone.code(world.now() / 30 + 1);
    assert!(world.types("alice", &next).accepted(), "and the phone enrolled anew opens");
}
