//! `planted [NAME]`: every fault (or those whose names hold NAME) planted while services are switched on, and what came of it.

use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;
use std::sync::Mutex;
use std::thread;
use std::time::Instant;

use wardkey_tests::proof::planted::{Fault, Stage, all};

/// Machines at a time.
const AT_ONCE: usize = 2;

fn main() -> ExitCode {
    let wanted = std::env::args().nth(1).unwrap_or_default();
    let faults: Vec<Fault> = all().into_iter().filter(|fault| fault.name.contains(&wanted)).collect();
    let (begun, count) = (Instant::now(), faults.len());
    let (left, held) = (Mutex::new(faults), Mutex::new(0));
    thread::scope(|scope| {
        for _ in 0..AT_ONCE.min(count) {
            scope.spawn(|| {
                let mut stage = None;
                while let Some(fault) = next(&left) {
                    let begun = Instant::now();
                    let seen = panic::catch_unwind(AssertUnwindSafe(|| {
                        stage.get_or_insert_with(Stage::new).hold(&fault);
                    }));
                    let word = if seen.is_ok() { "" } else { ": WRONG" };
                    println!("{:5.1} s  {}{word}", begun.elapsed().as_secs_f64(), fault.name);
                    match seen {
                        Ok(()) => *held.lock().expect("a count") += 1,
                        Err(_) => stage = None,
                    }
                }
            });
        }
    });
    let held = held.into_inner().expect("a count");
    let lock_outs = if held == count { "0 lock-outs" } else { "see what is WRONG above" };
    println!("{held} of {count}: {lock_outs}, {} s", begun.elapsed().as_secs());
    ExitCode::from(u8::from(held != count || count == 0))
}

/// The next fault, in the order of the table.
fn next(left: &Mutex<Vec<Fault>>) -> Option<Fault> {
    let mut left = left.lock().expect("what is left");
    (!left.is_empty()).then(|| left.remove(0))
}
