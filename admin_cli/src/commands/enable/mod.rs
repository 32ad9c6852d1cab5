//! `enable`

mod announce;
mod confirm;
mod packages;
mod proven;
mod put_back;
mod rest;
mod status;
mod switch;
mod trouble;
mod watch;

pub(super) use announce::{announce, confirmed, unprovable};
pub(super) use put_back::finish_broken_off;
pub(super) use rest::rest_is_proven;
pub(super) use switch::{desk, listed};
pub(super) use trouble::{failure, paths, report_left, report_sshd};

use super::{Command, Ended};
use crate::context::Context;
use crate::failure::Failure;
use std::ffi::OsStr;
use std::str::FromStr;
use wardkey_core::invalid_value::InvalidValue;
use wardkey_core::policy::config::Span;

/// Longest time until a confirmation, in seconds.
const DAY: u64 = 86400;

/// Switch services on: they ask for a code, and are put back by themselves unless you confirm
///
/// What will change is shown first, and at a terminal the command asks whether to go on. Then log in once through each
/// service from another window, and run `wardkey enable --confirm`.
#[derive(Debug, clap::Args)]
pub(crate) struct Enable {
    /// Services, such as sshd, login, sudo, su; with --confirm, those to keep though no code was accepted through them
    #[arg(value_name = "SERVICE")]
    services: Vec<String>,
    /// Every service that lets people in, as far as wardkey can prove its lines there
    #[arg(long, conflicts_with_all = ["services", "confirm", "status"])]
    all: bool,
    /// How long you have to confirm, such as 10m or 1h, at most 24h
    #[arg(long, value_name = "DURATION", default_value = "10m", value_parser = span)]
    confirm_within: Span<DAY>,
    /// Show what would change, and change nothing
    #[arg(long, conflicts_with_all = ["confirm", "status"])]
    print: bool,
    /// Ask for password and code after an SSH key, too
    #[arg(long, conflicts_with_all = ["confirm", "status"])]
    keys_too: bool,
    /// Switch on for good: nothing puts it back, and nothing is to be confirmed
    #[arg(long, conflicts_with_all = ["confirm", "status"])]
    no_revert: bool,
    /// Keep what was switched on and proven; put the rest back
    #[arg(long, conflicts_with = "status")]
    confirm: bool,
    /// Show what is on, what waits for a confirmation, and what was put back
    #[arg(long, conflicts_with = "services")]
    status: bool,
    /// For the unit wardkey-put-back.service alone
    #[arg(long, hide = true, conflicts_with_all = ["services", "all", "confirm", "status", "print"])]
    put_back: bool,
    /// For the unit wardkey-watch.service alone
    #[arg(long, hide = true, conflicts_with_all = ["services", "all", "confirm", "status", "print", "put_back"])]
    watch: bool,
}

fn span(text: &str) -> Result<Span<DAY>, InvalidValue> {
    Span::from_str(text)
}

impl Command for Enable {
    fn run(&self, context: &Context) -> Result<Ended, Failure> {
        if self.put_back {
            put_back::run(context)
        } else if self.watch {
            watch::run(context)
        } else if self.status {
            status::run(context)
        } else if self.confirm {
            confirm::run(context, &self.services)
        } else {
            switch::run(context, self)
        }
    }

    /// What is put back, and what is seen, must not wait for a configuration.
    fn says_what_is_wrong(&self) -> bool {
        self.put_back || self.status
    }

    fn needs_records(&self) -> bool {
        false
    }

    fn event(&self) -> Option<(&'static str, Option<&OsStr>)> {
        (!self.status && !self.print).then_some(("enable", None))
    }
}
