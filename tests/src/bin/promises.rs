//! Prints every row of `docs/promises.md` and the tests that show it; fails when one has none.

use std::process::ExitCode;

use wardkey_tests::proof::promises::Promises;

fn main() -> ExitCode {
    match Promises::of_the_project() {
        Ok(promises) => {
            println!("\nWhat users are promised (docs/promises.md), and the tests that show it:\n");
            print!("{}", promises.list());
            let faults = promises.faults();
            faults.iter().for_each(|fault| println!("WRONG: {fault}"));
            ExitCode::from(u8::from(!faults.is_empty()))
        }
        Err(error) => {
            println!("The promises could not be read: {error}");
            ExitCode::FAILURE
        }
    }
}
