//! Whole conversations of the module with an application and a libpam that do whatever the input says: nobody gets in
//! without a right code, each code works once, and nothing is left behind.

use crate::bytes::Bytes;
use crate::pam::{
    Balance, CANARY, Fake, Fault, KEY, Person, Scenario, Spoken, acting_as, code_of, fault_of,
    recovery_codes, site, unwiped,
};
use pam_wardkey as _;
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::ffi::CString;
use std::sync::Once;

const SUCCESS: i32 = 0;
const PERM_DENIED: i32 = 6;
const NEW_AUTHTOK_REQD: i32 = 12;
const SESSION_ERR: i32 = 14;
const IGNORE: i32 = 25;

/// What each door may say: `PAM_ABORT`, the word for a panic, is nowhere among it.
const ALLOWED: [&[i32]; 6] =
    [&[0, 3, 7, 9, 11, 19, 25], &[0], &[0, 3, 12, 25], &[0, 3, 20, 25], &[0, 3, 6, 14], &[0]];

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

pub(super) fn run(bytes: &[u8]) {
    loud();
    let before = Balance::now();
    one(bytes);
    // What is made once, such as a table of time zones, does not grow again.
    let mut last = Balance::now();
    let mut grew = last.exceeds(before);
    for _ in 0..3 {
        if !grew {
            return;
        }
        one(bytes);
        let now = Balance::now();
        grew = now.exceeds(last);
        last = now;
    }
    assert!(!grew, "each repetition leaves more behind: {before:?}, {last:?}");
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
fn one(bytes: &[u8]) {
    site().lay();
    let dirty = unwiped();
    let mut bytes = Bytes(bytes);
    let scenario = Scenario::read(&mut bytes);
    let calls = Cell::new(0_u8);
    let fault = || {
        calls.set(calls.get().saturating_add(1));
        let due = scenario.faults.iter().find(|(at, _)| *at == calls.get());
        due.map_or(Fault::None, |(_, kind)| fault_of(*kind))
    };
    let person = RefCell::new(Person::new(bytes));
    let mut fake = Fake::new(fault, |shown| person.borrow_mut().speak(shown));
    scenario.fill(&mut fake);
    let mut witness = Witness::default();
    for step in &scenario.steps {
        let (door, flags) = STEPS[usize::from(*step) % STEPS.len()];
        let seen = (fake.typed.len(), fake.faults, fake.items.get(&6).cloned());
        let (uid, euid) = scenario.uids;
        let answer = acting_as(uid, euid, || fake.call(door, flags, &scenario.words));
        assert!(ALLOWED[door].contains(&answer), "door {door} answered {answer}");
        witness.look(&scenario, &fake, door, answer, seen);
    }
    let told = format!("{}{}{}", fake.shown, fake.logged, site().audit());
    assert!(!told.contains(CANARY), "a password was repeated: {told}");
    drop(fake);
    assert_eq!(unwiped(), dirty, "a reply was freed with what was typed still in it");
}

/// What is known of the course of things.
#[derive(Default)]
struct Witness {
    used: BTreeSet<String>,
    opened: bool,
    enrolled: bool,
    must_enroll: bool,
}

impl Witness {
    fn look(
        &mut self,
        scenario: &Scenario,
        fake: &Fake<'_>,
        door: usize,
        answer: i32,
        (typed, faults, password): (usize, usize, Option<CString>),
    ) {
        let works = fake.faults == faults;
        let first_pass = scenario.words.iter().any(|word| word.to_bytes().ends_with(b"_first_pass"));
        let password = password.as_deref().filter(|_| first_pass).map(|text| text.to_bytes());
        // In the order in which the module looks at them.
        let entries: Vec<&[u8]> =
            password.into_iter().chain(fake.typed[typed..].iter().rev().map(Vec::as_slice)).collect();
        let is_nobody = scenario.user.as_deref() == Some(c"nobody");
        match (door, answer) {
            (0, SUCCESS) => {
                assert!(is_nobody, "someone without a code got in");
                assert!(scenario.uids.1 == 0, "nobody answers for a program that is not root's");
                self.spend(&entries);
                self.opened = true;
                self.must_enroll = false;
            }
            (0, IGNORE) => {
                assert!(!is_nobody || self.opened, "no code was asked of someone who is enrolled");
                self.must_enroll = false;
            }
            (0, _) => self.must_enroll = false,
            (2, NEW_AUTHTOK_REQD) => self.must_enroll = true,
            (3, SUCCESS) => {
                let user = scenario.user.as_deref().and_then(|user| user.to_str().ok()).unwrap_or_default();
                let record = site().enrolment_of(user).expect("someone who was told that they are enrolled");
                assert!(record.contains("state = \"enrolled\"") && record.matches("[[code]]").count() >= 5);
                self.enrolled = true;
                self.must_enroll = false;
            }
            (4, SUCCESS) => assert!(!(self.must_enroll && works), "a session before the enrolment"),
            (4, SESSION_ERR | PERM_DENIED) => {}
            _ => {}
        }
    }

    /// One of the entries holds a code that opens, and has not opened yet.
    fn spend(&mut self, entries: &[&[u8]]) {
        let mut right: Vec<String> = (-6..=6).map(|steps| code_of(KEY, steps)).collect();
        right.extend_from_slice(recovery_codes());
        right.retain(|code| !self.used.contains(code));
        let opened = entries.iter().find_map(|entry| right.iter().find(|code| holds(entry, code)));
        let opened =
            opened.unwrap_or_else(|| panic!("someone got in without a code that was right and unused"));
        self.used.insert(opened.clone());
    }
}

/// Whether an entry is this code, or ends in it.
fn holds(entry: &[u8], code: &str) -> bool {
    let plain = |text: &[u8]| -> Vec<u8> {
        text.iter().filter(|b| !b" -".contains(b)).map(u8::to_ascii_uppercase).collect()
    };
    plain(entry).ends_with(&plain(code.as_bytes()))
}
