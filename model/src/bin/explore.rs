//! Explores the model to a larger bound than the tests do (`make model`), and says how far that was. `explore N`
//! takes the Nth bound only.

use std::process::ExitCode;
use wardkey_model::explore::explore;
use wardkey_model::world::Bound;

const NONE: Bound = Bound { at_once: 2, logins: 0, desk: [0; 4], kills: 2, cuts: 1, failures: 1 };

const BOUNDS: [Bound; 6] = [
    Bound { logins: 5, cuts: 2, ..NONE },
    Bound { at_once: 3, logins: 4, ..NONE },
    Bound { logins: 3, desk: [1, 0, 0, 0], ..NONE },
    Bound { logins: 2, desk: [1, 1, 0, 0], failures: 0, ..NONE },
    Bound { logins: 2, desk: [0, 1, 1, 0], ..NONE },
    Bound { at_once: 3, logins: 2, desk: [0, 0, 1, 1], failures: 0, ..NONE },
];

fn main() -> ExitCode {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut is_sound = true;
    let only: Option<usize> = std::env::args().nth(1).and_then(|word| word.parse().ok());
    for (_, bound) in (1..).zip(BOUNDS).filter(|(number, _)| only.is_none_or(|only| only == *number)) {
        let explored = explore(bound, threads);
        println!("{explored}");
        explored.broken.iter().for_each(|broken| println!("BROKEN {broken}"));
        is_sound &= explored.broken.is_empty();
    }
    if is_sound { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
