//! One thing that is done again and again, each time from the same state and with another fault.

use std::io::Read;
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::process::Command;

use serde_json::Value;

use super::call::{Call, Fault, Ours};
use super::run::{Input, Run, Since, Traced, run};
use super::state::State;
use crate::machine::host::Host;
use crate::people::history::History;
use crate::programs::helper::{Listening, SOCKET};
use crate::programs::pam::PamResult;

/// Types an answer to a line that was printed, of a round about this code.
pub(super) type Typist = fn(&History, &str, &str) -> Option<String>;

/// What is done, and what comes of it when nothing fails.
#[derive(Clone, Debug)]
pub(super) enum Deed {
    /// A login: the results of its doors.
    Login(Vec<PamResult>),
    /// A command that ends with status 0.
    Command,
}

/// Whose calls fail.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Whose {
    /// Those of the command that is run.
    Its,
    /// Those of the helper that it asks.
    TheHelpers,
}

/// What a path consists of.
pub(super) struct Plan {
    /// Its name in the table.
    pub(super) name: &'static str,
    /// Whom it is about.
    pub(super) user: &'static str,
    /// What is done.
    pub(super) deed: Deed,
    /// Whose calls fail.
    pub(super) whose: Whose,
    /// Whether a helper listens.
    pub(super) with_helper: bool,
    /// Brings about the state from which each round starts.
    pub(super) prepare: fn() -> History,
    /// The code that this round is about; none: nothing.
    pub(super) code: fn(&History) -> String,
    /// The command, about that code.
    pub(super) command: fn(&History, &str) -> Command,
    /// All that is typed, or who types.
    pub(super) typed: Typed,
}

/// How a command gets its input.
#[derive(Clone, Copy)]
pub(super) enum Typed {
    /// These, about the code, whatever it prints.
    Lines(fn(&str) -> String),
    /// Answers.
    Answers(Typist),
}

/// A plan, ready to be carried out.
pub struct Path {
    pub(super) plan: Plan,
    pub(super) history: History,
    pub(super) helper: Option<Listening>,
    /// From which each round starts.
    pub(super) before: State,
    /// To which a round without a fault leads.
    pub(super) after: State,
    pub(super) status_before: Value,
    pub(super) status_after: Value,
    /// What fails in turn.
    pub(super) calls: Vec<Call>,
}

impl Path {
    /// Prepares the plan, and carries it out once without a fault.
    ///
    /// # Panics
    /// If it does not come out as it should.
    pub(super) fn new(plan: Plan) -> Self {
        let history = (plan.prepare)();
        let helper = plan.with_helper.then(|| settled(&history.host));
        let before = State::of(&history.host);
        let status_before = status(&history, plan.user);
        let (after, nothing) = (before.clone(), Value::Null);
        let mut path = Self {
            plan,
            history,
            helper,
            before,
            after,
            status_before,
            status_after: nothing,
            calls: vec![],
        };
        let run = path.round(None);
        assert!(
            path.is_as_planned(&run),
            "{}: {run:#?}\n{}",
            path.plan.name,
            path.history.host.syslog().text()
        );
        path.status_after = status(&path.history, path.plan.user);
        path.after = State::of(&path.history.host);
        path.calls = path.ours().of(super::call::calls(&run.trace), crate::machine::host::CONFIG);
        path.before.restore(&path.history.host);
        path
    }

    fn ours(&self) -> Ours {
        match (self.plan.whose, &self.plan.deed) {
            (Whose::TheHelpers, _) => Ours::StartedBy(self.helper.as_ref().map_or(0, Listening::pid)),
            (Whose::Its, Deed::Login(_)) => Ours::Module,
            (Whose::Its, Deed::Command) => Ours::Program,
        }
    }

    /// Starts from the state before, and does it.
    pub(super) fn round(&mut self, fault: Option<(&Call, Fault)>) -> Run {
        self.before.restore(&self.history.host);
        if self.helper.as_mut().is_some_and(|helper| !helper.listens()) {
            self.helper = Some(settled(&self.history.host));
        }
        let traced = match (self.plan.whose, &self.helper) {
            (Whose::TheHelpers, Some(helper)) => Traced::Process(helper.pid(), self.since(fault)),
            _ => Traced::Command,
        };
        let (history, plan) = (&self.history, &self.plan);
        let code = (plan.code)(history);
        let command = (plan.command)(history, &code);
        let ran = match plan.typed {
            Typed::Lines(lines) => run(&history.host, (&command, Input::Whole(&lines(&code))), traced, fault),
            Typed::Answers(typist) => {
                let answer = |line: &str| typist(history, &code, line);
                run(&history.host, (&command, Input::By(&answer)), traced, fault)
            }
        };
        // A copy that lost its caller may still be writing.
        self.helper.as_ref().into_iter().for_each(|helper| super::run::until_alone(helper.pid()));
        Run { code, ..ran }
    }

    /// A tracer counts the calls of each copy, so that the copy which served the first question would meet the fault that
    /// is meant for the next one.
    fn since(&self, fault: Option<(&Call, Fault)>) -> Since {
        let first = self.calls.first().map(|call| call.process);
        let is_later = fault.is_some_and(|(call, _)| Some(call.process) != first);
        if is_later && matches!(self.plan.typed, Typed::Answers(_)) { Since::Prompt } else { Since::Start }
    }

    /// Whether a run came out as without a fault.
    pub(super) fn is_as_planned(&self, run: &Run) -> bool {
        let results = || crate::programs::pam::Transcript::read(&run.outcome.stdout).results();
        run.outcome.code() == Some(0)
            && match &self.plan.deed {
                Deed::Login(planned) => results() == *planned,
                Deed::Command => true,
            }
    }
}

/// A helper whose own start is over: a fault at a count of calls is meant for a copy that serves.
fn settled(host: &Host) -> Listening {
    let helper = host.start_helper();
    let mut caller = UnixStream::connect(host.path(SOCKET)).expect("a helper");
    caller.shutdown(Shutdown::Write).expect("an end");
    // Nothing was asked, so nothing is answered; what counts is that the connection ended.
    let _ = caller.read_to_end(&mut Vec::new());
    super::run::until_alone(helper.pid());
    helper
}

/// What `wardkey status` says of somebody, without moments.
pub(super) fn status(history: &History, user: &str) -> Value {
    let outcome = history.host.wardkey(&["--json", "status", user], "");
    // A state that is made in part is as unmade as before: the same command makes the rest.
    if outcome.code() == Some(3) && outcome.stdout.contains("with: wardkey init") {
        return serde_json::json!({"unreadable": "not made"});
    }
    if outcome.code() != Some(0) {
        return serde_json::json!({"unreadable": format!("{outcome:?}")});
    }
    let mut status = outcome.json();
    status.as_object_mut().map(|status| status.remove("last_success"));
    for until in status["wait_until"].as_object_mut().into_iter().flat_map(|kinds| kinds.values_mut()) {
        *until = until.is_null().into();
    }
    forget_moments(&mut status);
    status
}

/// A generation begins as the moment of the first enrolment.
const MOMENTS: [&str; 8] =
    ["added", "last_used", "issued", "expires", "enrolled", "replaced", "verified", "generation"];

fn forget_moments(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|name, _| !MOMENTS.contains(&name.as_str()));
            fields.values_mut().for_each(forget_moments);
        }
        Value::Array(values) => values.iter_mut().for_each(forget_moments),
        _ => {}
    }
}
