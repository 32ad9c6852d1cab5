//! Waiting for a person while something secret stands on the screen: whatever ends the process must first let the
//! screen be cleared.

use crate::console::Console;
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{SigSet, Signal, raise};
use nix::sys::signalfd::{SfdFlags, SignalFd};
use std::os::fd::AsFd;

/// The signals by which people and systems end a command.
const ENDING: [Signal; 4] = [Signal::SIGINT, Signal::SIGTERM, Signal::SIGQUIT, Signal::SIGHUP];

/// These signals, held back until this is dropped.
pub(crate) struct Held {
    before: SigSet,
    signals: SignalFd,
}

impl Held {
    /// Holds them back; without that one waits all the same.
    pub(crate) fn new() -> Option<Self> {
        let ending: SigSet = ENDING.into_iter().collect();
        let before = SigSet::thread_get_mask().ok()?;
        ending.thread_block().ok()?;
        match SignalFd::with_flags(&ending, SfdFlags::SFD_CLOEXEC) {
            Ok(signals) => Some(Self { before, signals }),
            Err(_) => {
                let _ = before.thread_set_mask();
                None
            }
        }
    }

    /// The same where a person sits at a terminal, who is told how things stand before one of them takes effect.
    pub(crate) fn at_a_terminal(console: &Console) -> Option<Self> {
        console.is_interactive().then(Self::new).flatten()
    }

    /// Waits until `input` has something to read, or one of the signals came.
    pub(crate) fn wait(&self, input: &impl AsFd) -> Option<Signal> {
        loop {
            let mut either =
                [&input.as_fd(), &self.signals.as_fd()].map(|fd| PollFd::new(*fd, PollFlags::POLLIN));
            match poll(&mut either, PollTimeout::NONE) {
                Err(Errno::EINTR) => continue,
                Err(_) => return None,
                Ok(_) => {}
            }
            let [_, signals] = either;
            if signals.any() != Some(true) {
                return None;
            }
            let came = self.signals.read_signal().ok().flatten();
            return came.and_then(|came| Signal::try_from(i32::try_from(came.ssi_signo).ok()?).ok());
        }
    }

    /// Lets `signal` do what it does.
    pub(crate) fn deliver(self, signal: Signal) {
        drop(self);
        let _ = raise(signal);
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let _ = self.before.thread_set_mask();
    }
}
