//! Whole conversations of the module with an application and a libpam that do whatever the input says: nobody gets in
//! without a right code, each code works once, and nothing is left behind.

use crate::bytes::Bytes;
use crate::pam::{
    Balance, Before, CANARY, FAULTS, Fake, Fault, Person, Scenario, Spoken, Witness, acting_as, fault_of,
    site, unwiped,
};
use pam_wardkey as _;
use std::cell::{Cell, RefCell};
use std::sync::Once;

/// What each door may say: `PAM_ABORT`, the word for a panic, is nowhere among it.
const ALLOWED: [&[i32]; 6] =
    [&[0, 3, 7, 19, 25], &[0], &[0, 3, 6, 12, 25], &[0, 3, 20, 25], &[0, 3, 6, 14], &[0]];

/// The doors and flags that an application may go through, in any order.
const STEPS: [(usize, i32); 11] = [
    (0, 0),
    (0, 0x8000),
    (1, 2),
    (1, 4),
    (2, 0),
    (3, 0x4000 | 0x20),
    (3, 0x2000 | 0x20),
    (3, 0x4000),
    (3, 0x4000 | 0x8020),
    (4, 0),
    (5, 0),
];

/// The step that is the line `start` in front of the others.
const START: u8 = 255;

pub(super) fn run(bytes: &[u8]) {
    with(bytes, None);
}

/// Plays an input in which nothing fails again and again: each call of the module's fails in turn, and each of them in
/// every way. Of all these `(call, way)` only those are played that `is_due` says; the answer is how many there are.
pub fn sweep(bytes: &[u8], mut is_due: impl FnMut(u8, u8) -> bool) -> usize {
    let calls = with(bytes, None);
    let mut played = 0;
    for (call, way) in (1..=calls).flat_map(|call| (0..FAULTS).map(move |way| (call, way))) {
        if is_due(call, way) {
            println!("{bytes:?}, in which call {call} fails in way {way}");
            with(bytes, Some((call, way)));
            played += 1;
        }
    }
    played
}

/// Plays an input, with one more fault than it says; the answer is how many calls the module made.
fn with(bytes: &[u8], fault: Option<(u8, u8)>) -> u8 {
    loud();
    let before = Balance::now();
    let calls = one(bytes, fault);
    // What is made once, such as a table of time zones, does not grow again.
    let mut last = Balance::now();
    let mut grew = last.exceeds(before);
    for _ in 0..3 {
        if !grew {
            return calls;
        }
        one(bytes, fault);
        let now = Balance::now();
        grew = now.exceeds(last);
        last = now;
    }
    assert!(!grew, "each repetition leaves more behind: {before:?}, {last:?}");
    calls
}

/// A panic within a door would else be an ordinary answer.
fn loud() {
    static LOUD: Once = Once::new();
    LOUD.call_once(|| {
        let hook = std::panic::take_hook();
        // The module sets its own hook once, at its first door; then this one takes its place.
        let mut fake = Fake::new(|| Fault::None, |_| Spoken::NoText);
        fake.call(1, 2, &[]);
        std::panic::set_hook(Box::new(move |what| {
            hook(what);
            if cfg!(fuzzing) {
                std::process::abort();
            }
        }));
    });
}

/// One transaction.
fn one(bytes: &[u8], more: Option<(u8, u8)>) -> u8 {
    site().lay();
    let dirty = unwiped();
    let mut bytes = Bytes(bytes);
    let scenario = Scenario::read(&mut bytes);
    let calls = Cell::new(0_u8);
    let fault = || {
        calls.set(calls.get().saturating_add(1));
        let due = scenario.faults.iter().chain(&more).find(|(at, _)| *at == calls.get());
        due.map_or(Fault::None, |(_, kind)| fault_of(*kind))
    };
    let person = RefCell::new(Person::new(bytes));
    let mut fake = Fake::new(fault, |shown| person.borrow_mut().speak(shown));
    scenario.fill(&mut fake);
    let mut witness = Witness::default();
    for step in &scenario.steps {
        let (door, flags) = STEPS[usize::from(*step) % STEPS.len()];
        let before = Before::of(&fake);
        let (uid, euid) = scenario.uids;
        if *step == START {
            let answer = acting_as(uid, euid, || fake.call(0, 0, &[c"start".to_owned()]));
            witness.look_at_start(&fake, answer, &before);
            continue;
        }
        let answer = acting_as(uid, euid, || fake.call(door, flags, &scenario.words));
        assert!(ALLOWED[door].contains(&answer), "door {door} answered {answer}");
        witness.look(&scenario, &fake, (door, answer), &before);
    }
    let told = format!("{}{}{}", fake.shown, fake.logged, site().audit());
    assert!(!told.contains(CANARY), "a password was repeated: {told}");
    drop(fake);
    assert_eq!(unwiped(), dirty, "a reply was freed with what was typed still in it");
    calls.get()
}
