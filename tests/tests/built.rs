//! The built module itself: what it exports, what it needs, how it loads.

use std::process::Command;

use wardkey_tests::built::Built;
use wardkey_tests::outcome::run;
use wardkey_tests::pam::{Script, Transcript};
use wardkey_tests::world::{ALONE, CODE, World};

fn output(program: &str, arguments: &[&str]) -> String {
    let module = Built::find().module;
    run(Command::new(program).args(arguments).arg(module), b"").exits(0).stdout
}

#[test]
fn only_the_six_doors_are_exported() {
    let listed = output("nm", &["--dynamic", "--defined-only", "--format=posix"]);
    let mut names: Vec<_> = listed.lines().filter_map(|line| line.split(' ').next()).collect();
    names.sort_unstable();
    let doors = ["acct_mgmt", "authenticate", "chauthtok", "close_session", "open_session", "setcred"];
    assert_eq!(names, doors.map(|door| format!("pam_sm_{door}")));
}

#[test]
fn it_needs_nothing_a_login_program_would_not_have() {
    let dynamic = output("readelf", &["--dynamic", "--wide"]);
    let usual = [
        "libpam.so.0",
        "libc.so.6",
        "libgcc_s.so.1",
        "libm.so.6",
        "ld-linux-x86-64.so.2",
        "ld-linux-aarch64.so.1",
    ];
    for line in dynamic.lines().filter(|line| line.contains("(NEEDED)")) {
        assert!(usual.iter().any(|library| line.contains(&format!("[{library}]"))), "{line}");
    }
    assert!(!dynamic.contains("(TEXTREL)") && !dynamic.contains("RPATH"), "{dynamic}");
}

#[test]
fn it_stays_loaded_until_the_process_ends() {
    let dynamic = output("readelf", &["--dynamic", "--wide"]);
    assert!(dynamic.contains("NODELETE"), "{dynamic}");
}

#[test]
fn its_stack_is_not_executable() {
    let segments = output("readelf", &["--program-headers", "--wide"]);
    let stack = segments.lines().find(|line| line.contains("GNU_STACK")).expect("a GNU_STACK segment");
    assert!(!stack.contains("RWE"), "{stack}");
}

#[test]
fn it_loads_with_every_symbol_bound() {
    let world = World::new();
    let mut alice = world.person("alice");
    let script = Script::new(ALONE, "alice").types(CODE, alice.fresh_code(&world));
    let outcome = run(world.pam_command(&[script]).env("LD_BIND_NOW", "1"), b"").exits(0);
    assert!(Transcript::read(&outcome.stdout).accepted(), "{outcome:?}");
}
