//! What a login process must not or cannot do itself: checks for programs that are not root.
//!
//! One process a connection: started by systemd or by `listen`, it reads one question from its standard input,
//! answers it there and ends. It takes the kernel's word for who asks (`SO_PEERCRED`).
#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests look at files from outside"))]

mod alone;
mod arguments;
mod court;
mod errands;
mod journal;
mod line;
mod listen;
mod mail;
mod pam;
mod peer;
mod places;
mod post;
mod proof;
mod serve;

use arguments::{Arguments, Task};
use std::process::ExitCode;
use wardkey_core::config::Config;

const USAGE: u8 = 2;
const BROKEN: u8 = 3;

fn main() -> ExitCode {
    let arguments = match Arguments::parse(std::env::args_os()) {
        Ok(arguments) => arguments,
        Err(why) => return end(USAGE, &format!("{why}\n{}", arguments::USAGE)),
    };
    if let Task::Tell(text) = arguments.task {
        return tell(text);
    }
    if let Err(e) = alone::in_a_clean_house() {
        return end(BROKEN, &format!("cannot empty the environment: {e}"));
    }
    let config = match Config::load(arguments.config.as_deref()) {
        Ok(config) => config,
        Err(e) => {
            journal::failed(&e.to_string());
            serve::refuse_all(&e.to_string());
            return end(BROKEN, &e.to_string());
        }
    };
    let done = match arguments.task {
        Task::Listen => listen::listen(&config, arguments.config.as_deref()),
        _ => serve::serve(&config),
    };
    done.map_or_else(|e| end(BROKEN, &e), |()| ExitCode::SUCCESS)
}

#[expect(clippy::disallowed_macros, reason = "asked for on the command line")]
fn tell(text: &str) -> ExitCode {
    println!("{text}");
    ExitCode::SUCCESS
}

#[expect(
    clippy::disallowed_macros,
    reason = "whoever starts it by hand reads it; a connection's is the null device"
)]
fn end(status: u8, why: &str) -> ExitCode {
    eprintln!("wardkey-helper: {why}");
    ExitCode::from(status)
}
