//! The one place that writes to standard output and standard error.

use crate::failure::{Failure, Kind};
use crate::options::{Color, Options};
use crate::text::Text;
use crate::wrap::wrapped;
use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::sys::stat::{fstat, major, minor};
use serde::Serialize;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::process::ExitCode;
use std::sync::OnceLock;
use terminal_size::{Height, Width, terminal_size_of};
use wardkey_core::printable::in_json;
use zeroize::Zeroizing;

const BAD: Style = AnsiColor::Red.on_default().bold();
const CAREFUL: Style = AnsiColor::Yellow.on_default().bold();
const GOOD: Style = AnsiColor::Green.on_default().bold();

/// What first went wrong on standard output. There is one of each in a process.
static TROUBLE: OnceLock<io::Error> = OnceLock::new();

/// The device that swallows everything (null(4)).
const NULL_DEVICE: (u64, u64) = (1, 3);

/// Why not everything that was said has reached standard output.
pub(crate) fn trouble() -> Option<&'static io::Error> {
    TROUBLE.get()
}

/// Whether standard output was closed when the program began: the runtime has then put the null device there, for
/// reading too, which a shell's `>/dev/null` does not.
pub(crate) fn is_closed() -> bool {
    let out = io::stdout();
    let device = fstat(&out).map(|stat| (major(stat.st_rdev), minor(stat.st_rdev)));
    let flags = fcntl(&out, FcntlArg::F_GETFL).map(OFlag::from_bits_truncate);
    device == Ok(NULL_DEVICE) && flags.is_ok_and(|flags| flags & OFlag::O_ACCMODE == OFlag::O_RDWR)
}

/// Whether the terminal does nothing but show lines.
#[expect(clippy::disallowed_methods, reason = "says what the screen can do, and decides nothing")]
fn is_bare() -> bool {
    std::env::var_os("TERM").is_none_or(|term| term.is_empty() || term == "dumb")
}

fn note(written: io::Result<()>) {
    if let Err(error) = written {
        let _ = TROUBLE.set(error);
    }
}

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

    /// For what is said before the options were read.
    pub(crate) const fn early(json: bool) -> Self {
        Self { json, color: Color::Auto }
    }

    /// Whether a script listens.
    pub(crate) const fn is_json(&self) -> bool {
        self.json
    }

    /// Whether a person sits before both keyboard and screen.
    pub(crate) fn is_interactive(&self) -> bool {
        !self.json && io::stdin().is_terminal() && io::stdout().is_terminal()
    }

    /// Whether explicit colours reach the person who looks.
    pub(crate) fn has_colors(&self) -> bool {
        match self.color {
            // Not where NO_COLOR is set, or the terminal says that it has none.
            Color::Auto => AutoStream::choice(&io::stdout()) != ColorChoice::Never,
            Color::Always => true,
            Color::Never => false,
        }
    }

    /// Whether somebody looks at standard output.
    pub(crate) fn is_seen(&self) -> bool {
        !self.json && io::stdout().is_terminal()
    }

    /// Whether the screen can be emptied when what stands on it is done with.
    pub(crate) fn can_clear(&self) -> bool {
        self.is_interactive() && !is_bare()
    }

    /// Lines and columns of the window, if they can be told.
    pub(crate) fn window(&self) -> Option<(usize, usize)> {
        let (Width(columns), Height(lines)) = terminal_size_of(io::stdout())?;
        (columns > 0 && lines > 0).then_some((lines.into(), columns.into()))
    }

    /// The answer: `json` for a script, else `text`.
    pub(crate) fn answer(&self, json: &impl Serialize, text: impl FnOnce() -> String) {
        let answer =
            if self.json { in_json(serde_json::to_string(json).unwrap_or_default()) } else { text() };
        // It may hold codes or a key.
        self.out(&Zeroizing::new(answer), "\n");
    }

    /// A paragraph for people.
    pub(crate) fn say(&self, text: &str) {
        self.out(text, "\n");
    }

    /// The same in lines that end between words, whatever the window's width.
    pub(crate) fn tell(&self, text: &str) {
        match self.window() {
            Some((_, columns)) => self.say(&wrapped(text, columns)),
            None => self.say(text),
        }
    }

    /// A line for people, beside the answer.
    pub(crate) fn aside(&self, text: &str) {
        if self.json { self.err(&format!("{text}\n")) } else { self.say(text) }
    }

    /// Text whose colours are its meaning: never stripped.
    pub(crate) fn raw(&self, text: &str) {
        let mut out = io::stdout().lock();
        note(out.write_all(text.as_bytes()).and_then(|()| out.flush()));
    }

    /// A question, and the line stays open; a script's standard output stays clean.
    pub(crate) fn ask(&self, question: &str) {
        if !self.json {
            self.out(question, " ");
        } else if io::stdin().is_terminal() {
            self.err(&format!("{question} "));
        }
    }

    /// Empties the screen and what was scrolled off it, where that can be done.
    pub(crate) fn clear(&self) {
        if self.can_clear() {
            self.raw("\x1b[H\x1b[2J\x1b[3J");
        }
    }

    /// Something to look at; not an error.
    pub(crate) fn warn(&self, heading: &str, warning: &str) {
        self.err(&format!("{CAREFUL}{heading}{CAREFUL:#} {warning}\n"));
    }

    /// An error, on its own stream or as the script's answer.
    pub(crate) fn failure(&self, failure: &Failure) {
        if self.json {
            self.out(&failure.to_json(), "\n");
        }
        if !self.json || trouble().is_some() {
            self.err(&format!("{BAD}wardkey:{BAD:#} {}\n{}\n", failure.message, failure.advice()));
        }
    }

    /// The help that was asked for, ready in its lines.
    pub(crate) fn help(&self, help: &str) {
        self.out(help, "");
    }

    /// The help that was not asked for.
    pub(crate) fn usage(&self, help: &str) {
        self.err(help);
    }

    /// A command line that is none, and how it should be.
    pub(crate) fn misused(&self, lead: &str, what: &str) {
        self.err(&format!("{BAD}{lead}{BAD:#} {what}\n"));
    }

    fn choice(&self) -> ColorChoice {
        match self.color {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        }
    }

    /// What goes wrong is looked at when the command has ended: what was done is done.
    fn out(&self, text: &str, end: &str) {
        let mut out = AutoStream::new(io::stdout(), self.choice());
        note(write!(out, "{text}{end}").and_then(|()| out.flush()));
    }

    fn err(&self, text: &str) {
        let mut err = AutoStream::new(io::stderr(), self.choice());
        let _ = write!(err, "{text}").and_then(|()| err.flush());
    }
}

/// Whether everything that was said was written. A reader who left has seen what they wanted.
pub(crate) fn printed(text: &Text) -> Result<(), Failure> {
    match trouble() {
        Some(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::new(Kind::System, text, |t| (t.not_printed(&t.system_error(error)), t.look_again())))
        }
        _ => Ok(()),
    }
}

/// Says what went wrong; the answer is the exit status for it.
pub(crate) fn report(console: &Console, failure: &Failure) -> ExitCode {
    console.failure(failure);
    ExitCode::from(failure.kind.status())
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
