//! The second word of a line: which result leads where.

use std::fmt;

use crate::PamResult;

/// What libpam does with a result.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Action {
    /// It does not count.
    Ignore,
    /// It counts.
    Ok,
    /// It counts, and the stack ends unless something failed before.
    Done,
    /// The stack fails.
    Bad,
    /// The stack fails and ends.
    Die,
    /// All that counted since this stack began is forgotten.
    Reset,
    /// So many lines are left out.
    Jump(u32),
}

/// The words for actions, in the order in which libpam looks for them.
const ACTIONS: [(&str, Action); 6] = [
    ("ignore", Action::Ignore),
    ("ok", Action::Ok),
    ("done", Action::Done),
    ("bad", Action::Bad),
    ("die", Action::Die),
    ("reset", Action::Reset),
];

/// What follows from each result of a line's module.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Control([Action; PamResult::ALL.len()]);

/// Why libpam takes every result of a line as a failure: its control has a mistake at this text.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct InvalidControl {
    /// What libpam stumbled over.
    pub at: String,
}

impl fmt::Display for InvalidControl {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "the control is wrong at {:?}", self.at)
    }
}

impl Control {
    /// Every result is a failure: what is left of a control with a mistake.
    pub const FAILS: Self = Self([Action::Bad; PamResult::ALL.len()]);

    /// What follows from `result`.
    #[must_use]
    pub fn action(&self, result: PamResult) -> Action {
        self.0.get(usize::from(result.number())).copied().unwrap_or(Action::Bad)
    }

    /// Reads the second word of a line, without its brackets, as libpam does.
    ///
    /// # Errors
    /// A mistake, for which libpam installs [`Control::FAILS`].
    pub fn parse(word: &str) -> Result<Self, InvalidControl> {
        let simple = [
            ("required", "success=ok new_authtok_reqd=ok ignore=ignore default=bad"),
            ("requisite", "success=ok new_authtok_reqd=ok ignore=ignore default=die"),
            ("optional", "success=ok new_authtok_reqd=ok default=ignore"),
            ("sufficient", "success=done new_authtok_reqd=done default=ignore"),
        ];
        let long = simple.iter().find(|(name, _)| name.eq_ignore_ascii_case(word)).map(|(_, long)| *long);
        pairs(long.unwrap_or(word))
    }
}

fn pairs(mut rest: &str) -> Result<Control, InvalidControl> {
    let mut actions = [None; PamResult::ALL.len()];
    loop {
        rest = skip_blanks(rest);
        if rest.is_empty() {
            return Ok(Control(actions.map(|action| action.unwrap_or(Action::Bad))));
        }
        let wrong = InvalidControl { at: rest.to_owned() };
        let (result, after) = result_name(rest).ok_or(wrong.clone())?;
        let after = skip_blanks(after).strip_prefix('=').ok_or(wrong.clone())?;
        let (action, after) = action(skip_blanks(after)).ok_or(wrong)?;
        match result {
            // `default` is for what was not named before it; a name after it still counts.
            None => {
                actions.iter_mut().filter(|known| known.is_none()).for_each(|known| *known = Some(action));
            }
            Some(result) => {
                if let Some(known) = actions.get_mut(usize::from(result.number())) {
                    *known = Some(action);
                }
            }
        }
        rest = after;
    }
}

fn skip_blanks(text: &str) -> &str {
    text.trim_start_matches([' ', '\t', '\n', '\r', '\x0b', '\x0c'])
}

/// The first of libpam's names that `text` begins with, so that `conv_err` is found in `conv_error=bad`; `None` is
/// `default`.
fn result_name(text: &str) -> Option<(Option<PamResult>, &str)> {
    let named =
        PamResult::ALL.into_iter().find_map(|result| Some((Some(result), text.strip_prefix(result.name())?)));
    named.or_else(|| Some((None, text.strip_prefix("default")?)))
}

fn action(text: &str) -> Option<(Action, &str)> {
    if let Some(named) = ACTIONS.iter().find_map(|(name, action)| Some((*action, text.strip_prefix(name)?))) {
        return Some(named);
    }
    let end = text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len());
    let (digits, after) = text.split_at(end);
    // libpam counts in an int, and takes no jump of nought.
    let lines =
        digits.parse::<i32>().ok().and_then(|lines| u32::try_from(lines).ok()).filter(|lines| *lines > 0)?;
    Some((Action::Jump(lines), after))
}

#[cfg(test)]
#[path = "control_tests.rs"]
mod tests;
