//! The seeds of conversations come to all that they are about, and each of their calls fails in turn.

use std::fs;
use std::process::Command;
use wardkey_core::credential::hash_cost::cheap::make_hashes_cheap;
use wardkey_fuzz::{CALLS, OUTCOMES, reached, seeds, sweep, targets};

/// The uid of the person who is enrolled at the site of these conversations.
const NOBODY: &str = "65534";

/// Of all that can fail, one in so many does. No multiple of the eight ways of failing, so that each call fails in one of
/// them at least.
const ONE_IN: usize = 7;

/// Grace asks in which login a process is. The kernel lets a process say that of itself alone, before it has threads: so
/// the test runs itself again as a new process.
#[test]
fn conversations_come_to_all_that_they_are_about() {
    let own = "/proc/self/loginuid";
    if fs::read_to_string(own).expect("a kernel with audit").trim() == NOBODY {
        // At their full cost the corpus and the same seeds are played by `corpus.rs`.
        make_hashes_cheap();
        seeds_come_to_everything();
        each_call_fails_in_turn();
        return;
    }
    let again = format!("echo {NOBODY} >{own} && exec \"$0\" --exact \"$1\"");
    let name = "conversations_come_to_all_that_they_are_about";
    let test = std::env::current_exe().expect("this program");
    // Each conversation syncs a few files: in memory, where there is such a place.
    let site =
        tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).expect("a place for its site");
    let mut shell = Command::new("sh");
    shell.args(["-c", &again]).arg(test).arg(name).env("TMPDIR", site.path());
    let status = shell.status().expect("a shell");
    assert!(status.success(), "{status}");
}

fn seeds_come_to_everything() {
    let run = targets::ALL.iter().find(|target| target.name == "pam").expect("the target").run;
    for seed in seeds::conversations() {
        run(&seed);
    }
    let reached = reached();
    let never: Vec<_> = OUTCOMES.iter().filter(|what| !reached.contains_key(*what)).collect();
    assert!(never.is_empty(), "no seed came to {never:?}: {reached:?}");
}

fn each_call_fails_in_turn() {
    let mut number = 0;
    let mut played = 0;
    for seed in seeds::conversations() {
        played += sweep(&seed, |_, _| {
            number += 1;
            number % ONE_IN == 0
        });
    }
    let reached = reached();
    let never: Vec<_> = CALLS.iter().filter(|call| !reached.contains_key(*call)).collect();
    assert!(never.is_empty(), "these never failed: {never:?}");
    assert!(played > 500, "{played} conversations of {number}");
}
