//! `pam_wardkey.so`: C doors, a conversation, one decision made by core, one PAM result.
//!
//! Everything but `ffi` is safe code over the [`host::Host`] trait and is tested with a scripted one.
#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests look at files from outside"))]

pub mod arguments;
pub mod auth;
pub mod doors;
pub mod host;
pub mod mark;
pub mod passage;
pub mod password;
pub mod screen;
pub mod shadow;
pub mod text;

mod by_mail;
mod combined;
mod court;
mod enrol;
mod ffi;
mod hooks;
mod kept;
mod login;
mod report;

#[cfg(test)]
mod scripted;
#[cfg(test)]
mod site;
