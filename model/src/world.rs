//! Everything together: processes that take turns, a disk, and what can befall them, up to a bound.

use crate::claims;
use crate::disk::{Block, Cut, Disk};
use crate::history::History;
use crate::process::{Answer, At, Process, Task};
use crate::record::Enrolment;
use crate::safeguard::Protocol;
use crate::steps::{Next, Step};
use stateright::{Model, Property};

/// How far is explored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Bound {
    /// Processes at once.
    pub at_once: usize,
    /// Logins in all, each with any code that was ever given out, or a wrong one.
    pub logins: u8,
    /// New sets of codes, resets, enrolments, removals.
    pub desk: [u8; 4],
    /// Processes killed.
    pub kills: u8,
    /// Power cuts.
    pub cuts: u8,
    /// Syncs that fail.
    pub failures: u8,
}

/// The tasks of a desk, in the order of [`Bound::desk`].
pub const DESK: [Task; 4] = [Task::NewCodes, Task::Reset, Task::Enrol, Task::Remove];

/// The model.
#[derive(Debug, Clone, Copy)]
pub struct World {
    /// How far.
    pub bound: Bound,
    /// What processes do.
    pub protocol: Protocol,
}

/// One state of all.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct State {
    /// The directory.
    pub disk: Disk,
    /// Who is running, sorted: they have no names.
    pub processes: Vec<Process>,
    /// What has happened.
    pub history: History,
    /// What may still happen.
    pub left: Bound,
    /// Whether somebody was told yes since the last power cut.
    pub has_opened_since_cut: bool,
}

/// What happens next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Event {
    /// A process begins.
    Starts(Task),
    /// One takes its next step.
    Steps(usize),
    /// One is killed.
    IsKilled(usize),
    /// Its sync fails, and this much arrived.
    FailsToSync(usize, [u8; 2]),
    /// The power goes, and this much arrived.
    PowerCut(Cut),
}

impl State {
    /// Someone enrolled, and nobody there.
    #[must_use]
    pub fn enrolled(left: Bound) -> Self {
        let enrolment = Enrolment::first(0, 1);
        let mut history = History::default();
        history.note(&enrolment);
        Self { disk: Disk::of(enrolment), processes: Vec::new(), history, left, has_opened_since_cut: false }
    }

    /// Whether half a block stands in the ledger.
    #[must_use]
    pub fn has_half_a_block(&self) -> bool {
        let ledger = self.disk.names.ledger.and_then(|number| self.disk.ledger(number));
        ledger.is_some_and(|ledger| ledger.blocks.iter().any(|cell| cell.cache == Block::Torn))
    }

    fn step(&mut self, at: usize, protocol: Protocol) -> Option<Option<(Task, Answer)>> {
        let process = (at < self.processes.len()).then(|| self.processes.remove(at))?;
        let others = self.processes.clone();
        let is_locked = |file| others.iter().any(|p| p.has_lock && p.file == Some(file));
        let mut step =
            Step { protocol, disk: &mut self.disk, history: &mut self.history, is_locked: &is_locked };
        match step.take(process) {
            Next::Waits => return None,
            Next::Goes(next) => self.processes.push(next),
            Next::Ended(answer) => {
                self.has_opened_since_cut |= answer == Answer::Yes && matches!(process.task, Task::Login(_));
                self.tidy();
                return Some(Some((process.task, answer)));
            }
        }
        self.tidy();
        Some(None)
    }

    /// States that differ in nothing that matters are one.
    fn tidy(&mut self) {
        self.processes.sort_unstable();
        let disk = &self.disk;
        let is_pending = |number| disk.pending.contains(&crate::disk::Rename::LinkLedger(number));
        let is_named = |number| disk.names.ledger == Some(number) || disk.durable.ledger == Some(number);
        let is_open = |number| self.processes.iter().any(|p| p.file == Some(number));
        let in_use = |number| is_named(number) || is_pending(number) || is_open(number);
        let last = (0u8..).take(disk.ledgers.len()).filter(|number| in_use(*number)).last();
        self.disk.ledgers.truncate(last.map_or(0, |last| usize::from(last) + 1));
    }

