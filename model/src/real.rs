//! The same events on the real store: real processes, held at the system calls that the model's steps stand for.

mod enrolled;
mod gate;
mod ground;
mod image;
mod tracee;
mod unlocked;

pub use enrolled::{RULES, roy, texts};
pub use ground::{BOUND, Ground};
pub use tracee::Kind;
pub use unlocked::Unlocked;
