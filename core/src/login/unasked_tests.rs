//! Codes where none is asked, from programs that are root's and from those that are not.

use super::tests::{Door, Heard, combined, nobody, separate, severities};
use super::*;
use crate::grace::{Misses as Counted, NoTry};
use crate::verify::Entry;

const NOTHING: Ask = Ask::Nothing { days_left: None };
const ROYS: Asker = Asker::Person(1000);

fn enters(door: &Door, entry: &str, asker: Asker) -> Heard {
    entered(door, (NOTHING, asker), &door.roy(), &combined(entry))
}

fn entered(door: &Door, (ask, asker): (Ask, Asker), who: &Who, reply: &Reply) -> Heard {
    let mut lines = Vec::new();
    let judge = Judge { asker, ..door.judge() };
    let Checked { outcome, generation } = judge.entered(ask, (who, &PamItems::default()), reply, &mut lines);
    Heard { ask: None, outcome, generation, lines }
}

fn enrolled() -> Door {
    let mut door = Door::new("");
    door.fixture.enrolled();
    door.clock.0 += 60;
    door
}

fn is_accepted(checked: &Heard) -> bool {
    matches!(checked.outcome, Outcome::Accepted(_))
}

fn is_uncompared(checked: &Heard) -> bool {
    checked.outcome == Outcome::Refused(Refusal::Malformed)
}

/// How often the audit file has this line.
fn told(door: &Door) -> usize {
    door.audit().lines().filter(|line| line.contains("10 wrong codes in an hour")).count()
}

#[test]
fn after_ten_misses_nothing_is_compared_for_that_uid() {
    let door = enrolled();
    let before = door.fixture.record();
    for n in 1..=10 {
        let missed = enters(&door, "password000000", ROYS);
        assert_eq!(missed.outcome, Outcome::Refused(Refusal::Wrong), "{n}");
        assert_eq!((told(&door), severities(&missed).len()), (usize::from(n == 10), usize::from(n == 10)));
    }
    let right = format!("password{}", door.code());
    for entry in ["password000000", &right, "password0ABC-DEFG-HJKM-NPQR"] {
        let passed = enters(&door, entry, ROYS);
        assert!(is_uncompared(&passed) && passed.lines.is_empty(), "{passed:?}");
    }
    assert_eq!((door.fixture.record(), told(&door)), (before, 1), "nothing counts, and the line comes once");
    assert!(is_accepted(&enters(&door, &right, Asker::Person(1001))), "another uid");
    for _ in 0..20 {
        let free = enters(&door, "password000000", Asker::Root);
        assert_eq!(free.outcome, Outcome::Refused(Refusal::Wrong), "a program of root's");
    }
}

#[test]
fn where_a_code_is_asked_a_wrong_one_counts_in_the_record_alone() {
    let door = enrolled();
    for _ in 0..10 {
        let _ = enters(&door, "password000000", ROYS);
    }
    let asked = |entry: String| entered(&door, (Ask::Code, ROYS), &door.roy(), &combined(&entry));
    let _ = asked("password000000".to_owned());
    assert_eq!(door.failures(), 1);
    assert!(is_accepted(&asked(format!("password{}", door.code()))));
}

#[test]
fn what_is_right_or_has_not_the_form_of_a_code_is_no_miss() {
    let mut door = enrolled();
    let miss = |door: &Door| enters(door, "password000000", ROYS);
    for _ in 0..9 {
        assert_eq!(miss(&door).outcome, Outcome::Refused(Refusal::Wrong));
    }
    for entry in ["password", "", "12345", "päßword-2027", "ABCD-EFGH"] {
        assert!(is_uncompared(&enters(&door, entry, ROYS)));
    }
    for _ in 0..3 {
        door.clock.0 += 60;
        assert!(is_accepted(&enters(&door, &format!("password{}", door.code()), ROYS)));
    }
    for _ in 0..3 {
        let again = enters(&door, &format!("password{}", door.code()), ROYS);
        assert_eq!(again.outcome, Outcome::Refused(Refusal::AlreadyUsed));
    }
    assert_eq!(miss(&door).outcome, Outcome::Refused(Refusal::Wrong), "the tenth");
    assert!(is_uncompared(&miss(&door)));
}

