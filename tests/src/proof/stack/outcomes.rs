//! Every way through a stack, as libpam's dispatcher takes them.

use std::collections::{BTreeMap, BTreeSet};

use super::{Action, Line};

/// What libpam answers when nothing counted.
const MUST_FAIL: &str = "perm_denied";

/// What counted so far.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Impression {
    Nothing,
    Positive,
    Negative,
}

/// One way through a stack.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Run {
    impression: Impression,
    status: &'static str,
    /// The last result of each module that was watched, where it was called at all.
    pub watched: BTreeMap<String, &'static str>,
}

impl Run {
    const fn begin() -> Self {
        Self { impression: Impression::Nothing, status: MUST_FAIL, watched: BTreeMap::new() }
    }

    /// What the application is told.
    #[must_use]
    pub fn result(&self) -> &'static str {
        let is_lie = self.status == "success" && self.impression != Impression::Positive;
        if is_lie { MUST_FAIL } else { self.status }
    }

    /// What a watched module answered.
    #[must_use]
    pub fn of(&self, module: &str) -> Option<&'static str> {
        self.watched.get(module).copied()
    }

    /// Takes one result in; the answer is whether the stack ends here, and how many lines are left out.
    fn take(&mut self, action: Action, result: &'static str) -> (bool, usize) {
        match action {
            Action::Ignore => (false, 0),
            Action::Jump(lines) => (false, lines),
            Action::Reset => {
                (self.impression, self.status) = (Impression::Nothing, MUST_FAIL);
                (false, 0)
            }
            Action::Ok | Action::Done => {
                let may_speak = self.impression == Impression::Nothing
                    || (self.impression == Impression::Positive && self.status == "success");
                if may_speak && result != "ignore" {
                    (self.impression, self.status) = (Impression::Positive, result);
                }
                (action == Action::Done && self.impression == Impression::Positive, 0)
            }
            Action::Bad | Action::Die => {
                if self.impression != Impression::Negative {
                    self.impression = Impression::Negative;
                    self.status = if result == "ignore" { MUST_FAIL } else { result };
                }
                (action == Action::Die, 0)
            }
        }
    }
}

/// Every way through `lines`, where each module gives any of `results(line, its number)`; the results of modules named
/// in `watch` are kept.
#[must_use]
pub fn every_run(
    lines: &[Line],
    watch: &[&str],
    results: &dyn Fn(&Line, usize) -> Vec<&'static str>,
) -> BTreeSet<Run> {
    let mut at: Vec<BTreeSet<Run>> = vec![BTreeSet::new(); lines.len() + 1];
    at[0].insert(Run::begin());
    for (number, line) in lines.iter().enumerate() {
        for run in std::mem::take(&mut at[number]) {
            for result in results(line, number) {
                let mut run = run.clone();
                if watch.contains(&line.module.as_str()) {
                    run.watched.insert(line.module.clone(), result);
                }
                let (ends, left_out) = run.take(line.control.action(result), result);
                let mut next = number + 1 + left_out;
                if ends {
                    next = line.after_substack.unwrap_or(lines.len());
                } else if next > line.after_substack.unwrap_or(lines.len()) {
                    // A jump out of the stack.
                    (run.impression, run.status, next) = (Impression::Negative, MUST_FAIL, lines.len());
                }
                at[next].insert(run);
            }
        }
    }
    at.pop().unwrap_or_default()
}
