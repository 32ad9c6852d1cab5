//! What people type or scripts pipe in: codes and keys, one a line.

use crate::console::Console;
use crate::hidden::Hidden;
use crate::signals::Held;
use nix::errno::Errno;
use nix::sys::signal::Signal;
use std::io::IsTerminal;
use std::os::fd::AsFd;
use wardkey_core::credential::secret::Secret;
use zeroize::Zeroizing;

/// Longest line, in bytes: with a longer one the input is taken to have ended.
const LONGEST: usize = 1024;

/// Whether what is typed shows on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Echo {
    /// A code that is spent the moment it is right.
    Shown,
    /// Whatever would still be good to somebody who saw it.
    Hidden,
}

/// Asks for one line; `None` at the end of the input.
pub(crate) fn ask(console: &Console, question: &str, echo: Echo) -> Option<Secret> {
    let stdin = std::io::stdin();
    // Hidden before the question is seen: whoever types fast, or pastes, is not shown either.
    if echo == Echo::Hidden && stdin.is_terminal() {
        let hidden = Hidden::new(&stdin);
        console.ask(question);
        return hidden.read_line();
    }
    console.ask(question);
    if !stdin.is_terminal() {
        let line = read_line(&stdin);
        if !console.is_json() {
            console.say("");
        }
        return line;
    }
    read_line(&stdin)
}

/// The same in the open, while a secret stands on the screen: a signal that was held back ends the question.
pub(crate) fn ask_held(
    console: &Console,
    question: &str,
    held: Option<&Held>,
) -> Result<Option<Secret>, Signal> {
    let Some(held) = held else { return Ok(ask(console, question, Echo::Shown)) };
    console.ask(question);
    let stdin = std::io::stdin();
    match held.wait(&stdin) {
        Some(signal) => Err(signal),
        None => Ok(read_line(&stdin)),
    }
}

/// Reads byte by byte: a buffer would keep a copy, and take lines that the next question needs. A line without an end
/// is none, nor is one of which a part could not be read.
pub(crate) fn read_line(input: &impl AsFd) -> Option<Secret> {
    let mut line = Zeroizing::new(Vec::with_capacity(LONGEST));
    let mut any = false;
    while let Some(byte) = read_byte(input).ok()? {
        any = true;
        if byte == b'\n' {
            break;
        }
        if line.len() == LONGEST {
            return None;
        }
        line.push(byte);
    }
    any.then(|| Secret::new(std::mem::take(&mut *line)))
}

/// The next byte; `None` at the end.
pub(crate) fn read_byte(input: &impl AsFd) -> nix::Result<Option<u8>> {
    let mut byte = Zeroizing::new([0]);
    loop {
        match nix::unistd::read(input, &mut *byte) {
            Err(Errno::EINTR) => {}
            read => return read.map(|count| byte.get(..count)?.first().copied()),
        }
    }
}
