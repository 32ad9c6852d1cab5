//! What is done with secrets, for two tests of whether it takes the same way whatever they are.
//!
//! `steady trace` waits for a line, then does everything once for each input, between two signals that a tracer sees.
//! `steady time` measures two kinds of inputs against each other, and ends with 1 if they can be told apart.

mod subjects;
mod timing;

use std::hint::black_box;
use std::io::{Write, stdin, stdout};

use nix::sys::signal::{Signal, raise};
use subjects::Subject;

/// Inputs of each subject that are traced, one of each kind.
const TRACED: usize = 2;

/// As often they are taken before, untraced: they fill the allocator's caches, which hold seven of a size.
const BEFORE: usize = 8;

fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("trace") => trace(),
        Some("time") => std::process::exit(i32::from(!timing::all_hold())),
        _ => panic!("steady trace|time"),
    }
}

fn trace() {
    let subjects = subjects::all();
    for subject in &subjects {
        println!("{} {}", if subject.is_control { "-" } else { "+" }, subject.name);
    }
    println!("ready");
    stdout().flush().expect("told");
    stdin().read_line(&mut String::new()).expect("a line");
    for subject in &subjects {
        for number in (0..BEFORE).flat_map(|_| 0..TRACED) {
            black_box((subject.job)(number)());
        }
        for number in 0..TRACED {
            once(subject, number);
        }
    }
}

/// In one place for all inputs: a loop that is unrolled has a place for each.
#[inline(never)]
fn once(subject: &Subject, number: usize) {
    let job = (subject.job)(number);
    raise(Signal::SIGUSR1).expect("begun");
    black_box(job());
    raise(Signal::SIGUSR1).expect("ended");
}
