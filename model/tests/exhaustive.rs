//! Every history within these bounds keeps every claim.

use wardkey_model::explore::explore;
use wardkey_model::world::Bound;

const NONE: Bound = Bound { at_once: 2, logins: 0, desk: [0; 4], kills: 1, cuts: 1, failures: 0 };

/// Explores, and wants so many states at least: a bound that is never reached would show nothing.
#[track_caller]
fn holds(bound: Bound, least: usize) {
    let explored = explore(bound, 1);
    println!("{explored}");
    assert_eq!(explored.broken, Vec::<String>::new());
    assert!(explored.missed.is_empty(), "never reached: {:?}", explored.missed);
    assert!(explored.states >= least, "only {explored}");
}

#[test]
fn logins_alone() {
    holds(Bound { logins: 4, failures: 1, ..NONE }, 300_000);
}

#[test]
fn logins_beside_new_codes() {
    holds(Bound { logins: 2, desk: [1, 0, 0, 0], ..NONE }, 70_000);
}

#[test]
fn logins_beside_a_reset_and_an_enrolment() {
    holds(Bound { logins: 2, desk: [0, 1, 1, 0], ..NONE }, 500_000);
}

#[test]
fn logins_beside_a_removal_and_an_enrolment() {
    holds(Bound { logins: 2, desk: [0, 0, 1, 1], ..NONE }, 600_000);
}

#[test]
fn new_codes_beside_a_reset() {
    holds(Bound { logins: 1, desk: [1, 1, 0, 0], ..NONE }, 70_000);
}
