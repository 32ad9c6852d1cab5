//! What holds for every command.

use clap::ValueEnum;
use std::path::PathBuf;

/// The heading of what holds for every command.
const EVERYWHERE: &str = "Before or after any command";

/// Options of every command, before or after it.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Options {
    /// The configuration file [default: /etc/wardkey/wardkey.toml]
    #[arg(long, global = true, value_name = "PATH", help_heading = EVERYWHERE)]
    pub(crate) config: Option<PathBuf>,
    /// Print one JSON document on standard output, for scripts
    #[arg(long, global = true, help_heading = EVERYWHERE)]
    pub(crate) json: bool,
    /// When to use colours; without them a QR code scans on dark screens only
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", help_heading = EVERYWHERE)]
    pub(crate) color: Color,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}
