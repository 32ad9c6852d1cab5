//! From the command line to the exit status.

use crate::arguments::Arguments;
use crate::commands::Ended;
use crate::console::Console;
use crate::failure::{Failure, Kind};
use crate::office::Office;
use crate::text::Text;
use clap::Parser;
use clap::error::ErrorKind;
use std::ffi::OsString;
use std::process::ExitCode;

/// Runs one command line.
pub(crate) fn run(line: impl Iterator<Item = OsString>) -> ExitCode {
    // No core file may hold what passes through here.
    let _ = nix::sys::prctl::set_dumpable(false);
    let line: Vec<OsString> = line.collect();
    match Arguments::try_parse_from(&line) {
        Ok(arguments) => execute(&arguments),
        Err(error) => misused(&error, line.iter().any(|word| word == "--json")),
    }
}

fn execute(arguments: &Arguments) -> ExitCode {
    let console = Console::new(&arguments.options);
    match in_office(arguments, &console) {
        Ok(ended) => ExitCode::from(ended.status()),
        Err(failure) => report(&console, &failure),
    }
}

fn in_office(arguments: &Arguments, console: &Console) -> Result<Ended, Failure> {
    let Some(command) = arguments.command.command() else { return Ok(arguments.command.print(console)) };
    let office = Office::open(&arguments.options, console)?;
    command.run(&office).inspect_err(|failure| {
        if let Some((event, user)) = command.event() {
            let user = user.map(|user| user.to_string_lossy().escape_debug().to_string());
            office.journal.failed(event, user.as_deref(), failure);
        }
    })
}

fn report(console: &Console, failure: &Failure) -> ExitCode {
    console.failure(failure);
    ExitCode::from(failure.kind.status())
}

/// What clap did not understand, or was asked for: help and version are no errors.
fn misused(error: &clap::Error, json: bool) -> ExitCode {
    if !error.use_stderr() {
        let _ = error.print();
        return ExitCode::from(Ended::Done.status());
    }
    if json {
        let failure = Failure::new(Kind::Usage, what_is_wrong(error), Text::default().see_help());
        return report(&Console::json(), &failure);
    }
    let _ = error.print();
    ExitCode::from(Kind::Usage.status())
}

/// Clap's words without its usage, on one line.
fn what_is_wrong(error: &clap::Error) -> String {
    let kind = error.kind();
    if matches!(kind, ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand) {
        return Text::default().no_command();
    }
    let whole = error.render().to_string();
    let said = whole.lines().map(str::trim).take_while(|line| !line.starts_with("Usage:"));
    let words: Vec<&str> = said.filter(|line| !line.is_empty() && !line.starts_with("For more")).collect();
    words.join(" ").trim_start_matches("error: ").to_owned()
}
