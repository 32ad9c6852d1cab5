//! `wardkey`: enrols, resets and looks after people who log in with a second factor.
#![forbid(unsafe_code)]

mod actor;
mod arguments;
mod commands;
mod console;
mod counter;
mod everybody;
mod failure;
mod folder;
mod hidden;
mod interrupt;
mod journal;
mod keys;
mod misused;
mod office;
mod one_field;
mod paper;
mod post;
mod reach;
mod run;
mod services;
mod show;
mod text;
mod typed;

use std::process::ExitCode;

fn main() -> ExitCode {
    run::run(std::env::args_os())
}
