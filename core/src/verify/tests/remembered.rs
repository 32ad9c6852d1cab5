//! Codes that were accepted come again: clients that reconnect by themselves send what let them in.

use super::*;
use crate::record::ledger::REMEMBERED;

/// Logs in with a code at each of these times, and tells the codes.
fn logs_in(roy: &mut Person, times: impl IntoIterator<Item = u64>) -> Vec<String> {
    times
        .into_iter()
        .map(|now| {
            let code = roy.code_at(now);
            assert!(is_accepted(&roy.type_at(&code, now)), "at {now}");
            code
        })
        .collect()
}

const USED: Verdict = Verdict::Refused(Refusal::AlreadyUsed);

#[test]
fn an_accepted_code_never_counts_again_however_late_in_any_entry() {
    let mut roy = Person::new(State::Enrolled);
    let code = logs_in(&mut roy, [NOW]).remove(0);
    for later in [0, 60, 600, 3600, 86_400 * 30] {
        for entry in
            [roy.entry(&code), roy.combined(&format!("pw{code}")), roy.combined(&format!("123456{code}"))]
        {
            assert_eq!(roy.judge(&entry, NOW + later), (USED, Change::NONE), "{later}");
        }
    }
}

#[test]
fn the_last_eight_are_remembered_and_older_ones_count() {
    let mut roy = Person::new(State::Enrolled);
    let codes = logs_in(&mut roy, (0..=REMEMBERED as u64).map(|n| NOW + n * 3600));
    let late = NOW + 86_400;
    for code in &codes[1..] {
        assert_eq!(roy.judge(&roy.entry(code), late), (USED, Change::NONE));
    }
    assert_eq!(roy.type_at(&codes[0], late), Verdict::Refused(Refusal::Wrong));
    assert_eq!(roy.record.ledger.tally(Kind::Authenticator).failures, 1);
}

#[test]
fn while_waiting_it_reads_as_waiting_does() {
    let mut roy = Person::new(State::Enrolled);
    let code = logs_in(&mut roy, [NOW]).remove(0);
    roy.fail(Kind::Authenticator, 5, NOW + 60);
    roy.fail(Kind::Combined, 5, NOW + 60);
    let until = Verdict::Refused(waiting_or_two(Timestamp(NOW + 90)));
    assert_eq!(roy.type_at(&code, NOW + 60), until);
    assert_eq!(roy.enter(&roy.combined(&format!("pw{code}")), NOW + 60), until);
    assert_eq!(roy.record.ledger.tally(Kind::Authenticator).failures, 5);
}

/// A code that never counts must never open, or it is a free guess at each new step: 65 % in a year.
#[test]
fn a_remembered_code_opens_nothing_though_it_is_the_code_of_now() {
    let mut roy = Person::new(State::Enrolled);
    let code = logs_in(&mut roy, [NOW]).remove(0);
    // A step of later days with the same code.
    let p = Parameters::default();
    let twin = (p.step(Timestamp(NOW)) + 100..).find(|step| *p.code(&roy.secret, *step) == code).unwrap();
    let then = twin * 30;
    assert_eq!(roy.judge(&roy.entry(&code), then), (USED, Change::NONE));
    assert_eq!(roy.judge(&roy.combined(&format!("pw{code}")), then), (USED, Change::NONE));
    let half = format!("{}{code}", &*p.code(&roy.secret, twin - 1));
    assert_eq!(roy.type_at(&half, then), Verdict::Refused(Refusal::Wrong), "nor as half of a pair");
    let next = p.code(&roy.secret, twin + 1).to_string();
    assert!(is_accepted(&roy.type_at(&next, then + 30)), "the next one does");
}

#[test]
fn a_pair_that_opened_is_remembered_as_both_its_steps() {
    let mut roy = Person::new(State::Enrolled);
    let (first, second) = (roy.otp(-1), roy.otp(0));
    let both = format!("{first}{second}");
    assert!(is_accepted(&roy.type_at(&both, NOW)));
    for typed in [&first, &second, &both] {
        for entry in [roy.entry(typed), roy.combined(&format!("pw{typed}"))] {
            assert_eq!(roy.judge(&entry, NOW + 3600), (USED, Change::NONE), "{typed}");
        }
    }
    // Neither the halves the other way round nor one of them make a used pair.
    for typed in [format!("{second}{first}"), format!("{first}000000"), format!("000000{second}")] {
        assert_eq!(roy.type_at(&typed, NOW + 3600), Verdict::Refused(Refusal::Wrong), "{typed}");
    }
    assert_eq!(roy.record.ledger.tally(Kind::Pair).failures, 3);
}

#[test]
fn two_logins_in_a_row_make_a_used_pair_and_two_apart_do_not() {
    let mut roy = Person::new(State::Enrolled);
    let codes = logs_in(&mut roy, [NOW, NOW + 30, NOW + 90]);
    let together = |a: usize, b: usize| format!("{}{}", codes[a], codes[b]);
    assert_eq!(roy.judge(&roy.entry(&together(0, 1)), NOW + 120), (USED, Change::NONE));
    assert_eq!(roy.type_at(&together(1, 2), NOW + 120), Verdict::Refused(Refusal::Wrong));
}
