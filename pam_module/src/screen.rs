//! What the person sees, as far as it decides how texts are shown.

use std::os::fd::{AsFd, BorrowedFd};

use wardkey_core::desk::qr::Ink;

/// What a line holds where nobody can tell how wide the screen is, and how many lines there are.
const USUAL: Window = Window { rows: 24, columns: 80 };

/// Where the application's texts appear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Screen {
    /// A terminal that this process sits at.
    Terminal(Look),
    /// The terminal of an SSH client: lines, but no control characters, which the client makes visible. Nobody here can tell
    /// its size, or whether it has more than ASCII.
    Ssh,
    /// A greeter, a pipe, or nobody knows what: a prompt, and perhaps the last line before it.
    Prompt,
}

/// What a terminal can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// Its size, if it can be told.
    pub window: Option<Window>,
    /// Whether it has colours, and the person wants them.
    pub has_colours: bool,
    /// Whether it does more than show one line after another.
    pub can_clear: bool,
}

/// The size of a terminal, in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Lines.
    pub rows: usize,
    /// Characters a line.
    pub columns: usize,
}

impl Screen {
    /// What a QR code is drawn with, where one can be.
    pub(crate) const fn ink(self) -> Option<Ink> {
        match self {
            Self::Terminal(Look { has_colours: true, .. }) => Some(Ink::Colours),
            Self::Terminal(_) | Self::Ssh => Some(Ink::LightBlocks),
            Self::Prompt => None,
        }
    }

    /// Its size, as far as it can be told.
    pub(crate) fn window(self) -> Window {
        match self {
            Self::Terminal(look) => look.window.unwrap_or(USUAL),
            Self::Ssh | Self::Prompt => USUAL,
        }
    }

    /// Whether it can be emptied.
    pub(crate) const fn can_clear(self) -> bool {
        matches!(self, Self::Terminal(Look { can_clear: true, .. }))
    }
}

impl Look {
    /// By the environment of the program, which the person who sits there may set as they like: no more hangs on it than how
    /// texts look.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "says what the screen can do, and decides nothing")]
    pub fn of_environment(window: Option<Window>) -> Self {
        let term = std::env::var_os("TERM").filter(|term| !term.is_empty() && term != "dumb");
        let wants_none = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self { window, has_colours: term.is_some() && !wants_none, can_clear: term.is_some() }
    }
}

/// Whether texts appear on this terminal: programs write them to their standard output, and greeters name a terminal that they
/// do not sit at.
pub(crate) fn shows_texts_on(tty: &str) -> bool {
    let path = std::path::Path::new("/dev").join(tty);
    let Ok(named) = nix::sys::stat::stat(&path) else { return false };
    let is_named = |stream: BorrowedFd<'_>| {
        nix::unistd::isatty(stream).unwrap_or(false)
            && nix::sys::stat::fstat(stream).is_ok_and(|own| own.st_rdev == named.st_rdev)
    };
    is_named(std::io::stdout().as_fd())
}
