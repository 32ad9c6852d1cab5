//! `hot_functions`: prints the module's functions that a right code, a recovery code and a wrong one run, one a line, as
//! `nm -C` names them. `make hot-functions` keeps them for the linker.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::process::{Command, ExitCode, Stdio};

use wardkey_tests::machine::host::{ALONE, CODE, Host};
use wardkey_tests::programs::pam::{Door, Script};

/// The doors of a login that opens a session.
const DOORS: [Door; 5] = [Door::Auth, Door::Account, Door::SetCred, Door::OpenSession, Door::CloseSession];

fn main() -> ExitCode {
    let host = Host::new();
    let mut alice = host.person("alice");
    let mut functions = BTreeSet::new();
    for code in [alice.fresh_code(&host), "000000".to_owned(), alice.recovery_codes[0].clone()] {
        let script = Script::new(ALONE, "alice").types(CODE, &code).doors(&DOORS);
        let log = host.path("/tmp").join("callgrind");
        let options = ["--tool=callgrind", "--demangle=no", "--callgrind-out-file=/tmp/callgrind"];
        let starter = [&["valgrind", "--quiet"], &options[..]].concat();
        let done = host.under(&starter, &host.pam_command(&[script])).output().expect("valgrind");
        if !done.status.success() {
            eprintln!("{}", String::from_utf8_lossy(&done.stderr));
            return ExitCode::FAILURE;
        }
        functions.extend(in_module(&fs::read_to_string(log).expect("what callgrind saw")));
    }
    if functions.len() < 50 {
        eprintln!("only {} functions have names: is the module stripped?", functions.len());
        return ExitCode::FAILURE;
    }
    print!("{}", demangled(&functions));
    ExitCode::SUCCESS
}

/// The functions of our module that ran. callgrind names a file or a function once and then by its number.
fn in_module(log: &str) -> BTreeSet<String> {
    let (mut objects, mut functions) = (BTreeMap::new(), BTreeMap::new());
    let (mut is_ours, mut found) = (false, BTreeSet::new());
    for line in log.lines() {
        let Some((key, value)) = line.split_once('=') else { continue };
        match key {
            "ob" | "cob" => {
                let object = resolved(value, &mut objects);
                if key == "ob" {
                    is_ours = object.ends_with("libpam_wardkey.so");
                }
            }
            "fn" | "cfn" => {
                let function = resolved(value, &mut functions);
                if key == "fn" && is_ours {
                    found.insert(function);
                }
            }
            _ => {}
        }
    }
    found
}

/// `(12) name`, or `(12)` for a name that was given before.
fn resolved(value: &str, known: &mut BTreeMap<String, String>) -> String {
    let (number, name) = value.split_once(' ').unwrap_or((value, ""));
    if !name.is_empty() {
        known.insert(number.to_owned(), name.to_owned());
    }
    known.get(number).cloned().unwrap_or_default()
}

fn demangled(names: &BTreeSet<String>) -> String {
    let mut filter = Command::new("c++filt")
        .arg("--no-verbose")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("c++filt");
    // Recursion and clones have endings of callgrind's and the compiler's.
    let plain = names.iter().map(|name| name.split('\'').next().unwrap_or_default().to_owned() + "\n");
    let text: String = plain.collect();
    filter.stdin.take().expect("a pipe").write_all(text.as_bytes()).expect("written");
    let output = filter.wait_with_output().expect("its end");
    // A place without a name is the linker's own.
    let named = |line: &&str| !line.starts_with("0x");
    let names: BTreeSet<_> =
        String::from_utf8_lossy(&output.stdout).lines().filter(named).map(str::to_owned).collect();
    names.into_iter().map(|name| name + "\n").collect()
}
