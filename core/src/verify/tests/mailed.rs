//! Codes by mail: alone, beside authenticators that look alike, and at the end of a password.

use super::*;
use crate::credential::mailed::MailMode;
use crate::credential::mailed::{MailedCode, Recipient, Registered};

mod addresses;

/// How codes are judged where mail is a factor.
const FACTOR: Rules = Rules { mail: MailMode::Factor, ..RULES };
const RECOVERY: Rules = Rules { mail: MailMode::Recovery, ..RULES };
const MINUTES: u64 = 60;

/// Roy, to whose registered address codes go.
struct Mailed {
    roy: Person,
    rules: Rules,
}

impl Mailed {
    fn new(rules: Rules) -> Self {
        let mut roy = Person::new(State::Enrolled);
        let serial = roy.record.enrolment.take_serial();
        let address = "roy@clinic.example".parse().unwrap();
        roy.record.enrolment.email = Some(Registered { address, serial, verified: Timestamp(NOW) });
        Self { roy, rules }
    }

    /// Without any authenticator.
    fn alone(rules: Rules) -> Self {
        let mut mailed = Self::new(rules);
        mailed.roy.record.enrolment.authenticators.clear();
        mailed
    }

    fn with_eight_digits(mut self) -> Self {
        self.roy.add_authenticator(eight());
        self
    }

    fn send(&mut self, now: u64) -> String {
        let serial = self.roy.record.enrolment.email.as_ref().unwrap().serial;
        self.send_to(serial, now)
    }

    fn send_to(&mut self, address: u64, now: u64) -> String {
        let Record { enrolment, ledger } = &mut self.roy.record;
        let to = Recipient { user: &enrolment.user, generation: enrolment.generation, address };
        let lifetime = Duration::from_secs(10 * MINUTES);
        let (mark, code): (_, MailedCode) = ledger.mail.issue(&to, lifetime, Timestamp(now)).unwrap();
        ledger.mail = mark;
        code.expose().to_owned()
    }

    fn judge_for(&self, entry: &Entry, purpose: Purpose, now: u64) -> (Verdict, Change) {
        let attempt = Attempt { entry, uid: UID, purpose };
        decide(&self.rules, &self.roy.record, Some(&self.roy.key), attempt, Timestamp(now)).into_parts()
    }

    fn enter(&mut self, entry: &Entry, purpose: Purpose, now: u64) -> Verdict {
        let (verdict, Change(change)) = self.judge_for(entry, purpose, now);
        self.roy.record.ledger = change.unwrap_or_else(|| self.roy.record.ledger.clone());
        verdict
    }

    fn types(&mut self, typed: &str, now: u64) -> Verdict {
        let entry = self.roy.entry(typed);
        self.enter(&entry, Purpose::Login, now)
    }

    fn types_combined(&mut self, typed: &str) -> Verdict {
        let entry = self.roy.combined(typed);
        self.enter(&entry, Purpose::Login, NOW)
    }

    fn failures(&self) -> [u64; 4] {
        let kinds = [Kind::Authenticator, Kind::Combined, Kind::SingleUse, Kind::Mailed];
        kinds.map(|kind| self.roy.record.ledger.tally(kind).consecutive())
    }
}

fn eight() -> Parameters {
    Parameters { digits: 8.try_into().unwrap(), ..Parameters::default() }
}

/// A code that is not this one.
fn other(code: &str) -> &'static str {
    if code == "00000000" { "11111111" } else { "00000000" }
}

const WRONG: Verdict = Verdict::Refused(Refusal::Wrong);

#[test]
fn a_mailed_code_opens_once_in_its_time() {
    let mut mailed = Mailed::new(RECOVERY);
    let code = mailed.send(NOW);
    let Verdict::Accepted(acceptance) = mailed.types(&code, NOW + 9 * MINUTES) else { panic!("refused") };
    assert_eq!(acceptance.method.name(), "mailed recovery code");
    assert_eq!(mailed.types(&code, NOW + 9 * MINUTES), Verdict::Refused(Refusal::AlreadyUsed));
    let code = mailed.send(NOW);
    assert_eq!(mailed.types(&code, NOW + 11 * MINUTES), Verdict::Refused(Refusal::Expired));
    let (first, second) = (mailed.send(NOW), mailed.send(NOW));
    assert_eq!(mailed.types(&first, NOW), WRONG, "only the newest");
    assert!(is_accepted(&mailed.types(&second, NOW)));
    assert_eq!(mailed.failures(), [0; 4]);
}

#[test]
fn it_opens_only_where_the_site_says_so() {
    for (rules, alone, opens) in [
        (RULES, false, false),
        (RULES, true, false),
        (RECOVERY, false, true),
        (RECOVERY, true, false),
        (FACTOR, false, true),
        (FACTOR, true, true),
    ] {
        let mut mailed = if alone { Mailed::alone(rules) } else { Mailed::new(rules) };
        let code = mailed.send(NOW);
        assert_eq!(is_accepted(&mailed.types(&code, NOW)), opens, "{rules:?} {alone}");
        let combined = format!("password{}", mailed.send(NOW));
        assert_eq!(is_accepted(&mailed.types_combined(&combined)), opens, "{rules:?} {alone}");
    }
}

