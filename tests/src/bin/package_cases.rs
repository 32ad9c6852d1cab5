//! `package_cases [NAME]`: the package in `WARDKEY_DEB`, over each operation of dpkg's and each way in which PAM's files may look
//! (or those whose names hold NAME), in machines over `WARDKEY_ROOT`, and how each ended.

use std::fs;
use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Mutex;
use std::thread;
use std::time::Instant;

use wardkey_tests::proof::packaged::{Case, Packages, table};

/// Machines at a time.
const AT_ONCE: usize = 2;

fn main() -> ExitCode {
    let wanted = std::env::args().nth(1).unwrap_or_default();
    let file = PathBuf::from(std::env::var_os("WARDKEY_DEB").expect("WARDKEY_DEB: where the package lies"));
    let packages = Packages::of(&file);
    let cases: Vec<Case> = Case::all().into_iter().filter(|case| case.name().contains(&wanted)).collect();
    let count = cases.len();
    let (begun, left, ends) = (Instant::now(), Mutex::new(cases.into_iter()), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..AT_ONCE.min(count) {
            scope.spawn(|| {
                while let Some(case) = next(&left) {
                    let end = hold(&case, &packages);
                    ends.lock().expect("a list").push((case, end));
                }
            });
        }
    });
    let ends = ends.into_inner().expect("a list");
    let held = ends.iter().filter(|(_, end)| end != WRONG).count();
    println!("\n{}: {held} of {count}, {} s\n{}", system(), begun.elapsed().as_secs(), table(&ends));
    ExitCode::from(u8::from(held != count || count == 0))
}

/// The system that the machines boot, as it calls itself.
fn system() -> String {
    let root = PathBuf::from(std::env::var_os("WARDKEY_ROOT").unwrap_or_else(|| "/".into()));
    let text = fs::read_to_string(root.join("etc/os-release")).unwrap_or_default();
    let name = text.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="));
    name.unwrap_or("a system without a name").trim_matches('"').to_owned()
}

/// How a case ends that does not hold.
const WRONG: &str = "WRONG";

fn next(left: &Mutex<impl Iterator<Item = Case>>) -> Option<Case> {
    left.lock().expect("what is left").next()
}

fn hold(case: &Case, packages: &Packages) -> String {
    let begun = Instant::now();
    let end = panic::catch_unwind(AssertUnwindSafe(|| case.ends(packages)));
    let end = end.unwrap_or_else(|_| WRONG.into());
    println!("{:5.1} s  {}: {end}", begun.elapsed().as_secs_f64(), case.name());
    end
}
