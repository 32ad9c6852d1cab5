//! Many logins in one process, as a locker or sudo makes them: no error, nothing lost, no growth.

use wardkey_tests::machine::host::{ALONE, CODE, Host};
use wardkey_tests::people::person::Person;
use wardkey_tests::programs::pam::Door::{Account, Auth, CloseSession, OpenSession, SetCred};
use wardkey_tests::programs::pam::{Event, PamResult, Script, Transcript};
use wardkey_tests::proof::outcome::run;

/// Right, wrong, malformed and used codes of both kinds.
fn logins(host: &Host, alice: &mut Person, rounds: usize) -> Vec<Script> {
    let mut scripts = Vec::new();
    for round in 0..rounds {
        let codes = [
            alice.fresh_code(host),
            alice.wrong_code(host),
            "12345".to_owned(),
            alice.recovery_codes[round].clone(),
            alice.used_code(),
        ];
        let doors = [Auth, Account, SetCred, OpenSession, CloseSession];
        scripts.extend(codes.map(|code| Script::new(ALONE, "alice").types(CODE, code).doors(&doors)));
    }
    scripts
}

#[test]
fn valgrind_finds_no_error_and_nothing_lost() {
    let host = Host::with_config("[recovery]\ncodes = 20\n");
    let mut alice = host.person("alice");
    let heap_after = |alice: &mut Person, rounds: usize| {
        let valgrind =
            ["valgrind", "--error-exitcode=9", "--leak-check=full", "--errors-for-leak-kinds=definite"];
        let mut valgrind = host.under(&valgrind, &host.pam_command(&logins(&host, alice, rounds)));
        let outcome = run(&mut valgrind, b"").exits(0);
        let results = Transcript::read(&outcome.stdout).results();
        assert_eq!(results.len(), rounds * 25, "{outcome:?}");
        let in_use = outcome.stderr.lines().find(|line| line.contains("in use at exit:"));
        let (_, blocks) = in_use.and_then(|line| line.rsplit_once(" in ")).expect("valgrind's summary");
        blocks
            .split(' ')
            .next()
            .and_then(|n| n.replace(',', "").parse::<u32>().ok())
            .expect("a number of blocks")
    };
    let few = heap_after(&mut alice, 1);
    alice.recovery_codes.rotate_left(1);
    let many = heap_after(&mut alice, 4);
    assert_eq!(few, many, "blocks in use at the end");
}

#[test]
fn a_process_does_not_grow_with_its_logins() {
    let host = Host::new();
    let alice = host.person("alice");
    let wrong = alice.wrong_code(&host);
    // What is refused for its form, for its place, and for waiting.
    let scripts = ["12345", &alice.wrong_recovery_code(), &wrong]
        .map(|code| Script::new(ALONE, "alice").types(CODE, code));
    let outcome = run(host.pam_command(&scripts).arg("100"), b"").exits(0);
    let resident = |event: Event| match event {
        Event::End { resident_kib, .. } => Some(resident_kib),
        _ => None,
    };
    let resident: Vec<_> = Transcript::read(&outcome.stdout).0.into_iter().filter_map(resident).collect();
    // What a run of Argon2id used, 19 MiB, is given back.
    let early = resident[10];
    assert!(early <= 16 * 1024, "{early} KiB: {resident:?}");
    let most = *resident.iter().skip(10).max().expect("more than ten logins");
    assert!(most <= early + 512, "grew from {early} to {most} KiB: {resident:?}");
}

#[test]
fn a_process_leaves_no_descriptor_open() {
    let host = Host::new();
    let alice = host.person("alice");
    let scripts = ["12345", &alice.wrong_recovery_code(), &alice.wrong_code(&host)]
        .map(|code| Script::new(ALONE, "alice").types(CODE, code));
    // One that stays open each time: the hundredth login has none left to open, and says that codes cannot be checked.
    let mut whole = host.under(&["prlimit", "--nofile=64", "--"], &host.pam_command(&scripts));
    let outcome = run(whole.arg("100"), b"").exits(0);
    let results = Transcript::read(&outcome.stdout).results();
    let is_judged = |result: &PamResult| *result == PamResult::AuthErr;
    assert!(results.len() >= 300 && results.iter().all(is_judged), "{results:?}");
}
