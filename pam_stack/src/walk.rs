//! Every way through a stack, as libpam's dispatcher takes them.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::rc::Rc;

use crate::{Action, Line, Module, PamResult};

/// The most states of one walk that are followed. The widest stack of a distribution takes some hundred: a walk that takes more is
/// given up, since a stack can be written that would take years.
pub const MAX_STATES: usize = 10_000;

/// A stack whose ways are too many to be walked: nothing is proven of it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct TooWide;

impl std::fmt::Display for TooWide {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "the stack has more ways than {MAX_STATES} states hold")
    }
}

impl std::error::Error for TooWide {}

/// What libpam answers when nothing counted, and for a line with a mistake.
const MUST_FAIL: PamResult = PamResult::PermDenied;

/// A line that was asked, and what it answered.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Step {
    /// The line's number in its stack, from nought.
    pub line: usize,
    /// Its result.
    pub result: PamResult,
}

/// One way through a stack, with the steps that led there.
#[derive(Clone, Debug)]
pub struct Way<F> {
    /// What the application is told.
    pub result: PamResult,
    /// What the caller noted on the way.
    pub facts: F,
    /// The lines that were asked, in their order.
    pub steps: Vec<Step>,
}

/// What counted so far.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Impression {
    Nothing,
    Positive,
    Negative,
}

/// The steps so far, the last one first; ways share what they have in common.
#[derive(Clone, Debug, Default)]
struct Steps(Option<Rc<(Step, Steps, usize)>>);

impl Steps {
    fn len(&self) -> usize {
        self.0.as_ref().map_or(0, |node| node.2)
    }

    fn then(&self, step: Option<Step>) -> Self {
        step.map_or_else(|| self.clone(), |step| Self(Some(Rc::new((step, self.clone(), self.len() + 1)))))
    }

    fn in_order(&self) -> Vec<Step> {
        let mut steps = Vec::with_capacity(self.len());
        let mut rest = self;
        while let Some(node) = &rest.0 {
            steps.push(node.0);
            rest = &node.1;
        }
        steps.reverse();
        steps
    }
}

type Standing = (Impression, PamResult);
const NOTHING: Standing = (Impression::Nothing, MUST_FAIL);

#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
struct State<F> {
    standing: Standing,
    /// What stood when each substack that is still open began; the first is the stack's own.
    begun: Vec<Standing>,
    facts: F,
}

/// Every end of `lines`: one way for each pair of a result and the facts, the shortest.
///
/// `answers` gives what the module of a line (its number in the stack, and itself) may answer where these facts hold, each
/// with the facts that hold then. What is wanted of a way is a fact; two ways with the same facts are the same to the
/// caller.
///
/// # Errors
/// The walk has more than [`MAX_STATES`].
pub fn ways<F: Clone + Ord>(
    lines: &[Line],
    begin: F,
    mut answers: impl FnMut(usize, &Line, &F) -> Vec<(PamResult, F)>,
) -> Result<Vec<Way<F>>, TooWide> {
    // libpam refuses a stack without lines; so does a way without steps.
    let first = State { standing: NOTHING, begun: vec![NOTHING], facts: begin };
    let mut at: Vec<BTreeMap<State<F>, Steps>> = vec![BTreeMap::new(); lines.len() + 1];
    if let Some(states) = at.first_mut() {
        states.insert(first, Steps::default());
    }
    let mut left = MAX_STATES;
    for (number, line) in lines.iter().enumerate() {
        let states = at.get_mut(number).map(std::mem::take).unwrap_or_default();
        left = left.checked_sub(states.len()).ok_or(TooWide)?;
        for (state, steps) in states {
            for (next, state, step) in state.follow(lines, number, line, &mut answers) {
                let steps = steps.then(step);
                if let Some(states) = at.get_mut(next) {
                    keep_shorter(states, state, steps);
                }
            }
        }
    }
    let mut ends = BTreeMap::new();
    for (state, steps) in at.pop().unwrap_or_default() {
        keep_shorter(&mut ends, (state.result(), state.facts), steps);
    }
    let way = |((result, facts), steps): (_, Steps)| Way { result, facts, steps: steps.in_order() };
    Ok(ends.into_iter().map(way).collect())
}

