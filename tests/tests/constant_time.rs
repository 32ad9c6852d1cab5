//! Comparing and reading secrets takes the same way and the same time whatever they are; what does not is found.

use std::process::Command;

use wardkey_tests::machine::built::Built;
use wardkey_tests::proof::instructions::between_signals;
use wardkey_tests::proof::outcome::run;

/// Every instruction, in its order: of all inputs of one length the same, but for the controls, which branch by them.
#[test]
fn the_same_instructions_whatever_the_secret() {
    let (subjects, ways) = between_signals(Command::new(Built::steady()).arg("trace"));
    let inputs = ways.len() / subjects.len();
    assert!(inputs >= 2 && ways.len() == inputs * subjects.len(), "{subjects:?}: {}", ways.len());
    assert_eq!(subjects.iter().filter(|subject| subject.starts_with('-')).count(), 2, "controls");
    let mut not_as_told = Vec::new();
    for (subject, ways) in subjects.iter().zip(ways.chunks(inputs)) {
        println!("{subject}: {ways:?}");
        assert!(ways[0].instructions > 20, "{subject} was not seen: {ways:?}");
        if ways.iter().all(|way| *way == ways[0]) != subject.starts_with('+') {
            not_as_told.push(subject);
        }
    }
    assert!(not_as_told.is_empty(), "{not_as_told:#?}");
}

/// Welch's t-test of two kinds of inputs. A batch counts only if the comparison that ends early was found in it, clearly.
#[test]
fn the_same_time_whatever_the_secret() {
    let measured = run(Command::new(Built::steady()).arg("time"), b"");
    println!("{}", measured.stdout);
    assert_eq!(measured.code(), Some(0), "{measured:?}");
    assert_eq!(measured.stdout.matches("control: ").count(), 2, "{}", measured.stdout);
}
