//! Every system call of a path failing in turn: found in a trace, made to fail, and looked at afterwards.

mod call;
mod commands;
mod path;
mod paths;
mod run;
mod state;
mod sweep;
mod verdict;

pub use call::{Call, Fault, Ours, calls};
pub use path::Path;
pub use paths::{Make, all};
pub use sweep::{Extent, Tally, sweep};
