//! What is known of the course of a transaction, and what must never be seen in one.

use super::fake::Fake;
use super::reached::note;
use super::scenario::{Scenario, code_of};
use super::site::{KEY, single_use_codes, site};
use std::collections::BTreeSet;
use std::ffi::CString;
use wardkey_core::record::enrolment::{Enrolment, State};
use wardkey_core::user::UserName;

const SUCCESS: i32 = 0;
const PERM_DENIED: i32 = 6;
const NEW_AUTHTOK_REQD: i32 = 12;
const SESSION_ERR: i32 = 14;
const IGNORE: i32 = 25;

/// How a transaction stands before a door is called.
pub(crate) struct Before {
    typed: usize,
    faults: usize,
    password: Option<CString>,
}

impl Before {
    /// As it stands now.
    pub(crate) fn of(fake: &Fake<'_>) -> Self {
        Self { typed: fake.typed.len(), faults: fake.faults, password: fake.items.get(&6).cloned() }
    }
}

/// What is known of the course of things.
#[derive(Default)]
pub(crate) struct Witness {
    used: BTreeSet<String>,
    opened: bool,
    /// A code opened, and then the application said that the whole login had succeeded.
    succeeded: bool,
    let_in: bool,
    must_enroll: bool,
    /// The last answer of `auth` was a no; how many calls went wrong in it.
    refused: Option<usize>,
}

impl Witness {
    /// Looks at what a door answered.
    pub(crate) fn look(
        &mut self,
        scenario: &Scenario,
        fake: &Fake<'_>,
        (door, answer): (usize, i32),
        before: &Before,
    ) {
        // The mark has two carriers: to lose both takes two calls that fail.
        let faults = fake.faults - before.faults;
        let is_certain = faults < 2;
        let is_refused = self.refused.is_some_and(|earlier| earlier + faults < 2);
        match (door, answer) {
            (0, _) => self.look_at_auth(scenario, fake, answer, before),
            (1, SUCCESS) => self.succeeded |= self.opened,
            (2, NEW_AUTHTOK_REQD) => self.must_enroll |= self.let_in,
            (2 | 4, SUCCESS | IGNORE) if is_refused => panic!("door {door} goes on after a refusal"),
            (2 | 4, PERM_DENIED | SESSION_ERR) if self.refused.is_some() => note("refused again"),
            (2, PERM_DENIED) => assert!(fake.faults > 0, "refused after a yes"),
            (4, PERM_DENIED | SESSION_ERR) if fake.faults == 0 => {
                assert!(self.owes(scenario), "a session refused after a yes");
                note("a session refused before the enrolment");
            }
            (2, SUCCESS) => assert!(!(is_certain && self.owes(scenario)), "let in before the enrolment"),
            (3, SUCCESS) => {
                let record = record(scenario).expect("someone who was told that they are enrolled");
                assert!(is_enrolled(&record) && record.codes.len() >= 5);
                note("enrolled");
            }
            (4, SUCCESS) => {
                assert!(!(is_certain && self.owes(scenario)), "a session before the enrolment");
                self.succeeded |= self.opened;
                note("a session opened");
            }
            _ => {}
        }
    }

    /// The line `start` was called.
    pub(crate) fn look_at_start(&mut self, fake: &Fake<'_>, answer: i32, before: &Before) {
        assert!(fake.typed.len() == before.typed, "`start` asks nothing");
        match answer {
            IGNORE => {
                (self.let_in, self.must_enroll, self.refused) = (false, false, None);
                note("an earlier try forgotten");
            }
            _ => assert!(fake.faults > before.faults, "`start` fails with libpam alone"),
        }
    }

    fn look_at_auth(&mut self, scenario: &Scenario, fake: &Fake<'_>, answer: i32, before: &Before) {
        self.let_in = matches!(answer, SUCCESS | IGNORE);
        self.refused = (!self.let_in).then_some(fake.faults - before.faults);
        self.must_enroll = false;
        let is_known = record(scenario).is_some_and(|record| is_enrolled(&record));
        match answer {
            SUCCESS => {
                assert!(is_known, "someone without a code got in");
                assert!(scenario.uids.1 == 0, "nobody answers for a program that is not root's");
                note(self.spend(&entries(scenario, fake, before)));
                self.opened = true;
            }
            IGNORE if is_known => {
                assert!(scenario.has_grace(), "no code was asked of someone who is enrolled");
                assert!(self.succeeded, "grace without a login that had a code and succeeded");
                note("no code, by grace");
            }
            IGNORE => self.must_enroll = !scenario.lets_unenrolled_in() && fake.faults - before.faults < 2,
            _ => note("refused"),
        }
    }

    /// Whether somebody was let in to enrol, and has not.
    fn owes(&self, scenario: &Scenario) -> bool {
        self.must_enroll && !record(scenario).is_some_and(|record| is_enrolled(&record))
    }

    /// One of the entries holds a code that opens, and has not opened yet; the answer is its kind.
    fn spend(&mut self, entries: &[&[u8]]) -> &'static str {
        let authenticator = (-6..=6).map(|steps| ("opened by an authenticator", code_of(KEY, steps)));
        let mut right: Vec<(&'static str, String)> = authenticator.collect();
        right.extend(single_use_codes().iter().cloned());
        right.retain(|(_, code)| !self.used.contains(code));
        let opened = entries.iter().find_map(|entry| right.iter().find(|(_, code)| holds(entry, code)));
        let (kind, code) =
            opened.unwrap_or_else(|| panic!("someone got in without a code that was right and unused"));
        self.used.insert(code.clone());
        kind
    }
}

/// What may have been taken for a code, in the order in which the module looks at it.
fn entries<'a>(scenario: &Scenario, fake: &'a Fake<'_>, before: &'a Before) -> Vec<&'a [u8]> {
    let first_pass = scenario.words.iter().any(|word| word.to_bytes().ends_with(b"_first_pass"));
    let password = before.password.as_deref().filter(|_| first_pass).map(|text| text.to_bytes());
    let typed = fake.typed[before.typed..].iter().rev().map(Vec::as_slice);
    password.into_iter().chain(typed).collect()
}

fn record(scenario: &Scenario) -> Option<Enrolment> {
    let user = scenario.user.as_deref()?;
    let file = site().enrolment_of(user.to_str().ok()?)?;
    let record = Enrolment::from_bytes(&file, &UserName::new(user.to_bytes()).ok()?);
    Some(record.expect("a record that can be read"))
}

fn is_enrolled(record: &Enrolment) -> bool {
    record.state == State::Enrolled
}

/// Whether an entry is this code, or ends in it.
fn holds(entry: &[u8], code: &str) -> bool {
    let plain = |text: &[u8]| -> Vec<u8> {
        text.iter().filter(|b| !b" -".contains(b)).map(u8::to_ascii_uppercase).collect()
    };
    plain(entry).ends_with(&plain(code.as_bytes()))
}
