//! PAM stacks as text, and what can come out of them: a small model of libpam's controls.

mod control;
mod outcomes;

use std::str::FromStr;

pub use control::{Action, Control, RESULTS};
pub use outcomes::{Run, every_run};

/// Which of the four doors a line is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// `auth`
    Auth,
    /// `account`
    Account,
    /// `password`
    Password,
    /// `session`
    Session,
}

impl FromStr for Kind {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        // A dash: no complaint when the module is not installed.
        match word.strip_prefix('-').unwrap_or(word) {
            "auth" => Ok(Self::Auth),
            "account" => Ok(Self::Account),
            "password" => Ok(Self::Password),
            "session" => Ok(Self::Session),
            other => Err(format!("{other:?} is not a kind of line")),
        }
    }
}

/// A line that names a module, as libpam sees it once all other files are read in.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its door.
    pub kind: Kind,
    /// What follows from the module's result.
    pub control: Control,
    /// The control as it is written.
    pub written: String,
    /// The module's file name.
    pub module: String,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// For a line of a `substack`: the number of the line behind that, where `done` and `die` lead.
    pub after_substack: Option<usize>,
}

impl Line {
    /// Whether it has this argument.
    #[must_use]
    pub fn has(&self, argument: &str) -> bool {
        self.arguments.iter().any(|word| word == argument)
    }
}

/// The lines of `kind` in a service file; `included` gives the text of the files it names.
///
/// # Errors
/// What is not well-formed.
pub fn lines(text: &str, kind: Kind, included: &dyn Fn(&str) -> String) -> Result<Vec<Line>, String> {
    let mut found = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        read(line, kind, included, &mut found).map_err(|why| format!("{line}: {why}"))?;
    }
    Ok(found)
}

fn read(
    line: &str,
    kind: Kind,
    included: &dyn Fn(&str) -> String,
    found: &mut Vec<Line>,
) -> Result<(), String> {
    let (first, rest) = line.split_once(char::is_whitespace).ok_or("one word alone")?;
    if first == "@include" {
        append(lines(&included(rest.trim()), kind, included)?, None, found);
        return Ok(());
    }
    let own = Kind::from_str(first)?;
    let (written, rest) = split_control(rest.trim_start())?;
    let mut words = rest.split_whitespace().map(str::to_owned);
    let module = words.next().ok_or("no module")?;
    if matches!(written, "include" | "substack") {
        if own == kind {
            let more = lines(&included(&module), kind, included)?;
            append(more, (written == "substack").then_some(()), found);
        }
        return Ok(());
    }
    let control = Control::from_str(written)?;
    if own == kind {
        let arguments = words.collect();
        found.push(Line { kind, control, written: written.into(), module, arguments, after_substack: None });
    }
    Ok(())
}

/// `required rest` or `[success=ok default=bad] rest`.
fn split_control(text: &str) -> Result<(&str, &str), String> {
    let end =
        if text.starts_with('[') { text.find(']').map(|at| at + 1) } else { text.find(char::is_whitespace) };
    end.map(|end| text.split_at(end)).ok_or_else(|| "no module".to_owned())
}

fn append(more: Vec<Line>, substack: Option<()>, found: &mut Vec<Line>) {
    let (begin, end) = (found.len(), found.len() + more.len());
    for mut line in more {
        line.after_substack = match line.after_substack {
            Some(inner) => Some(begin + inner),
            None => substack.map(|()| end),
        };
        found.push(line);
    }
}
