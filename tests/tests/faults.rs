//! A bounded part of `make faults`: each place of each path once, with one fault, in turn.

use wardkey_tests::faults::{Extent, Tally, all, sweep};

fn hold(kind: &str) {
    let mut whole = Tally::default();
    println!("{}", Tally::HEADING);
    for make in all().into_iter().filter(|make| make.name().starts_with(kind)) {
        let tally = sweep(&mut make.path(), Extent::EachPlaceOnce);
        println!("{tally}");
        whole.add(&tally);
    }
    assert!(whole.is_fine(), "{} of {} missed\n{}", whole.missed, whole.runs, whole.violations.join("\n"));
}

#[test]
fn a_login_holds_wherever_a_call_fails() {
    hold("login: ");
}

#[test]
fn the_helper_and_its_callers_hold_wherever_a_call_fails() {
    hold("question: ");
    hold("errand: ");
}

#[test]
fn what_changes_a_record_holds_wherever_a_call_fails() {
    hold("wardkey enroll");
    hold("wardkey confirm");
    hold("wardkey re");
}
