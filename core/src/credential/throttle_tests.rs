//! Waits after wrong codes, one by one and as properties.

use super::*;
use proptest::prelude::*;

const LIMITS: Limits = Limits {
    free_tries: 5,
    first_wait: Duration::from_secs(30),
    longest_wait: Duration::from_secs(3600),
    disable_after: 50,
};

fn after(failures: u64) -> Tally {
    Tally { failures, forgiven: 0, last_failure: Timestamp(1000) }
}

fn wait(kind: Kind, failures: u64) -> Standing {
    LIMITS.standing(kind, &after(failures), Timestamp(1000))
}

#[test]
fn waits_double_from_the_first_to_the_longest() {
    for (failures, seconds) in [(5, 30), (6, 60), (7, 120), (11, 1920), (12, 3600), (49, 3600)] {
        assert_eq!(wait(Kind::Authenticator, failures), Standing::Waiting(Timestamp(1000 + seconds)));
    }
    assert_eq!(wait(Kind::Authenticator, 4), Standing::Free);
    assert_eq!(wait(Kind::Authenticator, 50), Standing::Disabled);
}

#[test]
fn only_the_authenticator_is_ever_disabled() {
    assert_eq!(wait(Kind::Combined, 5000), Standing::Waiting(Timestamp(4600)));
    assert_eq!(wait(Kind::SingleUse, 5000), Standing::Waiting(Timestamp(1300)));
    assert_eq!(wait(Kind::Mailed, u64::MAX), Standing::Waiting(Timestamp(1300)));
}

#[test]
fn pairs_wait_a_minute_at_most_and_close_at_the_separate_prompt_alone() {
    for kind in [Kind::Pair, Kind::CombinedPair] {
        assert_eq!(wait(kind, 4), Standing::Free);
        for (failures, seconds) in [(5, 10), (6, 20), (7, 40), (8, 60), (99, 60)] {
            assert_eq!(wait(kind, failures), Standing::Waiting(Timestamp(1000 + seconds)));
        }
    }
    assert_eq!(wait(Kind::Pair, 100), Standing::Disabled);
    assert_eq!(wait(Kind::CombinedPair, 100), Standing::Waiting(Timestamp(1060)));
}

#[test]
fn nobody_waits_who_has_not_failed() {
    let limits = Limits { free_tries: 0, ..LIMITS };
    assert_eq!(limits.standing(Kind::Authenticator, &Tally::default(), Timestamp(0)), Standing::Free);
    let until = Standing::Waiting(Timestamp(1030));
    assert_eq!(limits.standing(Kind::Authenticator, &after(1), Timestamp(1000)), until);
}

#[test]
fn a_wait_ends() {
    let tally = after(5);
    assert_eq!(
        LIMITS.standing(Kind::Authenticator, &tally, Timestamp(1029)),
        Standing::Waiting(Timestamp(1030))
    );
    assert_eq!(LIMITS.standing(Kind::Authenticator, &tally, Timestamp(1030)), Standing::Free);
}

#[test]
fn a_clock_set_back_keeps_nobody_waiting_for_years() {
    assert_eq!(LIMITS.standing(Kind::Authenticator, &after(9), Timestamp(10)), Standing::Free);
    assert_eq!(LIMITS.standing(Kind::Authenticator, &after(60), Timestamp(10)), Standing::Disabled);
}

proptest! {
    #[test]
    fn no_wait_is_longer_than_the_longest(failures in any::<u64>(), free in 0u64..100, first in 0u64..4000, now in any::<u64>()) {
        let limits = Limits { free_tries: free, first_wait: Duration::from_secs(first), ..LIMITS };
        let tally = Tally { last_failure: Timestamp(now), ..after(failures) };
        if let Standing::Waiting(until) = limits.standing(Kind::Combined, &tally, Timestamp(now)) {
            prop_assert!(until.since(Timestamp(now)) <= LIMITS.longest_wait);
        }
    }
}
