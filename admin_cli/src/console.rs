//! The one place that writes to standard output and standard error.

use crate::arguments::{Color, Options};
use crate::failure::Failure;
use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use serde::Serialize;
use std::io::{IsTerminal, Write};
use zeroize::Zeroizing;

const BAD: Style = AnsiColor::Red.on_default().bold();
const CAREFUL: Style = AnsiColor::Yellow.on_default().bold();
const GOOD: Style = AnsiColor::Green.on_default().bold();

/// Where a command speaks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Console {
    json: bool,
    color: Color,
}

impl Console {
    /// As the options say.
    pub(crate) const fn new(options: &Options) -> Self {
        Self { json: options.json, color: options.color }
    }

    /// For an error found before the options were read.
    pub(crate) const fn json() -> Self {
        Self { json: true, color: Color::Auto }
    }

    /// Whether a script listens.
    pub(crate) const fn is_json(&self) -> bool {
        self.json
    }

    /// Whether a person sits before both keyboard and screen.
    pub(crate) fn is_interactive(&self) -> bool {
        !self.json && std::io::stdin().is_terminal() && std::io::stdout().is_terminal()
    }

    /// Whether explicit colours reach whoever looks.
    pub(crate) fn has_colors(&self) -> bool {
        match self.color {
            Color::Auto => std::io::stdout().is_terminal(),
            Color::Always => true,
            Color::Never => false,
        }
    }

    /// The answer: `json` for a script, else `text`.
    pub(crate) fn answer(&self, json: &impl Serialize, text: impl FnOnce() -> String) {
        let answer = if self.json { serde_json::to_string(json).unwrap_or_default() } else { text() };
        // It may hold codes or a key.
        self.out(&Zeroizing::new(answer), "\n");
    }

    /// A paragraph for people.
    pub(crate) fn say(&self, text: &str) {
        self.out(text, "\n");
    }

    /// Text whose colours are its meaning: never stripped.
    pub(crate) fn raw(&self, text: &str) {
        let mut out = std::io::stdout().lock();
        let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    }

    /// A question, and the line stays open; a script's standard output stays clean.
    pub(crate) fn ask(&self, question: &str) {
        if !self.json {
            self.out(question, " ");
        } else if std::io::stdin().is_terminal() {
            self.err(&format!("{question} "));
        }
    }

    /// Empties the screen and what was scrolled off it.
    pub(crate) fn clear(&self) {
        self.raw("\x1b[H\x1b[2J\x1b[3J");
    }

    /// Something to look at that is no error.
    pub(crate) fn warn(&self, heading: &str, warning: &str) {
        self.err(&format!("{CAREFUL}{heading}{CAREFUL:#} {warning}\n"));
    }

    /// An error, on its own stream or as the script's answer.
    pub(crate) fn failure(&self, failure: &Failure) {
        if self.json {
            self.out(&failure.to_json(), "\n");
        } else {
            self.err(&format!("{BAD}wardkey:{BAD:#} {}\n{}\n", failure.message, failure.hint));
        }
    }

    fn choice(&self) -> ColorChoice {
        match self.color {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        }
    }

    /// A pipe that nobody reads any more is no reason to fail: what was done is done.
    fn out(&self, text: &str, end: &str) {
        let mut out = AutoStream::new(std::io::stdout(), self.choice());
        let _ = write!(out, "{text}{end}").and_then(|()| out.flush());
    }

    fn err(&self, text: &str) {
        let mut err = AutoStream::new(std::io::stderr(), self.choice());
        let _ = write!(err, "{text}").and_then(|()| err.flush());
    }
}

/// `text` as something good.
pub(crate) fn good(text: &str) -> String {
    format!("{GOOD}{text}{GOOD:#}")
}

/// `text` as something to look at.
pub(crate) fn careful(text: &str) -> String {
    format!("{CAREFUL}{text}{CAREFUL:#}")
}

/// `text` as something bad.
pub(crate) fn bad(text: &str) -> String {
    format!("{BAD}{text}{BAD:#}")
}
