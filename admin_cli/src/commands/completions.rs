//! `completions`

use crate::console::Console;
use clap::{Command, ValueEnum};
use clap_complete::{generate, shells};

/// Print completions for a shell, to be put where it looks for them
///
/// For example: `wardkey completions bash > /usr/share/bash-completion/completions/wardkey`
#[derive(Debug, clap::Args)]
pub(crate) struct Completions {
    /// The shell
    shell: Shell,
}

/// Shells with completions.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Shell {
    Bash,
    Zsh,
    Fish,
}

impl Completions {
    /// Prints them, of this command line.
    pub(crate) fn print(&self, console: &Console, mut command: Command) {
        let mut script = Vec::new();
        match self.shell {
            Shell::Bash => generate(shells::Bash, &mut command, "wardkey", &mut script),
            Shell::Zsh => generate(shells::Zsh, &mut command, "wardkey", &mut script),
            Shell::Fish => generate(shells::Fish, &mut command, "wardkey", &mut script),
        }
        console.raw(&String::from_utf8_lossy(&script));
    }
}
