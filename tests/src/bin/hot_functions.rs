//! `hot_functions`: prints the module's functions that a right code, a wrong one and a recovery code run, one a line, as
//! `nm -C` names them. `make hot-functions` keeps them for the linker.

use std::collections::BTreeSet;
use std::process::ExitCode;

use wardkey_tests::machine::host::{ALONE, CODE, Host};
use wardkey_tests::programs::pam::{Door, Script};
use wardkey_tests::proof::callgrind::{demangled, executed};

/// The doors of a login that opens a session.
const DOORS: [Door; 5] = [Door::Auth, Door::Account, Door::SetCred, Door::OpenSession, Door::CloseSession];

fn main() -> ExitCode {
    let host = Host::new();
    let mut alice = host.person("alice");
    let mut functions = BTreeSet::new();
    for code in [alice.fresh_code(&host), "000000".to_owned(), alice.recovery_codes[0].clone()] {
        let script = Script::new(ALONE, "alice").types(CODE, &code).doors(&DOORS);
        functions.extend(executed(&host, &script).functions);
    }
    let names = demangled(&functions);
    if names.len() < 50 {
        eprintln!("only {} functions have names: is the module stripped?", names.len());
        return ExitCode::FAILURE;
    }
    names.iter().for_each(|name| println!("{name}"));
    ExitCode::SUCCESS
}
