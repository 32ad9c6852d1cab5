//! `wardkey`: enrols, resets and looks after people who log in with a second factor.

mod actor;
mod arguments;
mod audit;
mod becoming_root;
mod commands;
mod console;
mod context;
mod directories;
mod doctor;
mod enable;
mod everybody;
mod failure;
mod input;
mod keys;
mod lockout;
mod mail;
mod one_field;
mod options;
mod profile;
mod run;
mod self_service;
mod services;
mod sheet;
mod show;
mod signals;
mod text;
mod trial;
mod usage;
mod wrap;

use std::process::ExitCode;

fn main() -> ExitCode {
    run::run(std::env::args_os())
}