#[test]
fn it_opens_nothing_after_a_reset_nor_confirms_an_authenticator() {
    let mut mailed = Mailed::new(FACTOR);
    let code = mailed.send(NOW);
    let entry = mailed.roy.entry(&code);
    assert!(!is_accepted(&mailed.judge_for(&entry, Purpose::Confirm, NOW).0));
    for state in [State::MustEnroll, State::NotEnrolled] {
        mailed.roy.record.enrolment.state = state;
        assert!(!is_accepted(&mailed.judge_for(&entry, Purpose::Login, NOW).0), "{state:?}");
    }
}

#[test]
fn it_needs_no_sealing_key() {
    let mut mailed = Mailed::new(RECOVERY).with_eight_digits();
    let code = mailed.send(NOW);
    let judge = |entry: &Entry| {
        let attempt = Attempt { entry, uid: UID, purpose: Purpose::Login };
        decide(&RECOVERY, &mailed.roy.record, None, attempt, Timestamp(NOW)).into_parts()
    };
    assert!(is_accepted(&judge(&mailed.roy.entry(&code)).0));
    assert!(is_accepted(&judge(&mailed.roy.combined(&code)).0));
    for (wrong, kind) in
        [(mailed.roy.entry(other(&code)), Kind::Mailed), (mailed.roy.combined(other(&code)), Kind::Combined)]
    {
        let (verdict, Change(change)) = judge(&wrong);
        assert_eq!(verdict, Verdict::Unsealable);
        assert_eq!(change.expect("no free guess").tally(kind).failures, 1);
    }
}

#[test]
fn wrong_ones_wait_five_minutes_and_never_disable() {
    let mut mailed = Mailed::new(RECOVERY);
    let code = mailed.send(NOW);
    five_are_wrong(NOW + 30, false, || mailed.types(other(&code), NOW));
    assert_eq!(mailed.failures(), [0, 0, 0, 5]);
    let until = Timestamp(NOW + 30);
    assert_eq!(mailed.types(&code, NOW), Verdict::Refused(waiting(until)), "right or wrong");
    let code = mailed.send(NOW + 1);
    assert_eq!(mailed.types(&code, NOW + 1), Verdict::Refused(waiting(until)), "a resend resets nothing");
    assert!(is_accepted(&mailed.types(&mailed.roy.otp(0), NOW + 1)), "the phone does not wait with it");
    mailed.roy.fail(Kind::Mailed, 500, NOW);
    let code = mailed.send(NOW + 301);
    assert!(is_accepted(&mailed.types(&code, NOW + 301)));
    assert_eq!(mailed.failures(), [0; 4]);
}

#[test]
fn eight_digits_that_could_be_either_are_one_failure_of_the_stricter_kind() {
    let mut mailed = Mailed::new(RECOVERY).with_eight_digits();
    let code = mailed.send(NOW);
    assert_eq!(mailed.types(other(&code), NOW), WRONG);
    assert_eq!(mailed.failures(), [1, 0, 0, 0]);
    let otp = eight().code(&mailed.roy.secret, eight().step(Timestamp(NOW))).to_string();
    assert!(is_accepted(&mailed.types(&otp, NOW)), "a pending code does not hide the authenticator");
    assert!(is_accepted(&mailed.types(&code, NOW)), "nor the reverse");
}

#[test]
fn neither_kind_gives_free_guesses_at_the_other() {
    let mut mailed = Mailed::new(RECOVERY).with_eight_digits();
    let code = mailed.send(NOW);
    mailed.roy.fail(Kind::Authenticator, 50, NOW);
    // Judged as a mailed code alone.
    five_are_wrong(NOW + 30, false, || mailed.types(other(&code), NOW));
    assert_eq!(mailed.failures(), [50, 0, 0, 5]);
    let before = mailed.roy.record.clone();
    for typed in [&code, other(&code)] {
        assert_eq!(
            mailed.types(typed, NOW),
            Verdict::Refused(Refusal::Disabled),
            "both wait: nothing is compared"
        );
    }
    assert_eq!(mailed.roy.record, before);
    let mut mailed = Mailed::new(RECOVERY).with_eight_digits();
    let code = mailed.send(NOW);
    mailed.roy.fail(Kind::Mailed, 5, NOW);
    assert_eq!(mailed.types(&code, NOW), WRONG, "while mailed codes wait it is one of an authenticator");
    assert_eq!(mailed.failures(), [1, 0, 0, 5]);
}

#[test]
fn a_disabled_authenticator_leaves_the_mailed_code() {
    let mut mailed = Mailed::new(RECOVERY);
    mailed.roy.fail(Kind::Authenticator, 50, NOW);
    let code = mailed.send(NOW);
    assert_eq!(mailed.types_combined(&format!("pw{}", other(&code))), WRONG);
    assert_eq!(mailed.failures(), [50, 1, 0, 0], "no free guess");
    assert_eq!(
        mailed.types_combined(&format!("pw12{}", mailed.roy.otp(0))),
        WRONG,
        "and opens nothing itself"
    );
    assert!(is_accepted(&mailed.types_combined(&format!("pw{code}"))));
    let code = mailed.send(NOW);
    assert!(is_accepted(&mailed.types(&code, NOW)));
    assert_eq!(mailed.failures(), [50, 0, 0, 0], "and stays disabled");
}

