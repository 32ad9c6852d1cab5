//! The command line.

use crate::heritage::Heritage;
use lexopt::Arg::{Long, Short, Value};
use lexopt::ValueExt;
use std::ffi::OsString;
use std::path::PathBuf;

/// How it is called.
pub(crate) const USAGE: &str = "\
Usage: wardkey-helper [--config PATH]           answers callers of the socket that systemd gives it
       wardkey-helper [--config PATH] listen    makes the socket itself (root only)";

/// What to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Task {
    /// Take the socket that systemd gives.
    Serve,
    /// Make the socket.
    Listen,
    /// Make a seat of this machine, for the command that starts it.
    Join,
    /// Print this.
    Tell(&'static str),
}

/// The command line, parsed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Arguments {
    /// `--config`
    pub(crate) config: Option<PathBuf>,
    /// The task.
    pub(crate) task: Task,
    /// `--inherited`, which only an earlier image of the process gives.
    pub(crate) inherited: Option<Heritage>,
}

impl Arguments {
    /// Reads a whole command line, the program's name first.
    pub(crate) fn parse(line: impl IntoIterator<Item = OsString>) -> Result<Self, lexopt::Error> {
        let mut parser = lexopt::Parser::from_iter(line);
        let mut arguments = Self { config: None, task: Task::Serve, inherited: None };
        while let Some(argument) = parser.next()? {
            match argument {
                Long("config") if arguments.config.is_none() => {
                    arguments.config = Some(parser.value()?.into());
                }
                Long("inherited") if arguments.inherited.is_none() => {
                    arguments.inherited = Some(parser.value()?.parse()?);
                }
                Value(word) if word == "listen" && arguments.task == Task::Serve => {
                    arguments.task = Task::Listen;
                }
                Value(word) if word == "join" && arguments.task == Task::Serve => arguments.task = Task::Join,
                Short('h') | Long("help") => arguments.task = Task::Tell(USAGE),
                Short('V') | Long("version") => {
                    arguments.task = Task::Tell(concat!("wardkey-helper ", env!("CARGO_PKG_VERSION")));
                }
                other => return Err(other.unexpected()),
            }
        }
        Ok(arguments)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &[&str]) -> Result<Arguments, String> {
        let line = std::iter::once("wardkey-helper").chain(words.iter().copied()).map(OsString::from);
        Arguments::parse(line).map_err(|e| e.to_string())
    }

    #[test]
    fn the_two_tasks() {
        assert_eq!(parse(&[]), Ok(Arguments { config: None, task: Task::Serve, inherited: None }));
        let config = Some("/x.toml".into());
        assert_eq!(
            parse(&["--config", "/x.toml", "listen"]),
            Ok(Arguments { config, task: Task::Listen, inherited: None })
        );
    }

    #[test]
    fn what_an_earlier_image_leaves() {
        let inherited = Some(Heritage { socket: 3, copies: vec![(4711, 1000)], link: None });
        let parsed = parse(&["--inherited", "3,4711:1000"]);
        assert_eq!(parsed, Ok(Arguments { config: None, task: Task::Serve, inherited }));
    }

    #[test]
    fn anything_else_is_wrong_usage() {
        for words in [
            &["listen", "listen"][..],
            &["listen", "join"],
            &["join", "listen"],
            &["serve"],
            &["--socket=/x"],
            &["--config"],
            &["--config=a", "--config=b"],
            &["--inherited", "nothing"],
        ] {
            assert!(parse(words).is_err(), "{words:?}");
        }
    }
}
