//! What a login through a service takes: every way in, and who said what on it.

use std::collections::BTreeSet;

use crate::modules::{self, Proof};
use crate::{Line, PamResult, TooWide, Way, ways};

/// What the caller knows of the machine.
pub trait Machine {
    /// What the module answers whose leave is wanted, where this line is its.
    fn ours(&self, line: &Line) -> Option<Vec<PamResult>>;

    /// What the module of this line answers, where the caller knows more of it than [`modules`]; it proves nothing.
    fn answers(&self, _line: &Line) -> Option<Vec<PamResult>> {
        None
    }

    /// Whether the line's module is where libpam looks.
    fn has_module(&self, line: &Line) -> bool;

    /// Whether a condition can hold for anybody: a group has members, a file has lines.
    fn can_hold(&self, line: &Line) -> bool;
}

/// What our line said on a way.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Said {
    /// Success.
    Yes,
    /// "Ignore": it wants nothing of this person.
    Nothing,
    /// Anything else.
    No,
}

/// What happened on a way through `auth`.
#[derive(Clone, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub struct Facts {
    /// What was proven.
    pub proofs: BTreeSet<Proof>,
    /// What our line said last, where it was asked.
    pub ours: Option<Said>,
    /// Whether our line was asked before anything was proven.
    pub asked_a_stranger: bool,
    /// The place in the stack of the first line that did something for the person after our no.
    pub acted: Option<usize>,
}

/// Every end of an `auth` stack, where our line answers anything.
///
/// # Errors
/// [`TooWide`].
pub fn logins(stack: &[Line], machine: &dyn Machine) -> Result<Vec<Way<Facts>>, TooWide> {
    ways(stack, Facts::default(), |number, line, facts| {
        let mut facts = facts.clone();
        if facts.ours == Some(Said::No) && facts.acted.is_none() && modules::does(line).is_some() {
            facts.acted = Some(number);
        }
        let answers = answers(line, machine).into_iter();
        answers.map(|result| (result, after(line, result, facts.clone(), machine))).collect()
    })
}

fn answers(line: &Line, machine: &dyn Machine) -> Vec<PamResult> {
    if !machine.has_module(line) {
        return vec![PamResult::ModuleUnknown];
    }
    let mut answers =
        machine.ours(line).or_else(|| machine.answers(line)).unwrap_or_else(|| modules::answers(line));
    if modules::is_condition(line) && !machine.can_hold(line) {
        answers.retain(|result| *result != PamResult::Success);
    }
    answers
}

fn after(line: &Line, result: PamResult, mut facts: Facts, machine: &dyn Machine) -> Facts {
    if machine.ours(line).is_some() {
        facts.asked_a_stranger |= facts.proofs.is_empty();
        facts.ours = Some(match result {
            PamResult::Success => Said::Yes,
            PamResult::Ignore => Said::Nothing,
            _ => Said::No,
        });
    } else if machine.answers(line).is_none() {
        facts.proofs.extend(modules::proven(line, result));
    }
    facts
}

impl Way<Facts> {
    /// Whether the application lets the person in.
    #[must_use]
    pub fn leads_in(&self) -> bool {
        self.result == PamResult::Success
    }

    /// Whether our line had its say, and did not refuse.
    #[must_use]
    pub fn has_our_leave(&self) -> bool {
        matches!(self.facts.ours, Some(Said::Yes | Said::Nothing))
    }
}

#[cfg(test)]
#[path = "logins_tests.rs"]
mod tests;
