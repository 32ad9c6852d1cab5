//! PAM's configuration as libpam reads it, and every way through a stack.
//!
//! ```
//! use pam_stack::{Kind, Line, PamResult, Root, Service, modules, ways};
//! # let machine = tempfile::tempdir()?;
//! # std::fs::create_dir_all(machine.path().join("etc/pam.d"))?;
//! # let text = "auth sufficient pam_fprintd.so\nauth required pam_unix.so\n";
//! # std::fs::write(machine.path().join("etc/pam.d/login"), text)?;
//!
//! // The root of a machine, or of a copy of its files.
//! let root = Root::new(machine.path());
//! let login = Service::load(&root, "login", root.reader());
//! let stack = login.stack(Kind::Auth);
//!
//! // Does any way lead in, and which line said yes last?
//! let answers = |line: &Line| modules::answers(line).into_iter().map(|result| (result, ())).collect();
//! let all = ways(stack, (), |_, line, ()| answers(line))?;
//! let into = all.into_iter().find(|way| way.result == PamResult::Success);
//! let last = into.and_then(|way| stack.get(way.steps.last()?.line)?.module_name());
//! assert_eq!(last, Some("pam_fprintd.so"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`Service::load`] reads what an application that names this service would get: its file where libpam finds it first,
//! the files it includes, and `other` for what it leaves out. [`ways`] walks the lines of one stack with every result that
//! each module may give, and keeps a witness of each end; [`logins()`] does so for `auth`, and notes who said what.
//! [`modules`] knows what the usual modules answer, prove and do. Nothing here calls libpam or runs a module: what it says
//! is held against libpam by tests.
//!
//! The words are those of pam.conf(5): a *service* has four *stacks*, a stack is a list of *lines*, a line has a *control*
//! that says what follows from its module's *result*.

mod build;
mod control;
mod found;
mod kind;
mod lines;
mod logins;
pub mod modules;
mod parse;
mod remark;
mod result;
mod roles;
mod root;
mod service;
#[cfg(test)]
mod testing;
mod token;
mod walk;

pub use control::{Action, Control, InvalidControl};
pub use found::{Found, MAX_FILE};
pub use kind::Kind;
pub use lines::{Reader, Written, written};
pub use logins::{Facts, Machine, Said, logins};
pub use remark::{Place, Remark, Trouble};
pub use result::PamResult;
pub use root::Root;
pub use service::{Line, MAX_LINES, Module, OTHER, Service, Stack};
pub use walk::{MAX_STATES, Step, TooWide, Way, ways};
