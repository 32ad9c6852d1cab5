//! Exactly once: many processes, one code, the state on a disk.

use wardkey_tests::machine::host::{ALONE, CODE, Host};
use wardkey_tests::people::person::Person;
use wardkey_tests::programs::pam::Script;
use wardkey_tests::programs::wardkey::texts;
use wardkey_tests::proof::simultaneous::together;

const PROCESSES: usize = 32;
const ROUNDS: usize = 30;

/// How many of many simultaneous logins with `code` were let in.
fn let_in(host: &Host, code: &str) -> usize {
    let scripts = vec![Script::new(ALONE, "alice").types(CODE, code); PROCESSES];
    together(host, &scripts).iter().filter(|login| login.accepted()).count()
}

// Row: S2-15
#[test]
fn one_authenticator_code_lets_one_of_many_in() {
    let host = Host::new();
    let mut alice = host.person("alice");
    for round in 0..ROUNDS {
        host.advance(30);
        let code = alice.fresh_code(&host);
        assert_eq!(let_in(&host, &code), 1, "round {round}");
        assert!(!host.types("alice", &code).accepted(), "round {round}: once more");
    }
}

// Row: S1-14
// Row: S2-9
#[test]
fn one_recovery_code_lets_one_of_many_in() {
    let host = Host::with_config(&format!("[recovery]\ncodes = {}\n", ROUNDS / 2));
    let first_set = host.person("alice").recovery_codes;
    all_open_once(&host, &first_set);
    let second_set = host.json(&["recovery-codes", "alice"], "");
    all_open_once(&host, &texts(&second_set["recovery_codes"]));
}

fn all_open_once(host: &Host, codes: &[String]) {
    assert_eq!(codes.len(), ROUNDS / 2);
    for (round, code) in codes.iter().enumerate() {
        assert_eq!(let_in(host, code), 1, "round {round}");
        assert!(!host.types("alice", code).accepted(), "round {round}: once more");
    }
}

#[test]
fn many_people_at_once_all_come_in() {
    let host = Host::new();
    let people: Vec<_> = (0..PROCESSES).map(|number| host.person(&format!("user{number}"))).collect();
    host.advance(30);
    let script = |mut person: Person| {
        let code = person.fresh_code(&host);
        Script::new(ALONE, &person.name).types(CODE, code)
    };
    let scripts: Vec<_> = people.into_iter().map(script).collect();
    let refused: Vec<_> = together(&host, &scripts).into_iter().filter(|login| !login.accepted()).collect();
    assert!(refused.is_empty(), "{refused:#?}");
}