    fn start(&mut self, task: Task) -> Option<()> {
        match DESK.iter().position(|kind| *kind == task) {
            None => self.left.logins = self.left.logins.checked_sub(1)?,
            Some(kind) => {
                let left = self.left.desk.get_mut(kind)?;
                *left = left.checked_sub(1)?;
            }
        }
        self.processes.push(Process::new(task));
        self.tidy();
        Some(())
    }

    /// Lets this happen. The inner answer is of a process that has ended by it.
    #[must_use]
    pub fn happens(&mut self, event: Event, protocol: Protocol) -> Option<Option<(Task, Answer)>> {
        match event {
            Event::Starts(task) => self.start(task).map(|()| None),
            Event::Steps(at) => self.step(at, protocol),
            Event::IsKilled(at) => {
                self.left.kills = self.left.kills.checked_sub(1)?;
                (at < self.processes.len()).then(|| self.processes.remove(at))?;
                self.tidy();
                Some(None)
            }
            Event::FailsToSync(at, chosen) => {
                self.left.failures = self.left.failures.checked_sub(1)?;
                let process = self.processes.get(at).copied()?;
                self.disk.ledger_mut(process.file?)?.fail_to_sync(chosen);
                *self.processes.get_mut(at)? = process.ending(Answer::Unavailable);
                self.tidy();
                Some(None)
            }
            Event::PowerCut(cut) => {
                self.left.cuts = self.left.cuts.checked_sub(1)?;
                self.disk = self.disk.after(cut);
                self.processes.clear();
                self.has_opened_since_cut = false;
                Some(None)
            }
        }
    }

    /// Whether a kill here is another history than one in which this process never ran.
    fn kill_matters(process: &Process) -> bool {
        process.has_lock || matches!(process.at, At::SyncLedgerName | At::SyncUnlinked | At::Tell)
    }

    fn failures(&self, at: usize, process: &Process) -> Vec<Event> {
        let ledger = process.file.and_then(|file| self.disk.ledger(file));
        let (true, Some(ledger)) = (matches!(process.at, At::SettleSync | At::SyncLedger), ledger) else {
            return Vec::new();
        };
        let [first, second] = ledger.chances();
        (0..first).flat_map(|a| (0..second).map(move |b| Event::FailsToSync(at, [a, b]))).collect()
    }
}

impl Model for World {
    type State = State;
    type Action = Event;

    fn init_states(&self) -> Vec<State> {
        let enrolled = State::enrolled(self.bound);
        let half_removed = State { disk: Disk::half_removed(Enrolment::first(0, 1)), ..enrolled.clone() };
        // Where nobody enrols anybody, nothing happens to someone half removed.
        let [.., enrolments, _] = self.bound.desk;
        if enrolments > 0 { vec![enrolled, half_removed] } else { vec![enrolled] }
    }

    fn actions(&self, state: &State, events: &mut Vec<Event>) {
        if state.processes.len() < self.bound.at_once {
            if state.left.logins > 0 {
                let typed = state.history.given_out().map(Some).chain([None]);
                events.extend(typed.map(|typed| Event::Starts(Task::Login(typed))));
            }
            let desk = DESK.iter().zip(state.left.desk).filter(|(_, left)| *left > 0);
            events.extend(desk.map(|(task, _)| Event::Starts(*task)));
        }
        for (at, process) in state.processes.iter().enumerate() {
            events.push(Event::Steps(at));
            if state.left.kills > 0 && State::kill_matters(process) {
                events.push(Event::IsKilled(at));
            }
            if state.left.failures > 0 {
                events.extend(state.failures(at, process));
            }
        }
        if state.left.cuts > 0 {
            events.extend(state.disk.cuts().into_iter().map(Event::PowerCut));
        }
    }

    fn next_state(&self, state: &State, event: Event) -> Option<State> {
        let mut next = state.clone();
        next.happens(event, self.protocol).map(|_| next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        claims::all()
    }
}
