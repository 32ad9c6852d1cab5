//! What is switched on, as a newer version writes it, ends a step back.

use super::{apt, machine, made_of, version};

const JOURNAL: &str = "/var/lib/wardkey/enabled/journal.json";

#[test]
fn a_step_back_ends_at_a_journal_that_it_cannot_read() {
    let machine = machine();
    apt(&machine, "install /root/wardkey.deb").exits(0);
    machine.configure("");
    machine.must(&format!("dpkg --install {}", made_of(&machine, "9.0")));
    machine.must("wardkey --json disable --all");
    let ours = machine.read(JOURNAL);
    let newer = ours.replace("\"form\": 1", "\"form\": 99");
    assert_ne!(newer, ours);
    machine.must(&format!("sed -i 's/\"form\": 1/\"form\": 99/' {JOURNAL}"));
    // The newer version reads it itself.
    machine.must("printf '#!/bin/sh\nexit 0\n' >/usr/bin/wardkey");
    let refused = machine.shell("dpkg --install /root/wardkey.deb 2>&1");
    assert_ne!(refused.code(), Some(0), "{refused:?}");
    for part in [JOURNAL, "would refuse logins", "Nothing was changed"] {
        assert!(refused.stdout.contains(part), "{part}: {refused:?}");
    }
    assert_eq!(version(&machine), "ii 9.0");
    machine.must(&format!("sed -i 's/\"form\": 99/\"form\": 1/' {JOURNAL}"));
    machine.must("dpkg --install /root/wardkey.deb");
}
