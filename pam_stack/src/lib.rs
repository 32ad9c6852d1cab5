//! PAM's configuration as libpam reads it, and every way through a stack.
//!
//! [`Service::load`] reads what an application that names this service would get: its file where libpam finds it first, the
//! files it includes, and `other` for what it leaves out. [`ways`] walks the lines of one door with every result that
//! each module may give, and keeps a witness of each end. [`modules`] knows what the usual modules answer, prove and do.
//! Nothing here calls libpam: what it says is held against libpam by tests.
//!
//! The words are those of pam.conf(5): a *service* has four *stacks*, a stack is a list of *lines*, a line has a *control*
//! that says what follows from its module's *result*.

mod control;
mod kind;
mod lines;
mod logins;
pub mod modules;
mod parse;
mod remark;
mod result;
mod root;
mod service;
#[cfg(test)]
mod testing;
mod token;
mod walk;

pub use control::{Action, Control, InvalidControl};
pub use kind::Kind;
pub use lines::{Reader, Written, written};
pub use logins::{Facts, Machine, Said, logins};
pub use remark::{Place, Remark, Trouble};
pub use result::PamResult;
pub use root::{Found, MAX_FILE, Root};
pub use service::{Line, MAX_LINES, Module, OTHER, Service, Stack};
pub use walk::{MAX_STATES, Step, TooWide, Way, ways};