fn keep_shorter<K: Ord>(ways: &mut BTreeMap<K, Steps>, key: K, steps: Steps) {
    match ways.entry(key) {
        Entry::Vacant(new) => {
            new.insert(steps);
        }
        Entry::Occupied(mut known) if steps.len() < known.get().len() => {
            known.insert(steps);
        }
        Entry::Occupied(_) => {}
    }
}

impl<F: Clone> State<F> {
    fn follow(
        &self,
        lines: &[Line],
        number: usize,
        line: &Line,
        answers: &mut impl FnMut(usize, &Line, &F) -> Vec<(PamResult, F)>,
    ) -> Vec<(usize, Self, Option<Step>)> {
        let mut here = self.clone();
        // Substacks that ended are closed, and one that begins keeps what stood before it.
        here.begun.truncate(line.level + 1);
        here.begun.resize(line.level + 1, here.standing);
        let results = match &line.module {
            Module::Substack(_) => return vec![(number + 1, here, None)],
            Module::Fails => vec![(MUST_FAIL, here.facts.clone())],
            Module::Named(_) => answers(number, line, &here.facts),
        };
        let follow = |(result, facts)| {
            let mut state = Self { facts, ..here.clone() };
            let next = state.take(lines, number, line.control.action(result), result);
            (next, state, Some(Step { line: number, result }))
        };
        results.into_iter().map(follow).collect()
    }

    /// Takes one result in; the answer is the number of the next line.
    fn take(&mut self, lines: &[Line], number: usize, action: Action, result: PamResult) -> usize {
        let (impression, status) = self.standing;
        match action {
            Action::Ignore => {}
            Action::Reset => self.standing = self.begun.last().copied().unwrap_or(NOTHING),
            Action::Ok | Action::Done => {
                let counts = impression == Impression::Nothing
                    || (impression == Impression::Positive && status == PamResult::Success);
                if counts {
                    self.standing = (Impression::Positive, result);
                }
                if action == Action::Done && self.standing.0 == Impression::Positive {
                    return end_of_stack(lines, number);
                }
            }
            Action::Bad | Action::Die => {
                if impression != Impression::Negative {
                    let status = if result == PamResult::Ignore { MUST_FAIL } else { result };
                    self.standing = (Impression::Negative, status);
                }
                if action == Action::Die {
                    return end_of_stack(lines, number);
                }
            }
            Action::Jump(count) => {
                let (next, is_whole) = jump(lines, number, count);
                if !is_whole {
                    self.standing = (Impression::Negative, MUST_FAIL);
                }
                return next;
            }
        }
        number + 1
    }

    fn result(&self) -> PamResult {
        let (impression, status) = self.standing;
        if status == PamResult::Success && impression != Impression::Positive { MUST_FAIL } else { status }
    }
}

/// The line behind all that is as deep as this one or deeper: where `done` and `die` lead.
fn end_of_stack(lines: &[Line], number: usize) -> usize {
    let level = lines.get(number).map_or(0, |line| line.level);
    let rest = lines.iter().skip(number + 1).take_while(|line| line.level >= level);
    number + 1 + rest.count()
}

/// Where a jump over `count` lines leads, a substack being one; and whether there are as many.
fn jump(lines: &[Line], number: usize, count: u32) -> (usize, bool) {
    let level_of = |at: usize| lines.get(at).map(|line| line.level);
    let level = level_of(number).unwrap_or_default();
    let (mut next, mut left) = (number + 1, count);
    while left > 0 && level_of(next).is_some_and(|deep| deep >= level) {
        next += 1;
        while level_of(next).is_some_and(|deep| deep > level) {
            next += 1;
        }
        left -= 1;
    }
    (next, left == 0)
}

/// Whether a jump of this line leads past the end of its stack.
pub(crate) fn leads_too_far(lines: &[Line], number: usize) -> bool {
    let Some(line) = lines.get(number) else { return false };
    PamResult::ALL.into_iter().any(|result| match line.control.action(result) {
        Action::Jump(count) => !jump(lines, number, count).1,
        _ => false,
    })
}

#[cfg(test)]
#[path = "walk_tests.rs"]
mod tests;

#[cfg(test)]
#[path = "wide_tests.rs"]
mod wide_tests;
