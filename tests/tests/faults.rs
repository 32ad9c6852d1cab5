//! A bounded part of `make faults`: of the paths on which most depends each place once, with one fault, in turn, and of
//! those that go mostly the same way every third place. The calls that change something fail and are killed at on the
//! other paths too, in `io_errors` and `crash_commands`.

use wardkey_tests::proof::faults::Extent::{EachPlaceOnce, EveryThirdPlace};
use wardkey_tests::proof::faults::{Extent, Tally, all, sweep};

fn hold(paths: &[(&str, Extent)]) {
    let mut whole = Tally::default();
    println!("{}", Tally::HEADING);
    for (name, extent) in paths {
        let make = all().into_iter().find(|make| make.name() == *name).expect("a path");
        let tally = sweep(&mut make.path(), *extent);
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
    hold(&[
        ("login: right code", EachPlaceOnce),
        ("login: recovery code", EveryThirdPlace),
        ("login: enrolment", EveryThirdPlace),
    ]);
}

#[test]
fn the_helper_holds_wherever_a_call_fails() {
    hold(&[("question: the caller", EveryThirdPlace), ("question: the helper", EachPlaceOnce)]);
}

#[test]
fn what_changes_a_record_holds_wherever_a_call_fails() {
    hold(&[("wardkey confirm", EveryThirdPlace)]);
}
