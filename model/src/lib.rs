//! A model of how one person's record is read, judged by and written: every step of every process, kills, power cuts
//! and failing disks, explored exhaustively to a bound. Nothing here is linked into what is installed.
//!
//! Each step stands for a few system calls of `wardkey_core::store`; [`process::At`] names the function of each.
//! `docs/design/model.md` says what it covers and what not.
#![forbid(unsafe_code)]

pub mod claims;
pub mod disk;
pub mod explore;
pub mod history;
pub mod process;
pub mod real;
pub mod record;
pub mod safeguard;
mod steps;
pub mod world;
