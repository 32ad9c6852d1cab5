//! A service: its four stacks, with all included files read in.

use std::collections::BTreeSet;

use crate::parse::{Parser, Refused};
use crate::walk::leads_too_far;
use crate::{Control, Found, Kind, Place, Reader, Remark, Root, Trouble};

/// The service that answers for what another leaves out.
pub const OTHER: &str = "other";

/// The most lines of a stack that are looked at, included files and all; no stack in use comes near it.
pub const MAX_LINES: usize = 1000;

/// A line of a stack.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Line {
    /// Whose stack it is in.
    pub kind: Kind,
    /// What follows from each result.
    pub control: Control,
    /// The control as it is written, without brackets.
    pub written: String,
    /// What answers.
    pub module: Module,
    /// The module's arguments.
    pub arguments: Vec<String>,
    /// Where it stands.
    pub place: Place,
    /// How many substacks it is in.
    pub level: usize,
    /// Whether a dash stands before it: no complaint in the log if the module is missing.
    pub is_silent: bool,
}

/// What answers for a line.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Module {
    /// The module of this path, as it is written.
    Named(String),
    /// libpam itself, with a failure: the line has a mistake.
    Fails,
    /// Nothing: the lines of a substack follow, a level deeper.
    Substack(String),
}

impl Line {
    /// The module's file name without its directory, where a module is named.
    #[must_use]
    pub fn module_name(&self) -> Option<&str> {
        match &self.module {
            Module::Named(path) => path.rsplit('/').next(),
            Module::Fails | Module::Substack(_) => None,
        }
    }

    /// Whether it has this argument.
    #[must_use]
    pub fn has(&self, argument: &str) -> bool {
        self.arguments.iter().any(|word| word == argument)
    }
}

/// The lines of one kind.
pub type Stack = Vec<Line>;

/// What an application gets that names this service.
#[derive(Clone, Debug, Default)]
pub struct Service {
    /// Its name, in small letters as libpam makes it.
    pub name: String,
    /// Whether the service has a file, or lines of its own in `pam.conf`.
    pub is_there: bool,
    /// Whether libpam gives the whole service up (`PAM_ABORT`), or nobody can tell what it does with it.
    pub is_refused: bool,
    /// What libpam takes otherwise than it is written.
    pub remarks: Vec<Remark>,
    /// The names by which files are included.
    pub includes: BTreeSet<String>,
    own: [Stack; 4],
    other: [Stack; 4],
}

impl Service {
    /// Reads the service `name` of the machine below `root`.
    #[must_use]
    pub fn load(root: &Root, name: &str, reader: Reader) -> Self {
        let name = name.rsplit('/').next().unwrap_or(name).to_ascii_lowercase();
        let mut service = Self { name, ..Self::default() };
        let mut parser = Parser { root, reader, remarks: Vec::new(), includes: BTreeSet::new(), bytes: 0 };
        let read = if root.has_directories() {
            service.read_directories(&mut parser)
        } else {
            service.read_one_file(&mut parser)
        };
        let is_endless = parser.is_endless() || service.is_endless();
        service.is_refused = read.is_err() || is_endless;
        (service.remarks, service.includes) = (parser.remarks, parser.includes);
        if is_endless {
            service.remarks.clear();
            let place = Place { file: format!("/etc/pam.d/{}", service.name).into(), line: 0 };
            service.remarks.push(Remark { place, trouble: Trouble::TooManyLines });
        } else {
            service.remarks.extend(service.long_jumps());
        }
        service
    }

    fn read_directories(&mut self, parser: &mut Parser<'_>) -> Result<(), Refused> {
        if let Some(found) = parser.root.service_file(&self.name) {
            self.is_there = true;
            let own = if self.name == OTHER { &mut self.other } else { &mut self.own };
            parser.file(found, own)?;
        }
        if self.name == OTHER {
            return Ok(());
        }
        match parser.root.service_file(OTHER) {
            Some(found) => parser.file(found, &mut self.other),
            None => {
                let place = Place { file: "/etc/pam.d/other".into(), line: 0 };
                parser.remarks.push(Remark { place, trouble: Trouble::NoOther });
                if self.is_there { Ok(()) } else { Err(Refused) }
            }
        }
    }

    fn read_one_file(&mut self, parser: &mut Parser<'_>) -> Result<(), Refused> {
        let Some(Found::File(path, content)) = parser.root.one_file() else { return Err(Refused) };
        parser.one_file(&path, &content, &self.name, &mut self.own)?;
        self.is_there = self.own.iter().any(|stack| !stack.is_empty());
        parser.one_file(&path, &content, OTHER, &mut self.other)
    }

    /// The lines that libpam walks for `kind`: its own or, where there are none, those of `other`.
    #[must_use]
    pub fn stack(&self, kind: Kind) -> &[Line] {
        if self.comes_from_other(kind) { of(&self.other, kind) } else { of(&self.own, kind) }
    }

    /// Whether `other` answers for this kind.
    #[must_use]
    pub fn comes_from_other(&self, kind: Kind) -> bool {
        of(&self.own, kind).is_empty()
    }

    /// Whether there is more than anybody looks through.
    fn is_endless(&self) -> bool {
        self.own.iter().chain(&self.other).any(|stack| stack.len() > MAX_LINES)
    }

    fn long_jumps(&self) -> Vec<Remark> {
        let far = |kind| {
            let stack = self.stack(kind);
            let numbered = stack.iter().enumerate().filter(|(number, _)| leads_too_far(stack, *number));
            numbered.map(|(_, line)| Remark { place: line.place.clone(), trouble: Trouble::JumpTooFar })
        };
        Kind::ALL.into_iter().flat_map(far).collect()
    }
}

fn of(stacks: &[Stack; 4], kind: Kind) -> &[Line] {
    stacks.get(kind.place()).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
#[path = "service_tests.rs"]
mod tests;
