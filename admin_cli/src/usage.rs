//! The help, and what is wrong with a command line, in the language of the site.

use crate::arguments::Arguments;
use crate::commands::Ended;
use crate::console::{Console, printed, report};
use crate::failure::{Failure, Kind};
use crate::text::{Text, in_french, rendered};
use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, Error};
use std::ffi::OsString;
use std::iter;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::PathBuf;
use std::process::ExitCode;
use wardkey_core::policy::config::{Config, Language};

/// The option that names a configuration.
const CONFIG: &str = "--config";

/// Answers a line that clap made nothing of; help and version are no errors.
pub(crate) fn answer(line: &[OsString], error: Error) -> ExitCode {
    let language = language(line);
    let error = match language {
        Language::English => error,
        // The same line again, so that what it names has its French name.
        Language::French => in_french(Arguments::command()).try_get_matches_from(line).err().unwrap_or(error),
    };
    let console = Console::early(line.iter().any(|word| word == "--json"));
    let text = Text::new(language, "");
    if !error.use_stderr() {
        console.help(&whole(language, &error));
        let status = ExitCode::from(Ended::Done.status());
        return printed(&text).map_or_else(|failure| report(&console, &failure), |()| status);
    }
    if console.is_json() {
        console.failure(&Failure::new(Kind::Usage, &text, |t| {
            (on_one_line(&t.usage_error(&error)), t.see_help())
        }));
    } else if is_help(&error) {
        console.usage(&whole(language, &error));
    } else {
        let (said, usage) = (text.usage_error(&error), usage(language, &error));
        console.misused(&text.usage_lead(), &format!("{said}{usage}\n\n{}", text.more_in_help()));
    }
    ExitCode::from(Kind::Usage.status())
}

/// What clap rendered, as a whole.
fn whole(language: Language, error: &Error) -> String {
    styled(language, &error.render())
}

/// A part of it.
fn styled(language: Language, part: &StyledStr) -> String {
    match language {
        Language::English => part.ansi().to_string(),
        Language::French => rendered(part),
    }
}

fn is_help(error: &Error) -> bool {
    error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
}

fn on_one_line(text: &str) -> String {
    let mut joined = String::with_capacity(text.len());
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if !joined.is_empty() {
            joined.push_str(if joined.ends_with(':') { " " } else { "; " });
        }
        joined.push_str(line);
    }
    joined
}

/// How the line should have been; clap does not always say.
fn usage(language: Language, error: &Error) -> String {
    match error.get(ContextKind::Usage) {
        Some(ContextValue::StyledStr(usage)) => format!("\n\n{}", styled(language, usage)),
        _ => String::new(),
    }
}

/// Of the configuration that the line names, or of the one at the default place. The line was not understood, so
/// it is looked through by hand.
fn language(line: &[OsString]) -> Language {
    let config = Config::load(named(line).as_deref());
    config.map_or_else(|error| error.language(), |config| config.language)
}

fn named(line: &[OsString]) -> Option<PathBuf> {
    configurations(line).next()
}

/// Every configuration that the line names.
pub(crate) fn configurations(line: &[OsString]) -> impl Iterator<Item = PathBuf> {
    let mut words = line.iter().skip(1).take_while(|word| *word != "--");
    iter::from_fn(move || {
        loop {
            let word = words.next()?;
            if word == CONFIG {
                return words.next().map(PathBuf::from);
            }
            if let Some(path) = word.as_bytes().strip_prefix(b"--config=") {
                return Some(OsString::from_vec(path.to_vec()).into());
            }
        }
    })
}

/// What clap would say of an option given twice.
pub(crate) fn named_twice() -> Error {
    let what = format!("the argument '{CONFIG} <PATH>' cannot be used multiple times");
    let mut error = Arguments::command().error(ErrorKind::ArgumentConflict, what);
    error.insert(ContextKind::InvalidArg, ContextValue::String(format!("{CONFIG} <PATH>")));
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_configuration_is_found_wherever_it_stands() {
        let found = |line: &[&str]| named(&line.iter().map(OsString::from).collect::<Vec<_>>());
        let path = Some(PathBuf::from("/x"));
        assert_eq!(found(&["wardkey", "--config", "/x", "--help"]), path);
        assert_eq!(found(&["wardkey", "pass", "--help", "--config=/x"]), path);
        for line in [
            &["wardkey", "--help"][..],
            &["--config", "/x"],
            &["wardkey", "--", "--config=/x"],
            &["wardkey", "--config"],
        ] {
            assert_eq!(found(line), None, "{line:?}");
        }
    }

    #[test]
    fn what_stands_on_several_lines_is_told_apart_on_one() {
        assert_eq!(on_one_line("missing:\n  --a <A>\n  <USER>"), "missing: --a <A>; <USER>");
        assert_eq!(on_one_line("no such 'x'\n\ntip: 'y'"), "no such 'x'; tip: 'y'");
    }
}
