//! The model's schedules, carried out by real processes on the real store.

use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};
use std::cell::RefCell;
use std::path::Path;
use tempfile::TempDir;
use wardkey_model::process::{Answer, At, Process, Task};
use wardkey_model::real::{BOUND, Ground, Kind};
use wardkey_model::record::Secret;
use wardkey_model::safeguard::Protocol;
use wardkey_model::world::{Event, State, World};

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

/// How often schedules had what they are for.
#[derive(Debug, Default)]
struct Seen {
    kills: u32,
    /// Power cuts that may have taken something back.
    cuts: u32,
    /// Events after which somebody waits for a lock that another holds.
    waits: u32,
    new_codes: u32,
    resets: u32,
    /// Truths written again, after somebody was killed.
    settled: u32,
}

impl Seen {
    fn note(&mut self, before: &State, event: Event, after: &State) {
        let is_held = |file| after.processes.iter().any(|p| p.has_lock && p.file == file);
        let may_lose = before.disk.cuts().len() > 1;
        self.kills += u32::from(matches!(event, Event::IsKilled(_)));
        self.cuts += u32::from(matches!(event, Event::PowerCut(_)) && may_lose);
        self.waits += u32::from(after.processes.iter().any(|p| p.at == At::Lock && is_held(p.file)));
        self.new_codes += u32::from(event == Event::Starts(Task::NewCodes));
        self.resets += u32::from(event == Event::Starts(Task::Reset));
        let settles = |at| before.processes.get(at).is_some_and(|process: &Process| process.at == At::Settle);
        self.settled += u32::from(matches!(event, Event::Steps(at) if settles(at)));
    }
}

/// Carries out a schedule; the error is where model and store differ.
fn carry_out(kind: Kind, choices: &[Choice], seen: &RefCell<Seen>) -> Result<(), String> {
    let scratch = tempfile::tempdir().expect("a directory");
    let mut ground = ground(kind, &scratch);
    let mut done = Vec::new();
    for choice in choices {
        let Some(event) = pick(&ground.events(), *choice) else { break };
        done.push(event);
        let before = ground.state().clone();
        ground.happens(event).map_err(|e| format!("{e}\nafter {done:?}"))?;
        seen.borrow_mut().note(&before, event, ground.state());
    }
    ground.comes_to_rest().map_err(|e| format!("{e}\nafter {done:?}, at rest"))?;
    Ok(())
}

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 12,
        max_shrink_iters: 100,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// Carries out the schedules of a runner; what they had in them.
#[track_caller]
fn agree(mut runner: TestRunner) -> Seen {
    let seen = RefCell::default();
    let differ = runner
        .run(&schedules(), |choices| carry_out(Kind::Real, &choices, &seen).map_err(TestCaseError::fail));
    assert!(differ.is_ok(), "{}", differ.unwrap_err());
    seen.into_inner()
}

/// The same schedules each time, of which it is known that they are worth it.
#[test]
fn the_real_store_does_what_the_model_says() {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let seen = agree(TestRunner::new_with_rng(config(), rng));
    println!("{seen:?}");
    let Seen { kills, cuts, waits, new_codes, resets, settled } = seen;
    let least = [(kills, 10), (cuts, 3), (waits, 20), (new_codes, 5), (resets, 3), (settled, 1)];
    assert!(least.iter().all(|(times, least)| times >= least), "{seen:?}");
}

/// Others each time.
#[test]
fn the_real_store_does_what_the_model_says_by_chance() {
    println!("{:?}", agree(TestRunner::new(config())));
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
    let seen = RefCell::default();
    carry_out(Kind::Real, &choices, &seen).unwrap();
    let difference = carry_out(Kind::Unlocked, &choices, &seen).unwrap_err();
    assert!(difference.contains("between Decide and HalfBlock"), "{difference}");
}
