//! Reads what `llvm-cov export` wrote and prints how much of the product the tests reach, and why not the rest.

use std::path::Path;
use std::process::ExitCode;

use wardkey_tests::proof::coverage::Report;

fn main() -> ExitCode {
    let Some(export) = std::env::args_os().nth(1) else {
        println!("coverage EXPORT: a file that `llvm-cov export` wrote");
        return ExitCode::FAILURE;
    };
    match Report::of_the_project(Path::new(&export)) {
        Ok(mut report) => {
            println!("\nNot reached, by file and function, with the reason from docs/coverage.md:\n");
            print!("{}", report.list());
            report.unused().iter().for_each(|row| println!("reached this time, or gone: {row}"));
            println!("\n{}", report.sums());
            let faults = report.faults();
            faults.iter().for_each(|fault| println!("WRONG: {fault}"));
            ExitCode::from(u8::from(!faults.is_empty()))
        }
        Err(error) => {
            println!("{}: {error}", Path::new(&export).display());
            ExitCode::FAILURE
        }
    }
}
