//! Properties over any sequence of entries: what must hold whatever people and attackers type.

use super::*;
use proptest::prelude::*;
use std::sync::LazyLock;

/// What is typed next.
#[derive(Debug, Clone)]
enum Move {
    Otp(i64),
    Code(usize),
    WrongOtp,
    WrongCode,
    Combined(i64),
    /// Two codes one behind the other, from this step on.
    Pair(i64),
    CombinedPair(i64),
    WrongPair,
    /// A code of the second device that shows other codes.
    Token(i64),
    /// Something that was accepted before, as a client sends it again.
    Again(usize),
    CombinedCode(usize),
    Nonsense,
    Wait(u64),
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let one = prop_oneof![
        (-12i64..13).prop_map(Move::Otp),
        (0usize..3).prop_map(Move::Code),
        Just(Move::WrongOtp),
        Just(Move::WrongCode),
        (-2i64..3).prop_map(Move::Combined),
        (-3i64..3).prop_map(Move::Pair),
        (-3i64..3).prop_map(Move::CombinedPair),
        Just(Move::WrongPair),
        (-2i64..3).prop_map(Move::Token),
        (0usize..30).prop_map(Move::Again),
        (0usize..3).prop_map(Move::CombinedCode),
        Just(Move::Nonsense),
        (0u64..4000).prop_map(Move::Wait),
    ];
    proptest::collection::vec(one, 0..40)
}

/// Someone with one code of each kind, and every entry that takes Argon2id: made once, since each costs a run.
struct Cast {
    roy: Person,
    codes: Vec<Entry>,
    combined: Vec<Entry>,
    wrong: Entry,
    token: Secret,
}

static CAST: LazyLock<Cast> = LazyLock::new(|| {
    let mut roy = Person::new(State::Enrolled);
    // One key in two slots, with another learned drift; codes of eight digits of it; and a key of its own.
    roy.add_authenticator(Parameters::default());
    roy.record.ledger.set_slot(1, SlotMark { drift: 3, ..SlotMark::fresh(2) });
    roy.add_authenticator(Parameters { digits: 8.try_into().unwrap(), ..Parameters::default() });
    let token = Secret::new(b"another key of twenty".to_vec());
    roy.add_device(token.clone(), Parameters::default());
    let roy = roy
        .with_code(CodeKind::Recovery, None)
        .with_code(CodeKind::Emergency, None)
        .with_code(CodeKind::Pass, Some(NOW + 1000));
    let codes = roy.codes.iter().map(|code| roy.entry(code)).collect();
    let combined = roy.codes.iter().map(|code| roy.combined(&format!("pw{code}"))).collect();
    let wrong = roy.entry("0ABC-DEFG-HJKM-NPQR");
    Cast { roy, codes, combined, wrong, token }
});

fn code_of(key: &Secret, now: u64, offset: i64) -> String {
    let p = Parameters::default();
    p.code(key, p.step(Timestamp(now)).saturating_add_signed(offset)).to_string()
}

fn code_at(now: u64, offset: i64) -> String {
    code_of(&CAST.roy.secret, now, offset)
}

fn entry(step: &Move, now: u64, accepted: &[Entry]) -> Option<Entry> {
    let roy = &CAST.roy;
    let pair = |offset| format!("{}{}", code_at(now, offset), code_at(now, offset + 1));
    Some(match step {
        Move::Otp(offset) => roy.entry(&code_at(now, *offset)),
        Move::Code(n) => CAST.codes[*n].clone(),
        Move::WrongOtp => roy.entry("000000"),
        Move::WrongCode => CAST.wrong.clone(),
        Move::Combined(offset) => roy.combined(&format!("pw{}", code_at(now, *offset))),
        Move::CombinedCode(n) => CAST.combined[*n].clone(),
        Move::Pair(offset) => roy.entry(&pair(*offset)),
        Move::CombinedPair(offset) => roy.combined(&format!("pw{}", pair(*offset))),
        Move::WrongPair => roy.entry("000000000000"),
        Move::Token(offset) => roy.entry(&code_of(&CAST.token, now, *offset)),
        Move::Again(n) => return accepted.get(*n).cloned(),
        Move::Nonsense => roy.entry("nonsense"),
        Move::Wait(_) => return None,
    })
}

/// Everything in a ledger that may only grow within a generation.
fn grows(before: &Ledger, after: &Ledger) -> bool {
    let steps = before.slots.iter().zip(&after.slots).all(|(b, a)| b.serial != a.serial || b.next <= a.next);
    let places = before.places.iter().zip(&after.places).all(|(b, a)| b <= a);
    let tallies = before.tallies.iter().zip(&after.tallies);
    let counts = tallies.into_iter().all(|(b, a)| b.failures <= a.failures && b.forgiven <= a.forgiven);
    let mail = before.mail.serial <= after.mail.serial && before.mail.spent <= after.mail.spent;
    steps && places && counts && mail && before.generation == after.generation
}

proptest! {
    #[test]
    fn nothing_opens_twice_and_nothing_is_forgotten(moves in moves()) {
        let key = &CAST.roy.key;
        let mut record = CAST.roy.record.clone();
        let judge = |record: &Record, entry: &Entry, now| {
            let attempt = Attempt { entry, uid: UID, purpose: Purpose::Login };
            decide(&RULES, record, Some(key), attempt, Timestamp(now)).into_parts()
        };
        let (mut now, mut accepted) = (NOW, Vec::new());
        for step in moves {
            if let Move::Wait(seconds) = step {
                now += seconds;
            }
            let Some(entry) = entry(&step, now, &accepted) else { continue };
            let before = record.ledger.clone();
            let (verdict, change) = judge(&record, &entry, now);
            if let Change(Some(after)) = &change {
                prop_assert!(grows(&before, after), "{:?}", step);
            }
            match &verdict {
                Verdict::Accepted(_) => prop_assert!(change.0.is_some(), "accepted without a change"),
                Verdict::Refused(
                    Refusal::Wrong
                    | Refusal::LastWrong(_)
                    | Refusal::WrongTime { .. }
                    | Refusal::Waiting { .. },
                ) => {
                    prop_assert!(change.0.is_some());
                }
                // A wrong pair may end in a code that was skipped.
                Verdict::Refused(Refusal::AlreadyUsed) if matches!(step, Move::CombinedPair(_)) => {}
                Verdict::Refused(_) | Verdict::Unsealable => prop_assert!(change.0.is_none()),
            }
            record.ledger = change.0.unwrap_or(before);
            if matches!(step, Move::Again(_)) {
                prop_assert!(!is_accepted(&verdict), "{:?} opened twice", step);
            }
            if is_accepted(&verdict) {
                for later in [0, 30, 90, 150] {
                    prop_assert!(!is_accepted(&judge(&record, &entry, now + later).0), "{:?} opened twice", step);
                }
                accepted.push(entry);
            }
        }
    }
}

#[test]
fn a_clock_set_back_is_noticed_and_refuses_nothing() {
    let mut roy = Person::new(State::Enrolled).with_code(CodeKind::Recovery, None);
    assert!(is_accepted(&roy.type_at(&roy.otp(0), NOW)));
    assert_eq!(roy.record.clock_behind(Timestamp(NOW - 10)), None);
    assert_eq!(roy.record.clock_behind(Timestamp(0)), Some(Duration::from_secs(NOW)));
    let code = roy.codes[0].clone();
    assert!(is_accepted(&roy.type_at(&code, 0)), "a single-use code needs no clock");
    assert_eq!(roy.record.ledger.last_success, Timestamp(NOW), "and does not hide that the clock is wrong");
}
