//! An upgrade or a removal that breaks off. Logins work before anything is repaired, and afterwards.

use super::packages::{CUT, NEWER, NEWER_STEPS, STEPS};
use super::scene::Scene;

/// The module, for a line of shell.
const MODULE: &str = "$(dirname $(find /usr/lib -name pam_unix.so | head -n 1))/pam_wardkey.so";

/// What keeps a new version from being unpacked: how it is planted, the package, and how it is mended.
const OBSTACLES: [(&str, &str, &str, &str); 4] = [
    (
        "a full disk",
        "mkdir /root/kept && cp -a /usr/libexec/wardkey/. /root/kept && \
         mount -t tmpfs -o mode=755,size=$(($(du -sk /root/kept | cut -f 1) + 64))k full /usr/libexec/wardkey && \
         cp -a /root/kept/. /usr/libexec/wardkey",
        NEWER,
        "umount /usr/libexec/wardkey",
    ),
    ("an immutable command", "chattr +i /usr/bin/wardkey", NEWER, "chattr -i /usr/bin/wardkey"),
    ("a package that is cut off", "true", CUT, "true"),
    ("an error as the module is exchanged", "", NEWER, "true"),
];

/// Where a script kills dpkg in an upgrade: which script, and its word.
const STEPS_IN: [&str; 3] = ["preinst upgrade", "postrm upgrade", "postinst configure"];

/// And in a removal: before prerm has done anything, when it has done all, when the files are gone.
const STEPS_OUT: [&str; 3] = ["prerm remove", "prerm remove done", "postrm remove"];

/// Runs dpkg with something injected where it exchanges the module.
fn at_the_module(inject: &str, package: &str) -> String {
    format!(
        "strace -f -qq -o /dev/null -P {MODULE}.dpkg-new -e trace=rename -e inject=rename:{inject}:when=1 \
         dpkg --install /root/{package}"
    )
}

pub(super) fn fails(scene: &mut Scene) {
    for (obstacle, plant, package, mend) in OBSTACLES {
        let line = if plant.is_empty() {
            at_the_module("error=ENOSPC", package)
        } else {
            format!("dpkg --install /root/{package}")
        };
        scene.machine.must(plant);
        let outcome = scene.machine.shell(&line);
        assert_ne!(outcome.code(), Some(0), "{obstacle}: {outcome:?}");
        assert!(!scene.status().contains("9.0"), "{obstacle}: {outcome:?}");
        scene.works(obstacle);
        scene.machine.must(mend);
    }
    scene.takes(NEWER);
    scene.works("unpacked at last");
}

pub(super) fn is_killed(scene: &mut Scene) {
    for step in STEPS_IN {
        breaks_off(scene, step, &format!("dpkg --install /root/{NEWER_STEPS}"));
        scene.takes(STEPS);
    }
    breaks_off(scene, "", &at_the_module("signal=KILL", NEWER_STEPS));
    scene.takes(STEPS);
    breaks_off(scene, STEPS_OUT[0], REMOVE);
    finished(scene);
    if scene.stack.goes {
        for step in &STEPS_OUT[1..] {
            // The lines are out, and come back unless the removal is done.
            scene.asks = &[];
            breaks_off(scene, step, REMOVE);
            scene.asks = scene.stack.asks;
            finished(scene);
        }
    }
    scene.works("repaired at last");
}

const REMOVE: &str = "dpkg --remove wardkey";

/// dpkg brings to an end what it finds, and the package is there.
fn finished(scene: &Scene) {
    scene.machine.must("dpkg --configure --pending");
    scene.takes(STEPS);
}

/// Runs a line in which a script kills dpkg at this step, or strace does, and logs in before anything is repaired.
fn breaks_off(scene: &mut Scene, step: &str, line: &str) {
    if !step.is_empty() {
        scene.machine.write("/root/step", format!("kill {step}"));
    }
    let outcome = scene.machine.shell(line);
    assert_ne!(outcome.code(), Some(0), "{step}: {outcome:?}");
    assert!(!scene.machine.path("/root/step").exists(), "{step} is not reached: {outcome:?}");
    scene.works(&format!("killed at {step:?}, {}", scene.status()));
}
