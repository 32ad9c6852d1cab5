//! Reading a line without showing it. Ctrl-C is read like any other key, so that it cannot leave the terminal
//! mute.

use crate::typed::read_byte;
use nix::sys::signal::{Signal, raise};
use nix::sys::termios::{LocalFlags, SetArg, Termios, tcgetattr, tcsetattr};
use std::os::fd::AsFd;
use wardkey_core::secret::Secret;
use zeroize::Zeroizing;

/// Longest line taken, in bytes.
const LONGEST: usize = 1024;

const END_OF_INPUT: u8 = 0x04;
const INTERRUPT: u8 = 0x03;
const BACKSPACE: [u8; 2] = [0x08, 0x7f];
const KILL_LINE: u8 = 0x15;

/// A terminal that shows nothing until this is dropped.
pub(crate) struct Hidden<'a, T: AsFd> {
    terminal: &'a T,
    before: Option<Termios>,
}

impl<'a, T: AsFd> Hidden<'a, T> {
    /// Silences `terminal`.
    pub(crate) fn new(terminal: &'a T) -> Self {
        let before = tcgetattr(terminal).ok();
        if let Some(before) = &before {
            let mut quiet = before.clone();
            quiet.local_flags.remove(LocalFlags::ECHO | LocalFlags::ICANON | LocalFlags::ISIG);
            quiet.local_flags.remove(LocalFlags::ECHONL | LocalFlags::IEXTEN);
            let _ = tcsetattr(terminal, SetArg::TCSANOW, &quiet);
        }
        Self { terminal, before }
    }

    /// Reads up to Return; `None` at the end of the input. After Ctrl-C the process ends as ever.
    pub(crate) fn read_line(self) -> Option<Secret> {
        let mut line = Zeroizing::new(Vec::with_capacity(LONGEST));
        let end = loop {
            match read_byte(self.terminal).ok()? {
                Some(b'\n' | b'\r') => break Some(()),
                None | Some(END_OF_INPUT) => break None,
                Some(INTERRUPT) => {
                    drop(self);
                    let _ = raise(Signal::SIGINT);
                    return None;
                }
                Some(byte) if BACKSPACE.contains(&byte) => {
                    line.pop();
                }
                Some(KILL_LINE) => line.clear(),
                Some(byte) if line.len() < LONGEST => line.push(byte),
                Some(_) => {}
            }
        };
        (end.is_some() || !line.is_empty()).then(|| Secret::new(std::mem::take(&mut *line)))
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
