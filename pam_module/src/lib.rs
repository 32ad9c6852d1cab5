//! `pam_wardkey.so`: C doors, a conversation, one decision made by core, one PAM result.
//!
//! Everything but `ffi` is safe code over the [`transaction::Transaction`] trait and is tested with a scripted one.
#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests look at files from outside"))]

pub mod answer;
pub mod arguments;
pub mod doors;
pub mod mark;
pub mod screen;
pub mod shadow;
pub mod text;
pub mod transaction;

mod attempt;
mod authority;
mod by_mail;
mod by_sshd;
mod combined;
mod enrol;
mod ffi;
mod hooks;
mod kept;
mod marked;
mod report;
mod separate;
mod show;
mod wrap;

#[cfg(test)]
mod testing;
