//! One process of a schedule: `actor real|unlocked ROOT login CODE | new-codes N SHEET | reset`. It waits to be traced.

use nix::sys::{ptrace, signal};
use std::path::{Path, PathBuf};
use wardkey_core::credential::Typed;
use wardkey_core::desk::{Desk, Problem};
use wardkey_core::store::{FileStore, Store};
use wardkey_core::system::clock::SystemClock;
use wardkey_core::verify::Verdict;
use wardkey_model::real::{RULES, Unlocked, roy, texts};

fn main() {
    ptrace::traceme().expect("a parent that traces");
    signal::raise(signal::Signal::SIGSTOP).expect("a stop");
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [kind, root, words @ ..] = &words[..] else { panic!("actor KIND ROOT ...") };
    let store = FileStore::new(PathBuf::from(root));
    let said = if kind == "unlocked" { act(&Unlocked(store), words) } else { act(&store, words) };
    println!("{said}");
}

fn act(store: &dyn Store, words: &[String]) -> String {
    let (desk, roy) = (Desk { store, clock: &SystemClock }, roy());
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words[..] {
        ["login", code] => {
            let judged = desk.spend(&roy, &RULES, None, &Typed::parse(code.as_bytes()));
            judged.map(|verdict| matches!(verdict, Verdict::Accepted(_)))
        }
        ["new-codes", count, sheet] => {
            let count = count.parse().expect("a number");
            let mut keep = |codes: &[_]| {
                std::fs::write(Path::new(sheet), texts(codes).join("\n")).expect("the sheet");
                Ok(())
            };
            desk.recovery_codes(&roy, count, &mut keep).map(|_| true)
        }
        ["reset"] => desk.reset(&roy).map(|()| true),
        _ => panic!("no such task: {words:?}"),
    };
    match done {
        Ok(true) => "yes".to_owned(),
        Ok(false) | Err(Problem::Refused(_)) => "no".to_owned(),
        Err(problem) => format!("unavailable: {problem:?}"),
    }
}
