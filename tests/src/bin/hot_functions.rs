//! `hot_functions`: prints the module's functions that a right code runs, then those that a wrong one and a recovery code run
//! besides, one a line, as `nm -C` names them. `make hot-functions` keeps them for the linker.

use std::process::ExitCode;

use wardkey_tests::machine::host::{ALONE, CODE, CONFIG, Host};
use wardkey_tests::programs::pam::{Door, Script};
use wardkey_tests::proof::callgrind::{demangled, executed};

/// The doors of a login that opens a session.
const DOORS: [Door; 5] = [Door::Auth, Door::Account, Door::SetCred, Door::OpenSession, Door::CloseSession];

fn main() -> ExitCode {
    let host = Host::new();
    // What a site has, and not the few keys of a test.
    host.write(CONFIG, include_str!("../../../config/wardkey.toml"));
    let mut alice = host.person("alice");
    let mut names = Vec::new();
    for code in [alice.fresh_code(&host), "000000".to_owned(), alice.recovery_codes[0].clone()] {
        let script = Script::new(ALONE, "alice").types(CODE, &code).doors(&DOORS);
        // Those of a right code first and together, since it comes most often.
        let run = demangled(&executed(&host, &script).functions);
        names.extend(run.into_iter().filter(|name| !names.contains(name)).collect::<Vec<_>>());
    }
    if names.len() < 50 {
        eprintln!("only {} functions have names: is the module stripped?", names.len());
        return ExitCode::FAILURE;
    }
    names.iter().for_each(|name| println!("{name}"));
    ExitCode::SUCCESS
}
