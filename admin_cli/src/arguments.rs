//! What can stand on the command line.

use crate::commands::{
    AuthenticatorAdd, AuthenticatorList, AuthenticatorRemove, Check, Command, Completions, ConfigCheck,
    ConfigEdit, Confirm, Disable, Doctor, Emergency, Enable, Ended, Enroll, FleetInit, FleetRemove,
    FleetStatus, FleetToken, ImportGoogleAuthenticator, ImportOath, Init, List, Pass, Rebind, RecoveryCodes,
    Remove, Rename, Replace, Reset, Status, Try, Unlock,
};
use crate::console::Console;
use crate::failure::Failure;
use crate::options::Options;
use clap::{CommandFactory, Parser, Subcommand};

/// Enrol, reset and look after people who log in with a second factor
#[derive(Debug, Parser)]
#[command(name = "wardkey", version = VERSION, arg_required_else_help = true, max_term_width = 100, after_help = STATUSES)]
pub(crate) struct Arguments {
    /// Options that stand before or after the command.
    #[command(flatten)]
    pub(crate) options: Options,
    /// The command.
    #[command(subcommand)]
    pub(crate) command: Verb,
}

/// The version, and the commit that it is built from where that is known.
const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), env!("WARDKEY_COMMIT"));

/// The exit statuses, at the end of the help.
const STATUSES: &str = "Exit status: 0 done, 1 refused, 2 wrong usage, 3 something broken.";

/// The commands, in the order of the help.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Init(Init),
    #[command(alias = "enrol")]
    Enroll(Enroll),
    Confirm(Confirm),
    Replace(Replace),
    /// Manage a user's authenticators, at most eight
    #[command(subcommand, arg_required_else_help = true)]
    Authenticator(AuthenticatorVerb),
    RecoveryCodes(RecoveryCodes),
    Status(Status),
    List(List),
    Check(Check),
    Reset(Reset),
    Pass(Pass),
    Emergency(Emergency),
    Unlock(Unlock),
    Rebind(Rebind),
    Rename(Rename),
    Remove(Remove),
    /// Take over the enrolments of another program
    #[command(subcommand, arg_required_else_help = true)]
    Import(ImportVerb),
    /// Look at the configuration, or change it
    #[command(subcommand, arg_required_else_help = true)]
    Config(ConfigVerb),
    /// Look after the clinic's verifier and its seats
    #[command(subcommand, arg_required_else_help = true)]
    Fleet(FleetVerb),
    Doctor(Doctor),
    Try(Try),
    Enable(Enable),
    Disable(Disable),
    Completions(Completions),
}

/// What can be done with the configuration.
#[derive(Debug, Subcommand)]
pub(crate) enum ConfigVerb {
    /// Read the configuration, and print what is in force and what to look at
    Check(ConfigCheck),
    Edit(ConfigEdit),
}

/// What can be done with the clinic's verifier and its seats.
#[derive(Debug, Subcommand)]
pub(crate) enum FleetVerb {
    Init(FleetInit),
    Token(FleetToken),
    Remove(FleetRemove),
    Status(FleetStatus),
}

/// What can be done with authenticators.
#[derive(Debug, Subcommand)]
pub(crate) enum AuthenticatorVerb {
    Add(AuthenticatorAdd),
    Remove(AuthenticatorRemove),
    List(AuthenticatorList),
}

/// From where people can be taken over.
#[derive(Debug, Subcommand)]
pub(crate) enum ImportVerb {
    GoogleAuthenticator(ImportGoogleAuthenticator),
    Oath(ImportOath),
}

impl Verb {
    /// The command, if it is one that works with records or a sound configuration.
    pub(crate) fn command(&self) -> Option<&dyn Command> {
        Some(match self {
            Self::Init(c) => c,
            Self::Enroll(c) => c,
            Self::Confirm(c) => c,
            Self::Replace(c) => c,
            Self::Authenticator(AuthenticatorVerb::Add(c)) => c,
            Self::Authenticator(AuthenticatorVerb::Remove(c)) => c,
            Self::Authenticator(AuthenticatorVerb::List(c)) => c,
            Self::RecoveryCodes(c) => c,
            Self::Status(c) => c,
            Self::List(c) => c,
            Self::Check(c) => c,
            Self::Reset(c) => c,
            Self::Pass(c) => c,
            Self::Emergency(c) => c,
            Self::Unlock(c) => c,
            Self::Rebind(c) => c,
            Self::Rename(c) => c,
            Self::Remove(c) => c,
            Self::Import(ImportVerb::GoogleAuthenticator(c)) => c,
            Self::Import(ImportVerb::Oath(c)) => c,
            Self::Config(ConfigVerb::Check(c)) => c,
            Self::Fleet(FleetVerb::Init(c)) => c,
            Self::Fleet(FleetVerb::Token(c)) => c,
            Self::Fleet(FleetVerb::Remove(c)) => c,
            Self::Fleet(FleetVerb::Status(c)) => c,
            Self::Doctor(c) => c,
            Self::Try(c) => c,
            Self::Enable(c) => c,
            Self::Disable(c) => c,
            Self::Config(ConfigVerb::Edit(_)) | Self::Completions(_) => return None,
        })
    }

    /// Does what needs neither.
    pub(crate) fn run_alone(&self, options: &Options, console: &Console) -> Result<Ended, Failure> {
        match self {
            Self::Config(ConfigVerb::Edit(edit)) => return edit.run(options, console),
            Self::Completions(completions) => completions.print(console, Arguments::command()),
            _ => {}
        }
        Ok(Ended::Done)
    }
}
