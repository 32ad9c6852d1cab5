//! `pamclient SCRIPTS [TIMES]`: a PAM application that follows scripts and tells what happened.
//!
//! SCRIPTS is a JSON array of `wardkey_tests::programs::pam::Script`, done one after the other in this process, and all of
//! that so many times. Every event is one line of JSON on standard output. A prompt that is not in the script fails
//! the conversation and is told; so is a scripted prompt that did not come.

mod conversation;
mod ffi;

use std::process::ExitCode;
use std::{env, fs};

use wardkey_tests::programs::pam::{Event, PamResult, Script};

use crate::conversation::{Conversation, tell};

fn main() -> ExitCode {
    ffi::follow_the_locale();
    let scripts = env::args().nth(1).unwrap_or_default();
    let times = env::args().nth(2).map_or(Ok(1), |times| times.parse::<usize>());
    let (Ok(scripts), Ok(times)) = (serde_json::from_str::<Vec<Script>>(&scripts), times) else {
        eprintln!("usage: pamclient JSON [TIMES]");
        return ExitCode::from(2);
    };
    for script in (0..times).flat_map(|_| &scripts) {
        follow(script);
        tell(&Event::End { resident_kib: resident_kib(), locale: ffi::locale() });
    }
    ExitCode::SUCCESS
}

fn follow(script: &Script) {
    let doors = script.doors.clone();
    let (silent, conversation) = (script.silent, Conversation::new(script));
    let mut handle = match ffi::Handle::start(script, conversation) {
        Ok(handle) => handle,
        Err(number) => return tell(&Event::Unscripted { what: format!("pam_start returned {number}") }),
    };
    for door in doors {
        let result = PamResult::from_number(handle.call(door, silent));
        tell(&Event::Door { door, result });
    }
    handle.conversation().finish();
}

/// The process's resident memory, in KiB.
fn resident_kib() -> usize {
    let statm = fs::read_to_string("/proc/self/statm").unwrap_or_default();
    statm.split(' ').nth(1).and_then(|pages| pages.parse::<usize>().ok()).map_or(0, |pages| pages * 4)
}
