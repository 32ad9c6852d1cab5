//! What a login process must not or cannot do itself: checks for programs that are not root.
//!
//! One process a connection: started by systemd, with the connection as its standard input, or made by `listen`. It reads
//! a question, answers it, and ends. It takes the kernel's word for who asks (`SO_PEERCRED`).
#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests look at files from outside"))]

mod alone;
mod arguments;
mod court;
mod errands;
mod ffi;
mod journal;
mod line;
mod listen;
mod mail;
mod pace;
mod peer;
mod places;
mod post;
mod proof;
mod serve;
mod stock;

use arguments::{Arguments, Task};
use std::io;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::process::ExitCode;
use wardkey_core::config::Source;

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
    ffi::heed_signals();
    // Its processes work in the root directory.
    let named = arguments.config.map(|path| std::path::absolute(&path).unwrap_or(path));
    let mut settings = Source::new(named);
    let served = match arguments.task {
        Task::Listen => listen::listen(&mut settings),
        _ => connected()
            .map_err(|e| format!("standard input is no connection: {e}"))
            .and_then(|connection| serve::serve(&mut settings, &connection)),
    };
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => end(BROKEN, &e),
    }
}

/// The connection that is standard input.
fn connected() -> io::Result<UnixStream> {
    Ok(io::stdin().as_fd().try_clone_to_owned()?.into())
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
