//! `faults [--once] [PATH]`: every path (or those whose names hold PATH) with every fault, and what came of it.

use std::panic;
use std::process::ExitCode;
use std::sync::Mutex;
use std::thread;
use std::time::Instant;

use wardkey_tests::proof::faults::{Extent, Tally, all, sweep};

/// Paths at a time; each has a host of its own.
const AT_ONCE: usize = 4;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let extent =
        if words.iter().any(|word| word == "--once") { Extent::EachPlaceOnce } else { Extent::Whole };
    let wanted = words.into_iter().find(|word| !word.starts_with('-')).unwrap_or_default();
    // What does not hold is caught and counted.
    panic::set_hook(Box::new(|_| {}));
    let begun = Instant::now();
    let left = Mutex::new(all().into_iter().filter(|make| make.name().contains(&wanted)).collect::<Vec<_>>());
    let whole = Mutex::new(Tally { path: "together".into(), ..Tally::default() });
    println!("{}", Tally::HEADING);
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                while let Some(make) = left.lock().ok().and_then(|mut left| left.pop()) {
                    let swept = panic::catch_unwind(|| sweep(&mut make.path(), extent));
                    let tally = swept.unwrap_or_else(|panic| Tally {
                        path: make.name().to_owned(),
                        violations: vec![format!("{}: {:?}", make.name(), panic.downcast_ref::<String>())],
                        ..Tally::default()
                    });
                    let wrong = tally.violations.iter().map(|violation| format!("\nWRONG: {violation}"));
                    let missed = tally.missed.iter().map(|missed| format!("\nMISSED: {missed}"));
                    println!("{tally}{}", wrong.chain(missed).collect::<String>());
                    if let Ok(mut whole) = whole.lock() {
                        whole.add(&tally);
                    }
                }
            });
        }
    });
    let whole = whole.into_inner().unwrap_or_default();
    println!("{whole}, {} s", begun.elapsed().as_secs());
    ExitCode::from(u8::from(!whole.is_fine()))
}
