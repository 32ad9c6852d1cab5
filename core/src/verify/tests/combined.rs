//! Password and code in one entry.

use super::*;

fn tail_of(verdict: &Verdict) -> Option<usize> {
    match verdict {
        Verdict::Accepted(acceptance) => Some(acceptance.tail),
        _ => None,
    }
}

#[test]
fn the_right_tail_is_found_whatever_the_password_ends_in() {
    for password in [
        "secret",
        "secret123456",
        "secret12345678",
        "0ABC-DEFG-HJKM-NPQR",
        "ABCDEFGHJKMNPQRS",
        "",
        "12345678",
    ] {
        let mut roy = Person::new(State::Enrolled).with_code(CodeKind::Recovery, None);
        let otp = roy.combined(&format!("{password}{}", roy.otp(0)));
        assert_eq!(tail_of(&roy.enter(&otp, NOW)), Some(6), "{password}");
        let recovery = roy.combined(&format!("{password}{}", roy.codes[0]));
        assert_eq!(tail_of(&roy.judge(&recovery, NOW).0), Some(19), "{password}");
        let bare = roy.combined(&format!("{password}{}", roy.codes[0].replace('-', "")));
        assert_eq!(tail_of(&roy.enter(&bare, NOW)), Some(16), "{password}");
    }
}

#[test]
fn none_right_is_one_failure_of_its_own_kind() {
    let mut roy = Person::new(State::Enrolled);
    let eight = Parameters { digits: 8.try_into().unwrap(), ..Parameters::default() };
    roy.add_authenticator(eight);
    assert_eq!(roy.enter(&roy.combined("secret00000000"), NOW), Verdict::Refused(Refusal::Wrong));
    assert_eq!(roy.record.ledger.tally(Kind::Combined).failures, 1);
    assert_eq!(roy.record.ledger.tally(Kind::Authenticator).failures, 0);
}

#[test]
fn a_password_without_the_form_of_a_code_counts_for_nothing() {
    let roy = Person::new(State::Enrolled);
    for entry in ["secret", "", "secret12345", "ABCDEFGHJKMNPQRS", "tr-ue-ho-rse"] {
        assert_eq!(
            roy.judge(&roy.combined(entry), NOW),
            (Verdict::Refused(Refusal::Malformed), Change::NONE)
        );
    }
}

#[test]
fn it_waits_and_never_disables() {
    let mut roy = Person::new(State::Enrolled).with_code(CodeKind::Recovery, None);
    roy.fail(Kind::Combined, 500, NOW);
    let waiting = Verdict::Refused(waiting_or_two(Timestamp(NOW + 3600)));
    assert_eq!(roy.enter(&roy.combined(&format!("pw{}", roy.otp(0))), NOW), waiting);
    assert_eq!(roy.enter(&roy.combined("pw0ABC-DEFG-HJKM-NPQR"), NOW), waiting);
    let recovery = roy.combined(&format!("pw{}", roy.codes[0]));
    assert!(is_accepted(&roy.enter(&recovery, NOW)));
    assert!(
        is_accepted(&roy.enter(&roy.combined(&format!("pw{}", roy.otp(0))), NOW)),
        "the code ended the wait"
    );
}

#[test]
fn a_disabled_authenticator_opens_nothing_here_either() {
    let mut roy = Person::new(State::Enrolled);
    roy.fail(Kind::Authenticator, 50, NOW);
    let entry = roy.combined(&format!("pw{}", roy.otp(0)));
    assert_eq!(roy.enter(&entry, NOW), Verdict::Refused(Refusal::Disabled));
}

#[test]
fn a_used_code_does_not_count() {
    let mut roy = Person::new(State::Enrolled);
    let entry = roy.combined(&format!("pw{}", roy.otp(0)));
    assert!(is_accepted(&roy.enter(&entry, NOW)));
    assert_eq!(roy.judge(&entry, NOW), (Verdict::Refused(Refusal::AlreadyUsed), Change::NONE));
}

#[test]
fn who_has_no_authenticator_is_told_why_and_nothing_counts() {
    for (state, why) in [(State::NotEnrolled, Refusal::NotEnrolled), (State::MustEnroll, Refusal::MustEnroll)]
    {
        let roy = Person::new(state);
        assert_eq!(roy.judge(&roy.combined("pw123456"), NOW), (Verdict::Refused(why), Change::NONE));
    }
}
