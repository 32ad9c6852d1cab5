//! A short form of `make planted`: faults while services are switched on, on one machine, with restarts in between.

use std::collections::BTreeSet;

use wardkey_tests::proof::planted::{Stage, all};

/// One of each kind: what is refused, what changes between plan and write, kills with a restart, and what stays stuck at one.
const SHORT: [&str; 5] = [
    "a PAM file is immutable",
    "a file is edited between plan and write",
    "a kill half way, and the power goes",
    "a kill half way for good, and a restart",
    "no file can be put back at a restart",
];

#[test]
fn whatever_comes_between_everybody_gets_in_and_files_come_back() {
    let names: BTreeSet<&str> = all().iter().map(|fault| fault.name).collect();
    assert_eq!(names.len(), 40, "{names:?}");
    let mut stage = Stage::new();
    for name in SHORT {
        let all = all();
        stage.hold(all.iter().find(|fault| fault.name == name).expect(name));
    }
}
