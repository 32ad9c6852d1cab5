//! A schedule carried out twice, by the model and by real processes on a real directory, which must agree after each event.

use super::enrolled::furnish;
use super::gate::Call;
use super::image::{Image, Reading};
use super::tracee::{Kind, Tracee};
use crate::process::{Answer, At, Process, Task};
use crate::record::{PLACES, Secret, Verdict, decide};
use crate::world::{Bound, DESK, Event, State, World};
use stateright::Model;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Both.
#[derive(Debug)]
pub struct Ground {
    world: World,
    state: State,
    actor: PathBuf,
    kind: Kind,
    root: PathBuf,
    image: Image,
    tracees: Vec<Tracee>,
    codes: HashMap<Secret, String>,
    wrong: String,
    /// What has happened so far, for the message of a failure.
    pub told: Vec<(Task, Answer)>,
}

impl Ground {
    /// A person enrolled in a store below `scratch`, and nobody there.
    #[must_use]
    pub fn new(actor: &Path, kind: Kind, scratch: &Path, world: World) -> Self {
        let (root, other) = (scratch.join("state"), scratch.join("other"));
        let state = State::enrolled(world.bound);
        let texts = furnish(&root, PLACES);
        let codes = (0u8..).zip(texts).map(|(place, text)| (Secret { of: 0, place }, text)).collect();
        let wrong = furnish(&other, 1).remove(0);
        let image = Image::of(&root, &state.disk);
        let actor = actor.to_path_buf();
        Self { world, state, actor, kind, root, image, tracees: Vec::new(), codes, wrong, told: Vec::new() }
    }

    /// As the model has it.
    #[must_use]
    pub const fn state(&self) -> &State {
        &self.state
    }

    /// What can happen next.
    #[must_use]
    pub fn events(&self) -> Vec<Event> {
        let mut events = Vec::new();
        self.world.actions(&self.state, &mut events);
        events.retain(|event| !matches!(event, Event::Starts(task) if !Call::is_driven(*task)));
        events.retain(|event| self.world.next_state(&self.state, *event).is_some());
        events
    }

    /// Lets it happen to both.
    ///
    /// # Errors
    /// Where they differ.
    pub fn happens(&mut self, event: Event) -> Result<(), String> {
        let mut after = self.state.clone();
        let ended = after.happens(event, self.world.protocol).ok_or("cannot happen")?;
        let before = std::mem::replace(&mut self.state, after);
        match event {
            Event::Starts(task) => self.start(task)?,
            Event::Steps(at) => {
                let process = before.processes[at];
                match ended {
                    Some((task, expected)) => self.end(task, process, expected)?,
                    None => self.step(&before, process)?,
                }
            }
            Event::IsKilled(at) => drop(self.take(before.processes[at])?),
            Event::FailsToSync(..) => return Err("no real sync is made to fail".into()),
            Event::PowerCut(_) => {
                self.tracees.clear();
                self.image.restore(&self.state.disk);
            }
        }
        self.agree()
    }

    /// Lets everybody who runs come to an end, one after the other.
    ///
    /// # Errors
    /// Where they differ.
    pub fn comes_to_rest(&mut self) -> Result<(), String> {
        let steps = |events: Vec<Event>| events.into_iter().find(|event| matches!(event, Event::Steps(_)));
        while let Some(event) = steps(self.events()) {
            self.happens(event)?;
        }
        Ok(())
    }

    fn take(&mut self, process: Process) -> Result<Tracee, String> {
        let at = self.tracees.iter().position(|tracee| tracee.process == process);
        at.map(|at| self.tracees.swap_remove(at)).ok_or_else(|| format!("nobody is at {process:?}"))
    }

    fn start(&mut self, task: Task) -> Result<(), String> {
        let sheet = self.root.with_file_name("sheet").display().to_string();
        let words: Vec<String> = match task {
            Task::Login(typed) => {
                let code = typed.map_or(Some(&self.wrong), |secret| self.codes.get(&secret));
                vec!["login".into(), code.ok_or("a code that nobody has")?.clone()]
            }
            Task::NewCodes => vec!["new-codes".into(), PLACES.to_string(), sheet],
            Task::Reset => vec!["reset".into()],
            Task::Enrol | Task::Remove => return Err(format!("{:?} are not driven", DESK)),
        };
        let tracee = Tracee::start(&self.actor, self.kind, &self.root, &words, Process::new(task))?;
        self.tracees.push(tracee);
        Ok(())
    }

