//! The model's schedules, carried out by real processes on the real store.

use proptest::prelude::*;
use std::path::Path;
use tempfile::TempDir;
use wardkey_model::process::{Answer, At, Task};
use wardkey_model::real::{BOUND, Ground, Kind};
use wardkey_model::record::Secret;
use wardkey_model::safeguard::Protocol;
use wardkey_model::world::{Event, World};

/// Which of the events that can happen: a kind, and one of that kind.
type Choice = (u8, u16);

fn schedules() -> impl Strategy<Value = Vec<Choice>> {
    proptest::collection::vec((0..100u8, any::<u16>()), 40..120)
}

fn pick(events: &[Event], (kind, which): Choice) -> Option<Event> {
    let is_wanted = |event: &&Event| match kind {
        0..15 => matches!(event, Event::Starts(_)),
        15..19 => matches!(event, Event::IsKilled(_)),
        19..21 => matches!(event, Event::PowerCut(_)),
        _ => matches!(event, Event::Steps(_)),
    };
    let wanted: Vec<&Event> = events.iter().filter(is_wanted).collect();
    let any: Vec<&Event> = if wanted.is_empty() { events.iter().collect() } else { wanted };
    any.get(usize::from(which) % any.len().max(1)).map(|event| **event)
}

fn ground(kind: Kind, scratch: &TempDir) -> Ground {
    let world = World { bound: BOUND, protocol: Protocol { hashes_all: true, ..Protocol::default() } };
    Ground::new(Path::new(env!("CARGO_BIN_EXE_actor")), kind, scratch.path(), world)
}

/// Carries out a schedule; the error is where model and store differ.
fn carry_out(kind: Kind, choices: &[Choice]) -> Result<(), String> {
    let scratch = tempfile::tempdir().expect("a directory");
    let mut ground = ground(kind, &scratch);
    let mut done = Vec::new();
    for choice in choices {
        let Some(event) = pick(&ground.events(), *choice) else { break };
        done.push(event);
        ground.happens(event).map_err(|e| format!("{e}\nafter {done:?}"))?;
    }
    ground.comes_to_rest().map_err(|e| format!("{e}\nafter {done:?}, at rest"))?;
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_real_store_does_what_the_model_says(choices in schedules()) {
        if let Err(difference) = carry_out(Kind::Real, &choices) {
            prop_assert!(false, "{}", difference);
        }
    }
}

const CODE: Secret = Secret { of: 0, place: 0 };

/// Starts a process beside nobody and lets it run until it is at `at`; the steps that it took.
fn run(ground: &mut Ground, task: Task, at: Option<At>) -> Vec<At> {
    ground.happens(Event::Starts(task)).unwrap();
    let mut steps = Vec::new();
    while let Some(process) = ground.state().processes.first().copied() {
        if Some(process.at) == at {
            break;
        }
        steps.push(process.at);
        ground.happens(Event::Steps(0)).unwrap();
    }
    steps
}

/// Cuts the power so that of the ledger the least is left that can be, and of the names nothing new.
fn cut_power(ground: &mut Ground) {
    let worst = |event: &Event| {
        let Event::PowerCut(cut) = event else { return u8::MAX };
        let left = ground.state().disk.after(*cut);
        left.ledgers[0].read().map_or(0, |truth| truth.sequence) + cut.names
    };
    let events = ground.events();
    let cuts = events.iter().filter(|event| matches!(event, Event::PowerCut(_)));
    let worst = *cuts.min_by_key(|event| worst(event)).expect("a cut");
    ground.happens(worst).unwrap();
}

/// A login killed before its sync leaves the newer block in memory alone; half a write over the other would have
/// lost all marks.
#[test]
fn a_login_killed_and_another_cut_off_give_no_code_back() {
    let scratch = tempfile::tempdir().unwrap();
    let mut ground = ground(Kind::Real, &scratch);
    run(&mut ground, Task::Login(Some(CODE)), None);
    run(&mut ground, Task::Login(None), Some(At::SyncLedger));
    ground.happens(Event::IsKilled(0)).unwrap();
    let steps = run(&mut ground, Task::Login(None), Some(At::WholeBlock));
    assert!(steps.contains(&At::Settle) && steps.contains(&At::SettleSync), "{steps:?}");
    cut_power(&mut ground);
    run(&mut ground, Task::Login(Some(CODE)), None);
    let told: Vec<Answer> = ground.told.iter().map(|(_, answer)| *answer).collect();
    assert_eq!(told, [Answer::Yes, Answer::No]);
}

/// New codes killed before their name is on disk open; the mark of one must not spend the code that comes back.
#[test]
fn a_mark_by_new_codes_keeps_them_in_force() {
    for task in [Task::NewCodes, Task::Reset] {
        let scratch = tempfile::tempdir().unwrap();
        let mut ground = ground(Kind::Real, &scratch);
        run(&mut ground, task, Some(At::SyncReplaced));
        ground.happens(Event::IsKilled(0)).unwrap();
        let new = (task == Task::NewCodes).then_some(Secret { of: 1, place: 0 });
        let steps = run(&mut ground, Task::Login(new), None);
        assert!(steps.contains(&At::SettleNames), "{steps:?}");
        cut_power(&mut ground);
        assert_eq!(ground.state().disk.names.enrolment.unwrap().enrolment.id, 1);
        run(&mut ground, Task::Login(Some(CODE)), None);
        assert_eq!(ground.told.last().unwrap().1, Answer::No, "a code of the old record");
    }
}

/// Two logins with one code, step by step in turn.
#[test]
fn a_store_without_the_lock_is_found_out() {
    let choices: Vec<Choice> = (0..80).map(|at| (if at < 2 { 0 } else { 99 }, at)).collect();
    carry_out(Kind::Real, &choices).unwrap();
    let difference = carry_out(Kind::Unlocked, &choices).unwrap_err();
    assert!(difference.contains("between Decide and HalfBlock"), "{difference}");
}
