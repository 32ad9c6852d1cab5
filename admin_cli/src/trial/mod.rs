//! `try`: a real login up to the point where a session would begin, to see what it does and to change nothing.
//!
//! [`scene`] knows how each program calls libpam. For most services the command starts itself again as [`inner`], which
//! takes on who the program runs as and calls libpam; [`stack`] is the person's side of that. For sshd, [`sshd`] starts
//! the real one and a real client. [`acting`] says beforehand what else a stack touches, and [`spending`] afterwards what
//! it cost.

pub(crate) mod acting;
pub(crate) mod inner;
pub(crate) mod outcome;
pub(crate) mod scene;
pub(crate) mod spending;
pub(crate) mod sshd;
pub(crate) mod stack;
pub(crate) mod wire;
