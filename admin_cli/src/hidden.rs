//! Reading a line without showing it. The kernel edits it, as at every other password prompt of the machine: letters of
//! several bytes, words, the whole line. Only what would end the process is kept from it, so that nothing leaves the
//! terminal mute.

use nix::errno::Errno;
use nix::sys::signal::{Signal, raise};
use nix::sys::termios::{
    InputFlags, LocalFlags, SetArg, SpecialCharacterIndices, Termios, tcgetattr, tcsetattr,
};
use std::os::fd::AsFd;
use wardkey_core::credential::secret::Secret;
use zeroize::Zeroizing;

/// Longest line that the kernel edits, with its end, in bytes (`N_TTY_BUF_SIZE`).
const LONGEST: usize = 4096;

/// The keys by which people end a command, what each does, and as which end of a line the kernel takes it meanwhile.
const ENDING: [(SpecialCharacterIndices, Signal, SpecialCharacterIndices); 2] = [
    (SpecialCharacterIndices::VINTR, Signal::SIGINT, SpecialCharacterIndices::VEOL),
    (SpecialCharacterIndices::VQUIT, Signal::SIGQUIT, SpecialCharacterIndices::VEOL2),
];

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
            let _ = tcsetattr(terminal, SetArg::TCSANOW, &quiet(before));
        }
        Self { terminal, before }
    }

    /// Reads up to Return; `None` at the end of the input. After Ctrl-C the process ends as ever.
    pub(crate) fn read_line(self) -> Option<Secret> {
        let mut line = Zeroizing::new(vec![0; LONGEST]);
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
