//! The command line.

use lexopt::Arg::{Long, Short};
use std::ffi::OsString;
use std::path::PathBuf;

/// How it is called.
pub(crate) const USAGE: &str = "Usage: wardkey-verifier [--config PATH]";

/// The command line, parsed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Arguments {
    /// Answer seats, by this configuration.
    Serve(Option<PathBuf>),
    /// Print this.
    Tell(&'static str),
}

impl Arguments {
    /// Reads a whole command line, the program's name first.
    pub(crate) fn parse(line: impl IntoIterator<Item = OsString>) -> Result<Self, lexopt::Error> {
        let mut parser = lexopt::Parser::from_iter(line);
        let mut config = None;
        while let Some(argument) = parser.next()? {
            match argument {
                Long("config") if config.is_none() => config = Some(parser.value()?.into()),
                Short('h') | Long("help") => return Ok(Self::Tell(USAGE)),
                Short('V') | Long("version") => {
                    return Ok(Self::Tell(concat!("wardkey-verifier ", env!("CARGO_PKG_VERSION"))));
                }
                other => return Err(other.unexpected()),
            }
        }
        Ok(Self::Serve(config))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &[&str]) -> Result<Arguments, String> {
        let line = std::iter::once("wardkey-verifier").chain(words.iter().copied()).map(OsString::from);
        Arguments::parse(line).map_err(|e| e.to_string())
    }

    #[test]
    fn a_configuration_is_all_that_is_named() {
        assert_eq!(parse(&[]), Ok(Arguments::Serve(None)));
        assert_eq!(parse(&["--config", "/x.toml"]), Ok(Arguments::Serve(Some("/x.toml".into()))));
        for words in [&["listen"][..], &["--config"], &["--config=a", "--config=b"], &["--user=root"]] {
            assert!(parse(words).is_err(), "{words:?}");
        }
    }
}
