//! One code that is right for several authenticators: by one key in two slots, or by chance.

use super::*;

/// Someone whose second authenticator has the key of the first.
fn twins(parameters: Parameters) -> Person {
    let mut roy = Person::new(State::Enrolled);
    roy.add_authenticator(parameters);
    roy
}

const USED: Verdict = Verdict::Refused(Refusal::AlreadyUsed);

#[test]
fn of_two_devices_with_one_key_both_are_spent() {
    let mut roy = twins(Parameters::default());
    let code = roy.otp(0);
    let Verdict::Accepted(acceptance) = roy.type_at(&code, NOW) else { panic!("refused") };
    assert_eq!(acceptance.method, Method::Authenticator("device 0".into()));
    let slots: Vec<u64> = roy.record.ledger.slots.iter().map(|mark| mark.next).take(2).collect();
    let step = Parameters::default().step(Timestamp(NOW));
    assert_eq!(slots, [step + 1, step + 1]);
    for entry in [roy.entry(&code), roy.combined(&format!("pw{code}"))] {
        assert_eq!(roy.judge(&entry, NOW), (USED, Change::NONE));
    }
}

#[test]
fn behind_a_password_and_in_pairs_both_are_spent_too() {
    let (first, second) = (|roy: &Person| roy.otp(0), |roy: &Person| roy.otp(1));
    let forms: [fn(&Person) -> Entry; 3] = [
        |roy| roy.combined(&format!("pw{}{}", roy.otp(0), roy.otp(1))),
        |roy| roy.entry(&format!("{}{}", roy.otp(0), roy.otp(1))),
        |roy| roy.combined(&format!("pw{}", roy.otp(1))),
    ];
    for form in forms {
        let mut roy = twins(Parameters::default());
        let entry = form(&roy);
        assert!(is_accepted(&roy.enter(&entry, NOW)));
        for typed in [first(&roy), second(&roy)] {
            assert!(!is_accepted(&roy.judge(&roy.entry(&typed), NOW).0), "{typed}");
        }
    }
}

/// A phone that gains has learned more drift than its twin: what is out of the twin's window now is in it later.
#[test]
fn a_code_out_of_the_twins_window_is_spent_there_too() {
    let mut roy = twins(Parameters::default());
    for (slot, serial, drift) in [(0, 1, 4), (1, 2, -4)] {
        let mark = SlotMark { drift, ..SlotMark::fresh(serial) };
        roy.record.ledger.set_slot(slot, mark);
    }
    let code = roy.otp(5);
    assert!(is_accepted(&roy.type_at(&code, NOW)));
    // Eight later codes push it out of what is remembered.
    for n in 1..=8 {
        assert!(is_accepted(&roy.type_at(&roy.otp(5 + n), NOW + 30 * n.unsigned_abs())), "{n}");
    }
    assert!(!is_accepted(&roy.judge(&roy.entry(&code), NOW + 9 * 30).0), "now the twin shows it");
}

#[test]
fn a_longer_code_of_the_same_key_spends_the_shorter_one() {
    let eight = Parameters { digits: 8.try_into().unwrap(), ..Parameters::default() };
    let mut roy = twins(eight);
    let long = eight.code(&roy.secret, eight.step(Timestamp(NOW))).to_string();
    assert!(long.ends_with(&roy.otp(0)), "RFC 4226 §5.3: the last digits of one number");
    assert!(is_accepted(&roy.type_at(&long, NOW)));
    assert_eq!(roy.type_at(&roy.otp(0), NOW), USED);
}

/// RFC 2104 §2: HMAC fills a key up with noughts, so that these two show the same codes.
#[test]
fn keys_that_differ_in_noughts_at_the_end_alone_are_one() {
    let mut roy = Person::new(State::Enrolled);
    let padded = Secret::new([roy.secret.expose(), &[0, 0]].concat());
    let p = Parameters::default();
    assert!(p.is_one_key(&roy.secret, &padded));
    assert!(!p.is_one_key(&roy.secret, &Secret::new(b"another key of twenty".to_vec())));
    roy.add_device(padded, p);
    for (slot, serial, drift) in [(0, 1, 4), (1, 2, -4)] {
        let mark = SlotMark { drift, ..SlotMark::fresh(serial) };
        roy.record.ledger.set_slot(slot, mark);
    }
    assert!(is_accepted(&roy.type_at(&roy.otp(5), NOW)));
    assert_eq!(roy.record.ledger.slot(1, 2).next, p.step(Timestamp(NOW)) + 6);
}

#[test]
fn a_login_spends_what_the_pending_twin_would_be_confirmed_by() {
    let mut roy = Person::new(State::Enrolled);
    roy.pend(Parameters::default());
    let code = roy.entry(&roy.otp(0));
    assert!(is_accepted(&roy.enter(&code, NOW)));
    assert_eq!(roy.confirm(&code, NOW).0, USED);
    let next = roy.entry(&roy.otp(1));
    let (verdict, Change(after)) = roy.confirm(&next, NOW);
    assert!(is_accepted(&verdict));
    roy.record.ledger = after.unwrap();
    assert_eq!(roy.judge(&next, NOW), (USED, Change::NONE), "nor opens a login what confirmed");
}

#[test]
fn a_chance_twin_is_spent_in_both_windows() {
    let p = Parameters::default();
    let step = p.step(Timestamp(NOW));
    let mut roy = Person::new(State::Enrolled);
    let code = roy.otp(0);
    // Some other key that shows the same code in this window.
    let key = |n: u64| Secret::new([&n.to_be_bytes()[..], b"twenty bytes"].concat());
    let shows = |key: &Secret| (step - 1..=step + 1).any(|s| *p.code(key, s) == code);
    let twin = (0..).map(key).find(shows).unwrap();
    roy.add_device(twin.clone(), p);
    assert!(is_accepted(&roy.type_at(&code, NOW)));
    let mark = roy.record.ledger.slot(1, 2);
    assert!(mark.next >= step, "the twin's step is spent as well");
    assert_eq!(roy.judge(&roy.entry(&code), NOW), (USED, Change::NONE));
}
