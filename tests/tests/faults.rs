//! A bounded part of `make faults`: of the paths on which most depends each place once, with one fault, in turn. The
//! calls that change something fail and are killed at on the other paths too, in `io_errors` and `crash_commands`.

use wardkey_tests::proof::faults::{Extent, Tally, all, sweep};

fn hold(names: &[&str]) {
    let mut whole = Tally::default();
    println!("{}", Tally::HEADING);
    for make in all().into_iter().filter(|make| names.contains(&make.name())) {
        let tally = sweep(&mut make.path(), Extent::EachPlaceOnce);
        println!("{tally}");
        whole.add(&tally);
    }
    assert!(
        whole.is_fine(),
        "{} of {} missed\n{:#?}\n{}",
        whole.missed.len(),
        whole.runs,
        whole.missed,
        whole.violations.join("\n")
    );
}

#[test]
fn a_login_holds_wherever_a_call_fails() {
    hold(&["login: right code", "login: recovery code", "login: enrolment"]);
}

#[test]
fn the_helper_holds_wherever_a_call_fails() {
    hold(&["question: the caller", "question: the helper"]);
}

#[test]
fn what_changes_a_record_holds_wherever_a_call_fails() {
    hold(&["wardkey confirm"]);
}
