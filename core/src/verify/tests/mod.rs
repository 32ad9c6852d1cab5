//! The decision, case by case and as properties over whole lives of a record.

mod combined;
mod life;
mod mailed;
mod otp;
mod pair;
mod remembered;
mod single_use;
mod twins;

use super::*;
use crate::credential::Typed;
use crate::credential::secret::Secret;
use crate::credential::single_use::Kind as CodeKind;
use crate::credential::single_use::{Order, make};
use crate::credential::totp::{Digits, Parameters};
use crate::desk::Wanted;
use crate::record::enrolment::Authenticator;
use crate::record::enrolment::{Enrolment, State};
use crate::record::ledger::Ledger;
use crate::record::ledger::SlotMark;
use crate::testing::{RULES, authenticator, known_key, wanted};
use crate::user::UserName;
use std::time::Duration;

const UID: u32 = 1000;
const NOW: u64 = 1_700_000_000;
/// One person with one authenticator, and what a test holds of their secrets.
struct Person {
    record: Record,
    key: SealingKey,
    secret: Secret,
    codes: Vec<String>,
}

impl Person {
    fn new(state: State) -> Self {
        let user = UserName::new(b"roy").unwrap();
        let mut enrolment = Enrolment::new(user, UID, 1);
        enrolment.state = state;
        let mut person = Self {
            record: Record { enrolment, ledger: Ledger { generation: 1, ..Ledger::default() } },
            key: SealingKey::generate().unwrap(),
            secret: known_key(),
            codes: Vec::new(),
        };
        if state == State::Enrolled {
            person.add_authenticator(Parameters::default());
        }
        person
    }

    /// One more authenticator, with the key of the first.
    fn add_authenticator(&mut self, parameters: Parameters) {
        self.add_device(self.secret.clone(), parameters);
    }

    fn add_device(&mut self, key: Secret, parameters: Parameters) {
        let authenticator = self.device(&key, parameters);
        self.record.enrolment.authenticators.push(authenticator);
    }

    /// An authenticator with the key of the first that waits for its first code.
    fn pend(&mut self, parameters: Parameters) {
        let authenticator = self.device(&self.secret.clone(), parameters);
        let expires = Timestamp(NOW + 3600);
        self.record.enrolment.pending =
            Some(crate::record::enrolment::Pending { expires, replaces: None, tries: 0, authenticator });
    }

    fn device(&mut self, key: &Secret, parameters: Parameters) -> Authenticator {
        let label = format!("device {}", self.record.enrolment.free_slot().unwrap());
        let wanted = Wanted { label, parameters, ..wanted(Some(key.clone())) };
        authenticator(&mut self.record.enrolment, &self.key, &wanted, Timestamp(NOW))
    }

    fn with_code(mut self, kind: CodeKind, expires: Option<u64>) -> Self {
        let enrolment = &mut self.record.enrolment;
        let (place, serial) = (enrolment.free_place().unwrap(), enrolment.take_serial());
        let order = Order { place, serial, kind, issued: Timestamp(NOW), expires: expires.map(Timestamp) };
        let (code, stored) = make(order).unwrap();
        enrolment.codes.push(stored);
        self.codes.push(code.to_text().to_string());
        self
    }

    fn otp(&self, step_offset: i64) -> String {
        let p = Parameters::default();
        p.code(&self.secret, p.step(Timestamp(NOW)).saturating_add_signed(step_offset)).to_string()
    }

    fn code_at(&self, now: u64) -> String {
        let p = Parameters::default();
        p.code(&self.secret, p.step(Timestamp(now))).to_string()
    }

    fn confirm(&self, entry: &Entry, now: u64) -> (Verdict, Change) {
        let attempt = Attempt { entry, uid: UID, purpose: Purpose::Confirm };
        decide(&RULES, &self.record, Some(&self.key), attempt, Timestamp(now)).into_parts()
    }

    fn entry(&self, typed: &str) -> Entry {
        Entry::separate(Typed::parse(typed.as_bytes()), Some(&self.record.enrolment)).unwrap()
    }

    fn combined(&self, typed: &str) -> Entry {
        Entry::combined(typed.as_bytes(), Some(&self.record.enrolment), Digits::default()).unwrap()
    }

    fn judge(&self, entry: &Entry, now: u64) -> (Verdict, Change) {
        let attempt = Attempt { entry, uid: UID, purpose: Purpose::Login };
        decide(&RULES, &self.record, Some(&self.key), attempt, Timestamp(now)).into_parts()
    }

    /// Judges and keeps the change, as the store does.
    fn enter(&mut self, entry: &Entry, now: u64) -> Verdict {
        let (verdict, Change(change)) = self.judge(entry, now);
        self.record.ledger = change.unwrap_or_else(|| self.record.ledger.clone());
        verdict
    }

    fn type_at(&mut self, typed: &str, now: u64) -> Verdict {
        self.enter(&self.entry(typed), now)
    }

    fn fail(&mut self, kind: Kind, times: u64, now: u64) {
        for _ in 0..times {
            self.record.ledger.tally_mut(kind).fail(Timestamp(now));
        }
    }
}

/// Nothing but a wait helps.
fn waiting(until: Timestamp) -> Refusal {
    Refusal::Waiting { until, two_codes: false }
}

/// Two codes in one entry open meanwhile.
fn waiting_or_two(until: Timestamp) -> Refusal {
    Refusal::Waiting { until, two_codes: true }
}

/// Five wrong codes; the fifth says what the next would meet.
fn five_are_wrong(until: u64, two_codes: bool, mut types: impl FnMut() -> Verdict) {
    for _ in 0..4 {
        assert_eq!(types(), Verdict::Refused(Refusal::Wrong));
    }
    let then = Hold::Waiting { until: Timestamp(until), two_codes };
    assert_eq!(types(), Verdict::Refused(Refusal::LastWrong(then)));
}

fn is_accepted(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Accepted(_))
}
