//! Unlock grace: within some hours of a login that had both factors, the same session on the same machine is
//! reopened by the password alone. And what a login by a recovery code leaves for `replace`.
//!
//! What is kept lives until the next boot and is root's alone. Whatever cannot be read, made or believed means that
//! a code is asked for: nothing here refuses anybody, and nothing here lets anybody in without a password.

mod basis;
mod boot;
mod files;
mod here;
mod misses;
mod note;
mod notes;
mod process;
mod record;
mod refusals;
mod session;
mod session_file;
mod state;
mod ticket;
mod visit;

pub use basis::Basis;
pub use boot::{BootClock, BootId, BootTime, SystemBootClock};
pub use files::{Grace, Seat};
pub use here::is_this_machine;
pub use misses::{HOUR, MISSES, Misses, NoTry, Try};
pub use note::{NOTE_LASTS, NoNote};
pub use notes::{Notes, forget_note};
pub use process::{Kernel, Process};
pub use refusals::Refusals;
pub use session::{NoSession, Session};
pub use state::{By, NoGrace, Taken};
pub use ticket::Ticket;
pub use visit::Visit;

use std::time::Duration;

/// Unlocks that may be begun without one that succeeds.
pub const BUDGET: u8 = 5;

/// No grace lasts longer, whatever else is asked for.
pub const LONGEST: Duration = Duration::from_secs(86400);

#[cfg(test)]
pub(crate) use process::testing::Machine;

#[cfg(test)]
mod property_tests;
#[cfg(test)]
mod testing;
