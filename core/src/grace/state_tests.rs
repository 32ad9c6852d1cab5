use super::*;
use crate::grace::testing::{SPAN, basis, owner, user};

const HOUR: u64 = 3600;

fn begun() -> State {
    State::begun(owner(), basis(), BootTime(1000))
}

fn take(state: &mut State, now: u64) -> Result<(), NoGrace> {
    state.take(&owner(), &basis(), SPAN, BootTime(now))
}

#[test]
fn a_session_with_both_factors_reopens_until_its_hours_are_over() {
    let mut state = begun();
    for now in [1000, 1001, 1000 + 12 * HOUR - 1] {
        assert!(take(&mut state, now).is_ok(), "{now}");
        assert!(state.succeeded(&owner(), By::Grace).is_ok());
    }
    assert!(matches!(take(&mut state, 1000 + 12 * HOUR), Err(NoGrace::Expired)));
    assert!(state.take(&owner(), &basis(), 2 * SPAN, BootTime(1000 + 12 * HOUR)).is_ok(), "a longer span");
    assert!(matches!(
        state.take(&owner(), &basis(), 9 * SPAN, BootTime(1000 + 24 * HOUR)),
        Err(NoGrace::Expired)
    ));
}

#[test]
fn what_ends_a_grace_ends_it_for_good() {
    let other = |change: &dyn Fn(&mut Owner)| {
        let mut owner = owner();
        change(&mut owner);
        owner
    };
    let cases: [(&str, Owner, Basis, u64); 9] = [
        ("another person", other(&|o| o.user = user("ann")), basis(), 1001),
        ("another account of that name", other(&|o| o.uid = 1001), basis(), 1001),
        ("another session", other(&|o| o.session = "audit-6".into()), basis(), 1001),
        ("another boot", other(&|o| o.boot = BootId::new("that")), basis(), 1001),
        ("a reset", owner(), Basis::new(8, &[1, 2]), 1001),
        ("a new phone", owner(), Basis::new(7, &[1, 3]), 1001),
        ("one authenticator more", owner(), Basis::new(7, &[1, 2, 3]), 1001),
        ("one less", owner(), Basis::new(7, &[1]), 1001),
        ("a time that is yet to come", owner(), basis(), 999),
    ];
    for (what, owner, basis, now) in cases {
        let mut state = begun();
        let why = state.take(&owner, &basis, SPAN, BootTime(now)).unwrap_err();
        assert!(why.is_worth_a_line(), "{what}: {why}");
        assert!(matches!(take(&mut state, 1001), Err(NoGrace::None)), "{what} only interrupted it");
    }
}

#[test]
fn five_may_be_begun_and_not_finished() {
    let mut state = begun();
    for _ in 0..BUDGET {
        assert!(take(&mut state, 1001).is_ok());
    }
    let mut saved = state.clone();
    assert!(matches!(take(&mut state, 1001), Err(NoGrace::Spent)));
    assert!(state.succeeded(&owner(), By::Grace).is_ok());
    assert!(matches!(take(&mut state, 1001), Err(NoGrace::None)), "a late success brings nothing back");
    assert!(saved.succeeded(&owner(), By::Grace).is_ok(), "the fifth was right");
    for _ in 0..BUDGET {
        assert!(take(&mut saved, 1001).is_ok());
    }
}

#[test]
fn a_code_counts_once_its_password_was_right() {
    let mut state = State::code_accepted(None, owner(), basis(), BootTime(1000));
    assert!(
        matches!(take(&mut state.clone(), 1001), Err(NoGrace::None)),
        "the password is not known to be right"
    );
    state.succeeded(&owner(), By::Code).unwrap();
    assert!(take(&mut state, 1001).is_ok());
    // Another code, with a wrong password; then a right password by grace.
    state = State::code_accepted(Some(state), owner(), basis(), BootTime(5000));
    assert!(take(&mut state, 5001).is_ok());
    state.succeeded(&owner(), By::Grace).unwrap();
    state.succeeded(&owner(), By::Code).unwrap();
    assert_eq!((state.since, state.pending), (Some(BootTime(1000)), None), "the code of another attempt");
    // A code and its password: as young as the code.
    state = State::code_accepted(Some(state), owner(), basis(), BootTime(6000));
    state.succeeded(&owner(), By::Code).unwrap();
    assert_eq!(state.since, Some(BootTime(6000)));
}

#[test]
fn a_code_that_was_not_asked_for_makes_nothing_younger_or_whole() {
    let mut state = begun();
    for _ in 0..BUDGET {
        assert!(take(&mut state, 1001).is_ok());
        state.succeeded(&owner(), By::Code).unwrap();
    }
    assert!(matches!(take(&mut state, 1001), Err(NoGrace::Spent)));
    let mut state = begun();
    state.succeeded(&owner(), By::Code).unwrap();
    assert_eq!(state.since, Some(BootTime(1000)));
}

#[test]
fn success_without_a_code_begins_nothing() {
    let mut state = State::code_accepted(None, owner(), basis(), BootTime(1000));
    state.succeeded(&owner(), By::Grace).unwrap();
    assert_eq!(state.since, None);
    let mut other = owner();
    other.uid = 1001;
    assert!(matches!(state.succeeded(&other, By::Code), Err(NoGrace::NotTheirs)));
    assert_eq!(state.since, None);
}

#[test]
fn a_code_of_other_credentials_leaves_nothing_of_what_was() {
    for (owner, basis) in [(owner(), Basis::new(8, &[1])), (Owner { uid: 1001, ..owner() }, basis())] {
        let state = State::code_accepted(Some(begun()), owner.clone(), basis.clone(), BootTime(2000));
        assert_eq!((state.since, state.pending), (None, Some(BootTime(2000))));
        assert!(matches!(state.clone().take(&owner, &basis, SPAN, BootTime(2001)), Err(NoGrace::None)));
    }
}

#[test]
fn a_record_of_a_later_form_is_none() {
    let mut state = State { version: VERSION + 1, ..begun() };
    assert!(!state.is_alive(&BootId::new("this"), BootTime(1001)));
    assert!(matches!(take(&mut state, 1001), Err(NoGrace::NotTheirs)));
}

#[test]
fn what_can_have_no_effect_is_not_alive() {
    let (this, now) = (BootId::new("this"), BootTime(1001));
    assert!(begun().is_alive(&this, now));
    assert!(State::code_accepted(None, owner(), basis(), BootTime(1000)).is_alive(&this, now));
    assert!(!begun().is_alive(&BootId::new("that"), now));
    assert!(!begun().is_alive(&this, BootTime(1000 + 24 * HOUR)));
    assert!(!begun().is_alive(&this, BootTime(999)));
    assert!(!State::new(owner(), basis()).is_alive(&this, now));
}

#[test]
fn a_success_of_another_account_or_boot_makes_nothing_of_it_whole() {
    let mut state = begun();
    assert!(take(&mut state, 1001).is_ok());
    let before = format!("{state:?}");
    for other in [Owner { uid: 1001, ..owner() }, Owner { boot: BootId::new("that"), ..owner() }] {
        assert!(matches!(state.succeeded(&other, By::Code), Err(NoGrace::NotTheirs)));
    }
    assert_eq!(format!("{state:?}"), before);
    assert!(state.succeeded(&owner(), By::Grace).is_ok());
}