/// A person may end what they have started before it is looked at.
#[test]
fn nothing_is_compared_for_a_program_that_has_ended() {
    let door = enrolled();
    let checked = enters(&door, &format!("password{}", door.code()), Asker::Untold);
    assert!(is_uncompared(&checked));
    assert_eq!(severities(&checked), [Severity::Warning]);
}

/// Letters that are a recovery code without its hyphens look like the end of a password, and count for nothing.
#[test]
fn once_tries_are_used_up_a_code_without_hyphens_is_not_compared_either() {
    let mut door = Door::new("");
    let codes = door.fixture.enrolled();
    door.clock.0 += 60;
    let bare = |place: usize| format!("password{}", codes[place].to_text().replace('-', ""));
    assert!(is_accepted(&enters(&door, &bare(0), ROYS)));
    for _ in 0..10 {
        let _ = enters(&door, "password000000", ROYS);
    }
    let before = door.fixture.record();
    for typed in [bare(1), bare(0)] {
        let passed = enters(&door, &typed, ROYS);
        assert!(is_uncompared(&passed) && passed.lines.is_empty(), "{passed:?}");
    }
    assert_eq!(door.fixture.record(), before);
    assert!(is_accepted(&enters(&door, &bare(1), Asker::Root)), "a program of root's");
}

/// A code without a password before it is no way round.
#[test]
fn a_code_alone_is_counted_too() {
    let door = enrolled();
    let alone = |reply: &str| entered(&door, (NOTHING, ROYS), &door.roy(), &separate(reply));
    for _ in 0..10 {
        assert_eq!(alone("000000").outcome, Outcome::Refused(Refusal::Wrong));
    }
    assert!(is_uncompared(&alone(&door.code())));
}

#[test]
fn someone_without_a_record_has_no_miss() {
    let door = Door::new("");
    for _ in 0..30 {
        assert_eq!(enters(&door, "password000000", ROYS).outcome, Outcome::Refused(Refusal::NotEnrolled));
    }
    let checked = entered(&door, (NOTHING, ROYS), &nobody(), &combined("password000000"));
    assert_eq!(checked.outcome, Outcome::Refused(Refusal::NotEnrolled));
}

#[test]
fn where_misses_cannot_be_counted_nothing_is_compared() {
    let door = enrolled();
    std::fs::write(door.fixture.dir.path().join("run"), b"").unwrap();
    let right = format!("password{}", door.code());
    let passed = enters(&door, &right, ROYS);
    assert!(is_uncompared(&passed));
    assert_eq!(severities(&passed), [Severity::Warning]);
    assert!(passed.lines[0].text.contains("wrong codes cannot be counted"), "{passed:?}");
    assert!(is_accepted(&enters(&door, &right, Asker::Root)), "a program of root's needs no count");
}

/// A process that is killed while it compares has had its try.
#[test]
fn a_try_is_taken_before_anything_is_compared() {
    let door = enrolled();
    let counted = || Counted::of_this_boot(door.config.run.path.path(), 1000).unwrap();
    for _ in 0..9 {
        let _ = enters(&door, "password000000", ROYS);
    }
    let entry = Entry::combined(
        b"password000000",
        Some(&door.fixture.record().enrolment),
        crate::credential::totp::Digits::default(),
    )
    .unwrap();
    let guess = MissRule::AreFew(1000).guess(&door.config, &entry);
    assert!(guess.is_ok());
    assert!(matches!(counted().take(), Err(NoTry::UsedUp)), "it is taken, whatever comes of it");
    assert!(!guess.ok().unwrap().uses_up(None));
    assert!(counted().take().unwrap().is_last, "nothing was compared");
}