#[test]
fn someone_with_mail_alone_is_never_disabled() {
    let mut mailed = Mailed::alone(FACTOR);
    for typed in ["000000", "00000000"] {
        assert_eq!(mailed.types(typed, NOW), WRONG);
    }
    assert_eq!(mailed.failures(), [0, 0, 0, 2]);
    let code = mailed.send(NOW);
    let Verdict::Accepted(acceptance) = mailed.types(&code, NOW) else { panic!("refused") };
    assert_eq!((acceptance.method.name(), acceptance.wrong_before), ("mailed code", 2));
}

#[test]
fn at_the_end_of_a_password_it_counts_only_while_one_is_pending() {
    let mut mailed = Mailed::alone(FACTOR);
    assert_eq!(mailed.types_combined("secret12345678"), Verdict::Refused(Refusal::Malformed));
    let code = mailed.send(NOW);
    assert_eq!(mailed.types_combined(&format!("secret{}", other(&code))), WRONG);
    assert_eq!(mailed.failures(), [0, 1, 0, 0]);
    let Verdict::Accepted(acceptance) = mailed.types_combined(&format!("secret{code}")) else {
        panic!("refused")
    };
    assert_eq!(acceptance.tail, 8);
    assert_eq!(mailed.types_combined(&format!("secret{code}")), Verdict::Refused(Refusal::AlreadyUsed));
    assert_eq!(mailed.failures(), [0; 4]);
    // Someone with a six-digit authenticator: the last six of eight digits are a candidate too.
    let mut mailed = Mailed::new(RECOVERY);
    let code = mailed.send(NOW);
    assert!(is_accepted(&mailed.types_combined(&format!("secret{code}"))));
    assert!(is_accepted(&mailed.types_combined(&format!("secret12{}", mailed.roy.otp(0)))));
}

#[test]
fn at_the_end_of_a_password_it_forgives_wrong_ones_of_both_prompts() {
    let mut mailed = Mailed::new(RECOVERY);
    mailed.roy.fail(Kind::Mailed, 3, NOW);
    mailed.roy.fail(Kind::Combined, 2, NOW);
    mailed.roy.fail(Kind::Authenticator, 1, NOW);
    let code = mailed.send(NOW);
    assert!(is_accepted(&mailed.types_combined(&format!("secret{code}"))));
    assert_eq!(mailed.roy.record.ledger.tally(Kind::Mailed).consecutive(), 0);
    assert_eq!(mailed.roy.record.ledger.tally(Kind::Combined).consecutive(), 0);
    assert_eq!(mailed.roy.record.ledger.tally(Kind::Authenticator).consecutive(), 1);
}

#[test]
fn a_success_tells_how_many_wrong_codes_it_forgives() {
    let mut roy = Person::new(State::Enrolled).with_code(CodeKind::Recovery, None);
    roy.fail(Kind::Authenticator, 3, NOW);
    roy.fail(Kind::Combined, 4, NOW);
    let before = |verdict: Verdict| match verdict {
        Verdict::Accepted(acceptance) => acceptance.wrong_before,
        other => panic!("{other:?}"),
    };
    assert_eq!(before(roy.type_at(&roy.otp(0), NOW)), 3);
    roy.fail(Kind::Authenticator, 2, NOW);
    let code = roy.codes[0].clone();
    assert_eq!(before(roy.type_at(&code, NOW)), 6, "a single-use code forgives both");
    assert_eq!(before(roy.type_at(&roy.otp(1), NOW)), 0);
}

#[test]
fn a_mailed_code_past_its_end_is_told_as_such_at_the_end_of_a_password() {
    let mut mailed = Mailed::new(RECOVERY);
    let code = mailed.send(NOW);
    let entry = mailed.roy.combined(&format!("pw{code}"));
    let late = NOW + 10 * MINUTES + 1;
    assert_eq!(
        mailed.judge_for(&entry, Purpose::Login, late),
        (Verdict::Refused(Refusal::Expired), Change::NONE)
    );
    assert!(is_accepted(&mailed.judge_for(&entry, Purpose::Login, NOW + 10 * MINUTES).0), "the last moment");
}

#[test]
fn someone_with_mail_alone_waits_also_when_no_code_is_pending() {
    let mut mailed = Mailed::alone(FACTOR);
    five_are_wrong(NOW + 30, false, || mailed.types("00000000", NOW));
    let waiting = Verdict::Refused(waiting(Timestamp(NOW + 30)));
    for typed in ["000000", "00000000"] {
        assert_eq!(mailed.types(typed, NOW), waiting);
    }
    assert_eq!(mailed.failures(), [0, 0, 0, 5]);
}