    fn end(&mut self, task: Task, process: Process, expected: Answer) -> Result<(), String> {
        let answer = self.take(process)?.answer()?;
        self.told.push((task, answer));
        if answer == expected { Ok(()) } else { Err(format!("{task:?}: {answer:?}, the model {expected:?}")) }
    }

    /// The process as it is after its step: the one that was not there before.
    fn next_of(&self, before: &State, process: Process) -> Result<Process, String> {
        let mut others = before.processes.clone();
        others.retain({
            let mut is_gone = false;
            move |other| {
                let is_it = !is_gone && *other == process;
                is_gone |= is_it;
                !is_it
            }
        });
        let mut after = self.state.processes.clone();
        for other in others {
            let at = after.iter().position(|candidate| *candidate == other).ok_or("another has moved")?;
            after.remove(at);
        }
        after.pop().ok_or_else(|| "it has gone".into())
    }

    fn step(&mut self, before: &State, process: Process) -> Result<(), String> {
        let next = self.next_of(before, process)?;
        let mut tracee = self.take(process)?;
        match process.at {
            At::HalfBlock => {
                let (at, old) = self.written_block(process)?;
                tracee.run_call()?;
                let new = self.image.block(at);
                let torn: Vec<u8> = new.iter().take(512).chain(old.iter().skip(512)).copied().collect();
                self.image.put_block(at, self.state.disk.ledgers[0].blocks[at].cache, &torn);
                tracee.written = Some(new);
                tracee.process = next;
            }
            At::WholeBlock => {
                let (at, _) = self.written_block(process)?;
                let new = tracee.written.take().ok_or("no half a block")?;
                self.image.put_block(at, self.state.disk.ledgers[0].blocks[at].cache, &new);
                tracee.run_to(next)?;
            }
            _ => tracee.run_to(next)?,
        }
        if let (At::NameNew, Some(new)) = (process.at, next.new) {
            self.image.learn_enrolment(new.enrolment.id)?;
        }
        if let (At::WorkOut, Some(new)) = (process.at, next.new) {
            let sheet = std::fs::read_to_string(self.root.with_file_name("sheet")).unwrap_or_default();
            let texts = (0u8..).zip(sheet.lines().map(str::to_owned)).take(PLACES);
            self.codes.extend(texts.map(|(place, text)| (Secret { of: new.enrolment.id, place }, text)));
        }
        self.tracees.push(tracee);
        Ok(())
    }

    /// Which block a process writes, and what stands there.
    fn written_block(&self, process: Process) -> Result<(usize, Vec<u8>), String> {
        let truth = process.truth.ok_or("no block was read")?;
        let at = usize::from(1 - truth.block);
        Ok((at, self.image.block(at)))
    }

    fn agree(&self) -> Result<(), String> {
        let (real, model) = (self.image.reading(), self.expected());
        if real == model { Ok(()) } else { Err(format!("the directory says {real:?}, the model {model:?}")) }
    }

    fn expected(&self) -> Reading {
        let disk = &self.state.disk;
        let ledger = disk.names.ledger.and_then(|number| disk.ledger(number));
        let truth = ledger.and_then(|ledger| Some((ledger.read()?, ledger.settled)));
        let record = disk.record(self.world.protocol).ok().flatten();
        let opens = record.filter(|(enrolment, _)| enrolment.is_enrolled()).map(|(enrolment, marks)| {
            let typed = (0u8..).take(PLACES).map(|place| Secret { of: enrolment.id, place });
            typed
                .map(|typed| {
                    matches!(
                        decide(self.world.protocol, &enrolment, marks, Some(typed)),
                        Verdict::Accepted(_)
                    )
                })
                .collect()
        });
        Reading {
            enrolment: disk.names.enrolment.map(|file| file.enrolment.id),
            has_debris: disk.names.new.is_some(),
            sequence: truth.map(|(truth, settled)| (u64::from(truth.sequence), settled == truth.sequence)),
            opens,
        }
    }
}

/// A bound for schedules that real processes carry out.
pub const BOUND: Bound = Bound { at_once: 3, logins: 5, desk: [2, 1, 0, 0], kills: 3, cuts: 2, failures: 0 };
