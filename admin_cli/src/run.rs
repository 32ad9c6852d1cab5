//! From the command line to the exit status.

use crate::arguments::Arguments;
use crate::commands::{Command, Ended, Remade};
use crate::console::{Console, is_closed, printed, report, trouble};
use crate::context::Context;
use crate::failure::{Failure, Kind};
use crate::text::{Text, shell_word};
use crate::trial::inner;
use crate::usage;
use clap::Parser;
use std::ffi::{OsStr, OsString};
use std::io::Error;
use std::process::ExitCode;

/// Changes that, where no user is given, are not about oneself.
const OF_NOBODY: [&str; 6] = ["init", "import", "fleet init", "fleet join", "fleet token", "fleet remove"];

/// Runs one command line.
pub(crate) fn run(line: impl Iterator<Item = OsString>) -> ExitCode {
    // No core file may hold what passes through here.
    let _ = nix::sys::prctl::set_dumpable(false);
    let line: Vec<OsString> = line.collect();
    // Before memory is locked: a process that stops being root may lock little, and has modules to load.
    if let Some(status) = inner::run(&line) {
        return status;
    }
    wardkey_core::system::memory::stay_out_of_swap();
    match Arguments::try_parse_from(&line).and_then(|arguments| once(&line, arguments)) {
        Ok(arguments) => execute(&arguments),
        Err(error) => usage::answer(&line, error),
    }
}

/// Clap takes an option of every command once before the command and once after it, and forgets the first.
fn once(line: &[OsString], arguments: Arguments) -> Result<Arguments, clap::Error> {
    let named = usage::configurations(line).count();
    if named < 2 { Ok(arguments) } else { Err(usage::named_twice()) }
}

fn execute(arguments: &Arguments) -> ExitCode {
    let console = Console::new(&arguments.options);
    match with_context(arguments, &console) {
        Ok(ended) => ExitCode::from(ended.status()),
        Err(failure) => report(&console, &failure),
    }
}

fn with_context(arguments: &Arguments, console: &Console) -> Result<Ended, Failure> {
    let Some(command) = arguments.command.command() else {
        let ended = arguments.command.run_alone(&arguments.options, console)?;
        return printed(&Text::default()).map(|()| ended);
    };
    let context = if command.says_what_is_wrong() {
        Context::open_whatever(&arguments.options, console)
    } else {
        Context::open(&arguments.options, console)?
    };
    if !command.is_for_oneself() {
        context.needs_root()?;
    }
    let result = if command.needs_records() && context.config.store.is_seat() {
        Err(at_the_verifier(&context))
    } else {
        carry_out(command, &context)
    };
    // The helper writes down what it was asked for.
    if let (Err(failure), Some((event, user)), true) = (&result, command.event(), context.is_root) {
        context.audit.failed(event, concerned(&context, event, user).as_deref(), failure);
    }
    let ended = result?;
    match (command.remade_by(context.console.is_json()), trouble()) {
        (Some(remade), Some(error)) if ended == Ended::Done => {
            Err(not_shown(&context, command, remade, error))
        }
        _ => printed(&context.text).map(|()| ended),
    }
}

/// A seat of a clinic keeps no records.
fn at_the_verifier(context: &Context) -> Failure {
    let failure = Failure::refused(&context.text, |t| {
        let servers: Vec<String> = context.config.store.servers.iter().map(ToString::to_string).collect();
        let hint = if context.is_root {
            t.run_at_verifier(&servers.join(", "))
        } else {
            t.call_support(&t.support())
        };
        (t.is_a_seat(), hint)
    });
    failure.with_nothing_changed(&context.text)
}

/// Whom a command concerns; one that may be about several people names them itself.
fn concerned(context: &Context, event: &str, user: Option<&OsStr>) -> Option<String> {
    if user.is_none() && OF_NOBODY.contains(&event) { None } else { context.concerned(user) }
}

/// What shows something only once does not begin where nothing can be shown.
fn carry_out(command: &dyn Command, context: &Context) -> Result<Ended, Failure> {
    if command.remade_by(context.console.is_json()).is_some() && is_closed() {
        let text = &context.text;
        return Err(Failure::new(Kind::System, text, |t| (t.stdout_closed(), t.open_stdout()))
            .with_nothing_changed(text));
    }
    command.run(context)
}

/// It was done, and nobody has seen what there was to see.
fn not_shown(context: &Context, command: &dyn Command, (verb, options): Remade, error: &Error) -> Failure {
    let user = command.event().and_then(|(event, user)| concerned(context, event, user));
    let again = format!(
        "wardkey {verb} {}{options}",
        user.map_or_else(|| "USER".to_owned(), |user| shell_word(&user))
    );
    Failure::new(Kind::System, &context.text, |t| (t.not_shown(&t.system_error(error)), t.make_again(&again)))
}
