//! What the test suites of other modules assert, and how each stands here: the table of `tests/src/proof/peers`, run.

use std::collections::BTreeSet;
use std::panic::catch_unwind;
use std::path::Path;

use wardkey_tests::proof::peers::{Here, SECTIONS, document};

/// Runs a section; every entry that does not hold is named.
fn holds(number: usize) {
    let mut broken = Vec::new();
    for behaviour in SECTIONS[number].behaviours {
        let (Here::Same(_, shown) | Here::Different(_, shown)) = behaviour.here else { continue };
        if catch_unwind(shown).is_err() {
            broken.push(behaviour.id);
        }
    }
    assert!(broken.is_empty(), "{}: {broken:?} do not stand as the table says", SECTIONS[number].title);
}

#[test]
fn codes_and_files_of_google_authenticator() {
    holds(0);
}

#[test]
fn earlier_passwords_at_google_authenticator() {
    holds(1);
}

#[test]
fn settings_of_google_authenticator() {
    holds(2);
}

#[test]
fn logins_at_pam_oath() {
    holds(3);
}

#[test]
fn the_users_file_of_liboath() {
    holds(4);
}

#[test]
fn arithmetic() {
    holds(5);
}

#[test]
fn the_table_is_whole_and_the_document_is_the_table() {
    assert_eq!(SECTIONS.len(), 6, "a test for each section");
    let ids: Vec<_> = SECTIONS.iter().flat_map(|section| section.behaviours).map(|one| one.id).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "a number stands twice: {ids:?}");
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/peers.md");
    let written = std::fs::read_to_string(file).expect("docs/peers.md");
    assert!(written == document(), "cargo run -p wardkey-tests --bin peers > docs/peers.md");
}
