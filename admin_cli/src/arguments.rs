//! What can stand on the command line.

use crate::commands::{
    Check, Command, Completions, ConfigCheck, Confirm, Emergency, Ended, Enroll, Init, List, Pass,
    RecoveryCodes, Remove, Reset, Status, Unlock,
};
use crate::console::Console;
use clap::{Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Enrols, resets and looks after people who log in with a second factor
#[derive(Debug, Parser)]
#[command(name = "wardkey", version, arg_required_else_help = true, max_term_width = 100, after_help = STATUSES)]
pub(crate) struct Arguments {
    /// Options that stand before or after the command.
    #[command(flatten)]
    pub(crate) options: Options,
    /// The command.
    #[command(subcommand)]
    pub(crate) command: Verb,
}

/// What holds for every command.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Options {
    /// The configuration file [default: /etc/wardkey/wardkey.toml]
    #[arg(long, global = true, value_name = "PATH", help_heading = EVERYWHERE)]
    pub(crate) config: Option<PathBuf>,
    /// One JSON document on standard output, for scripts
    #[arg(long, global = true, help_heading = EVERYWHERE)]
    pub(crate) json: bool,
    /// Colours; without them an enrolment shows no QR code
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", help_heading = EVERYWHERE)]
    pub(crate) color: Color,
}

/// The exit statuses, at the end of the help.
const STATUSES: &str =
    "Exit status: 0 done, 1 refused, 2 wrong usage, 3 something broken and nothing changed.";

/// The heading of what holds for every command.
const EVERYWHERE: &str = "Before or after any command";

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}

/// The commands, in the order of the help.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Init(Init),
    Enroll(Enroll),
    Confirm(Confirm),
    RecoveryCodes(RecoveryCodes),
    Status(Status),
    List(List),
    Check(Check),
    Reset(Reset),
    Pass(Pass),
    Emergency(Emergency),
    Unlock(Unlock),
    Remove(Remove),
    /// Look at the configuration
    #[command(subcommand, arg_required_else_help = true)]
    Config(ConfigVerb),
    Completions(Completions),
}

/// What can be done with the configuration.
#[derive(Debug, Subcommand)]
pub(crate) enum ConfigVerb {
    /// Reads the configuration, prints what is in force and what to look at
    Check(ConfigCheck),
}

impl Verb {
    /// The command, if it is one that works with records or configuration.
    pub(crate) fn command(&self) -> Option<&dyn Command> {
        Some(match self {
            Self::Init(c) => c,
            Self::Enroll(c) => c,
            Self::Confirm(c) => c,
            Self::RecoveryCodes(c) => c,
            Self::Status(c) => c,
            Self::List(c) => c,
            Self::Check(c) => c,
            Self::Reset(c) => c,
            Self::Pass(c) => c,
            Self::Emergency(c) => c,
            Self::Unlock(c) => c,
            Self::Remove(c) => c,
            Self::Config(ConfigVerb::Check(c)) => c,
            Self::Completions(_) => return None,
        })
    }

    /// Prints what concerns this program alone.
    pub(crate) fn print(&self, console: &Console) -> Ended {
        if let Self::Completions(completions) = self {
            completions.print(console);
        }
        Ended::Done
    }
}
