//! What people type or scripts pipe in: codes and keys, one a line.

use crate::console::Console;
use crate::signals::Held;
use nix::errno::Errno;
use nix::sys::signal::{Signal, raise};
use nix::sys::termios::{
    InputFlags, LocalFlags, SetArg, SpecialCharacterIndices, Termios, tcgetattr, tcsetattr,
};
use std::io::IsTerminal;
use std::os::fd::AsFd;
use wardkey_core::credential::secret::Secret;
use zeroize::Zeroizing;

/// Longest line, in bytes: with a longer one the input is taken to have ended.
const LONGEST: usize = 1024;

/// Longest line that the kernel edits, with its end, in bytes (`N_TTY_BUF_SIZE`).
const LONGEST_EDITED: usize = 4096;

/// The keys by which people end a command, what each does, and as which end of a line the kernel takes it meanwhile.
const ENDING: [(SpecialCharacterIndices, Signal, SpecialCharacterIndices); 2] = [
    (SpecialCharacterIndices::VINTR, Signal::SIGINT, SpecialCharacterIndices::VEOL),
    (SpecialCharacterIndices::VQUIT, Signal::SIGQUIT, SpecialCharacterIndices::VEOL2),
];

/// Whether what is typed shows on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Echo {
    /// A code that is spent the moment it is right.
    Shown,
    /// What would still be good to somebody who saw it.
    Hidden,
}

/// Asks for one line; `None` at the end of the input.
pub(crate) fn ask(console: &Console, question: &str, echo: Echo) -> Option<Secret> {
    let stdin = std::io::stdin();
    // Hidden before the question is seen: what is typed fast, or pasted, is not shown either.
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
fn read_byte(input: &impl AsFd) -> nix::Result<Option<u8>> {
    let mut byte = Zeroizing::new([0]);
    loop {
        match nix::unistd::read(input, &mut *byte) {
            Err(Errno::EINTR) => {}
            read => return read.map(|count| byte.get(..count)?.first().copied()),
        }
    }
}

/// A terminal that shows nothing until this is dropped. The kernel edits the line, as at every other password prompt of the
/// machine: letters of several bytes, words, the whole line. Only what would end the process is kept from it, so that nothing
/// leaves the terminal mute.
struct Hidden<'a, T: AsFd> {
    terminal: &'a T,
    before: Option<Termios>,
}

impl<'a, T: AsFd> Hidden<'a, T> {
    /// Silences `terminal`.
    fn new(terminal: &'a T) -> Self {
        let before = tcgetattr(terminal).ok();
        if let Some(before) = &before {
            let _ = tcsetattr(terminal, SetArg::TCSANOW, &quiet(before));
        }
        Self { terminal, before }
    }

    /// Reads up to Return; `None` at the end of the input. After Ctrl-C the process ends as ever.
    fn read_line(self) -> Option<Secret> {
        let mut line = Zeroizing::new(vec![0; LONGEST_EDITED]);
        let len = loop {
            match nix::unistd::read(self.terminal, &mut line) {
                Err(Errno::EINTR) => {}
                read => break read.ok().filter(|len| *len > 0)?,
            }
        };
        line.truncate(len);
        let ended_by = line.last().copied();
        let signal =
            ENDING.into_iter().find(|(key, ..)| ended_by == self.key(*key)).map(|(_, signal, _)| signal);
        if let Some(signal) = signal {
            drop(self);
            let _ = raise(signal);
            return None;
        }
        if ended_by == Some(b'\n') {
            line.pop();
        }
        Some(Secret::new(std::mem::take(&mut *line)))
    }

    /// The character of a key, if it has one.
    fn key(&self, of: SpecialCharacterIndices) -> Option<u8> {
        let key = self.before.as_ref()?.control_chars.get(of as usize).copied();
        key.filter(|key| *key != 0)
    }
}

impl<T: AsFd> Drop for Hidden<'_, T> {
    fn drop(&mut self) {
        if let Some(before) = &self.before {
            let _ = tcsetattr(self.terminal, SetArg::TCSANOW, before);
        }
        // The Return that was not shown.
        let _ = nix::unistd::write(self.terminal, b"\n");
    }
}

/// The terminal as it is to be meanwhile: what is typed is text in UTF-8 whatever it says of itself, Return ends a line, and
/// so does Ctrl-C.
fn quiet(before: &Termios) -> Termios {
    let mut quiet = before.clone();
    quiet.local_flags.remove(LocalFlags::ECHO | LocalFlags::ECHONL | LocalFlags::ISIG);
    quiet.local_flags.insert(LocalFlags::ICANON | LocalFlags::IEXTEN);
    quiet.input_flags.insert(InputFlags::ICRNL | InputFlags::IUTF8);
    quiet.input_flags.remove(InputFlags::IGNCR | InputFlags::INLCR);
    for (key, _, end) in ENDING {
        let key = before.control_chars.get(key as usize).copied().unwrap_or(0);
        if let Some(end) = quiet.control_chars.get_mut(end as usize) {
            *end = key;
        }
    }
    quiet
}
