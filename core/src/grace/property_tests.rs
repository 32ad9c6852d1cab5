//! Any interleaving of the steps, on real files, beside a plain count of what may be granted.

use super::boot::BootId;
use super::testing::{grace, user};
use super::{BUDGET, Basis, By, Grace, Seat, Session, Taken};
use proptest::prelude::*;
use std::time::Duration;

#[derive(Debug, Clone, Copy)]
enum Step {
    Take { span: u64 },
    CodeAccepted,
    Begin,
    Succeeded(By),
    End,
    Wait(u64),
}

/// Who takes the step: person, uid, session, boot, credentials; 0 is what it was for all along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place([u8; 5]);

fn steps() -> impl Strategy<Value = Vec<(Step, Place)>> {
    let step = prop_oneof![
        6 => (1u64..40).prop_map(|span| Step::Take { span }),
        2 => Just(Step::CodeAccepted),
        1 => Just(Step::Begin),
        2 => prop_oneof![Just(By::Code), Just(By::Grace)].prop_map(Step::Succeeded),
        1 => Just(Step::End),
        3 => (0u64..15).prop_map(Step::Wait),
    ];
    let odd = prop::array::uniform5(prop_oneof![9 => Just(0u8), 1 => Just(1u8)]).prop_map(Place);
    prop::collection::vec((step, odd), 1..60)
}

/// What the property allows, kept for each person, uid, session, boot and set of credentials.
#[derive(Default)]
struct Allowed {
    /// The youngest code that was followed by a success, or opening of a session.
    shown: Option<u64>,
    /// A code that no attempt has followed yet.
    pending: Option<u64>,
    taken: u8,
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_interleaving_grants_more_than_both_factors_allow(steps in steps()) {
        let root = tempfile::tempdir().unwrap();
        let (here, hands) = grace(root.path());
        let elsewhere = Grace::new(root.path().join("wardkey/grace"), BootId::new("that"), hands.clone());
        let people = [user("roy"), user("ann")];
        let sessions = [Session::Audit(5), Session::Audit(6)];
        let bases = [Basis::new(7, &[1]), Basis::new(7, &[2])];
        let mut allowed = std::collections::HashMap::<[u8; 5], Allowed>::new();
        let mut now = 1000;
        for (step, Place(at)) in steps {
            let [person, uid, session, boot, basis] = at.map(usize::from);
            let (user, basis) = (&people[person], &bases[basis]);
            let uid = if uid == 0 { 1000 } else { 1001 };
            let seat = Seat { user, uid, session: &sessions[session] };
            let grace = if boot == 0 { &here } else { &elsewhere };
            let known = allowed.entry(at).or_default();
            match step {
                Step::Take { span } => {
                    known.pending = None;
                    if let Taken::Granted = grace.take(seat, basis, Duration::from_secs(span)) {
                        let shown = known.shown.expect("nothing was shown");
                        prop_assert!(now - shown < span, "{} seconds after, within {span}", now - shown);
                        prop_assert!(known.taken < BUDGET);
                        known.taken += 1;
                    }
                }
                Step::CodeAccepted => {
                    grace.code_accepted(seat, basis).unwrap();
                    known.pending = Some(now);
                }
                Step::Begin => {
                    grace.begin(seat, basis).unwrap();
                    *known = Allowed { shown: Some(now), ..Allowed::default() };
                }
                Step::Succeeded(by) => {
                    let _ = grace.succeeded(seat, by);
                    // It says nothing of credentials. A code that was not asked for is none, and gives nothing back.
                    let [a, b, c, d, _] = at;
                    let both = [0, 1].map(|basis| [a, b, c, d, basis]);
                    let is_pending = |at| allowed.get(at).is_some_and(|known| known.pending.is_some());
                    let gives_back = by == By::Grace || both.iter().any(is_pending);
                    for at in both {
                        let known = allowed.entry(at).or_default();
                        if gives_back {
                            known.taken = 0;
                        }
                        if by == By::Code {
                            known.shown = known.pending.take().or(known.shown);
                        }
                    }
                }
                Step::End => {
                    grace.end(user, Some(&sessions[session])).unwrap();
                    allowed.retain(|k, _| k[0] != at[0] || k[2] != at[2]);
                }
                Step::Wait(seconds) => {
                    now += seconds;
                    hands.set(now);
                }
            }
        }
    }
}
