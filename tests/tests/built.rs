//! The built module itself: what it exports, what it needs, how it loads.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use wardkey_tests::machine::built::Built;
use wardkey_tests::machine::host::{ALONE, CODE, CONFIG, Host};
use wardkey_tests::programs::pam::Door::{Account, Auth, OpenSession};
use wardkey_tests::programs::pam::{PamResult, Script, Transcript};
use wardkey_tests::proof::callgrind::executed;
use wardkey_tests::proof::outcome::run;

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
    let usual = ["libpam.so.0", "libc.so.6", "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1"];
    for line in dynamic.lines().filter(|line| line.contains("(NEEDED)")) {
        assert!(usual.iter().any(|library| line.contains(&format!("[{library}]"))), "{line}");
    }
    // Programs in C have not loaded libgcc_s, and finding it costs a login as much as the module's own work.
    let undefined = output("nm", &["--dynamic", "--undefined-only"]);
    assert!(!undefined.contains("_Unwind_"), "{undefined}");
    assert!(!dynamic.contains("(TEXTREL)") && !dynamic.contains("RPATH"), "{dynamic}");
}

/// Each is a place that the loader fills in at every login in a fresh process. Linked for other Rust code too, the module has
/// half as many again.
#[test]
fn no_more_is_filled_in_at_load_than_its_doors_need() {
    let relocations = output("readelf", &["--relocs", "--wide"]);
    let relative = relocations.lines().filter(|line| line.contains("_RELATIVE")).count();
    assert!((1..=1_700).contains(&relative), "{relative}: make build links the module as a cdylib alone");
}

/// Spread over the file they cost a fault for each window that a login touches: it runs code in some 90 pages, and in 150
/// where nothing puts it in order.
#[test]
fn what_a_login_runs_lies_side_by_side() {
    let host = Host::new();
    host.write(CONFIG, include_str!("../../config/wardkey.toml"));
    let code = host.person("alice").fresh_code(&host);
    let pages = executed(&host, &Script::new(ALONE, "alice").types(CODE, &code)).pages.len();
    assert!(
        (1..=115).contains(&pages),
        "{pages}: did packaging/build-module find the names of pam_module/hot-functions, and is lld the linker?"
    );
}

/// A path that is not whole means something else to the build script, which then takes no order, without a word.
#[test]
fn the_build_names_the_order_of_functions_by_its_whole_path() {
    let scratch = tempfile::tempdir().expect("a directory");
    let cargo = scratch.path().join("cargo");
    let script =
        "#!/bin/sh\nprintf '%s %s' \"$WARDKEY_FUNCTION_ORDER\" \"$CARGO_TARGET_DIR\" > \"$0.told\"\n";
    fs::write(&cargo, script).expect("written");
    fs::set_permissions(&cargo, fs::Permissions::from_mode(0o755)).expect("its mode");
    let build = concat!(env!("CARGO_MANIFEST_DIR"), "/../packaging/build-module");
    let mut command = Command::new(build);
    command.current_dir(scratch.path()).env("CARGO", &cargo).env("CARGO_TARGET_DIR", "out");
    assert!(command.status().expect("sh").success());
    let out = fs::canonicalize(scratch.path()).expect("whole").join("out");
    let told = fs::read_to_string(scratch.path().join("cargo.told")).expect("it was called");
    assert_eq!(told, format!("{} {}", out.join("release/function-order").display(), out.display()));
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
fn its_symbols_are_bound_at_once_and_then_read_only() {
    let dynamic = output("readelf", &["--dynamic", "--wide"]);
    assert!(dynamic.contains("BIND_NOW"), "{dynamic}");
    let segments = output("readelf", &["--program-headers", "--wide"]);
    assert!(segments.contains("GNU_RELRO"), "{segments}");
}

#[test]
fn it_loads_with_every_symbol_bound() {
    let host = Host::new();
    let mut alice = host.person("alice");
    let script = Script::new(ALONE, "alice").types(CODE, alice.fresh_code(&host));
    let outcome = run(host.pam_command(&[script]).env("LD_BIND_NOW", "1"), b"").exits(0);
    assert!(Transcript::read(&outcome.stdout).accepted(), "{outcome:?}");
}

/// std panics where the kernel refuses to tell the time.
#[test]
fn a_panic_refuses_and_leaves_the_program_running() {
    let host = Host::new();
    let mut alice = host.person("alice");
    let code = alice.fresh_code(&host);
    host.write(
        "/home/no_clock.c",
        "#include <time.h>\nint clock_gettime(clockid_t clock, struct timespec *at)\n\
         { return at->tv_nsec = 0, clock == CLOCK_REALTIME ? -1 : 0; }\n",
    );
    host.shell("cc -shared -fPIC -o /home/no_clock.so /home/no_clock.c").exits(0);
    let script = Script::new(ALONE, "alice").types(CODE, &code);
    // And the doors after it know that this was no yes.
    let doors = script.clone().doors(&[Auth, Account, OpenSession]);
    let mut client = host.pam_command(&[doors]);
    let outcome = run(client.env("LD_PRELOAD", "/home/no_clock.so"), b"").exits(0);
    let refused = [PamResult::AuthErr, PamResult::PermDenied, PamResult::SessionErr];
    assert_eq!(Transcript::read(&outcome.stdout).results(), refused, "{outcome:?}");
    assert!(host.syslog().text().contains("internal error (panic)"), "{}", host.syslog().text());
    assert!(host.pam(&script).accepted(), "and nothing was spent");
}

/// What cargo drops where a package sets RUSTFLAGS of its own (`.cargo/config.toml`).
#[test]
fn it_hashes_by_the_code_that_was_measured() {
    let instructions = output("objdump", &["--disassemble", "--no-show-raw-insn"]);
    assert!(instructions.lines().count() > 10_000, "disassembled");
    let special =
        instructions.lines().find(|line| line.contains("sha256rnds2") || line.contains("sha1rnds4"));
    assert_eq!(special, None);
}

#[test]
fn a_build_without_the_measured_flags_stops_and_names_them() {
    let target = Built::find().module.with_file_name("build");
    let folders = fs::read_dir(&target).expect("a build directory").map(|folder| folder.expect("one").path());
    let scripts = folders.filter(|folder| folder.to_string_lossy().contains("/wardkey-core-"));
    let newest = scripts.map(|folder| folder.join("build-script-build")).filter(|script| script.exists());
    let script =
        newest.max_by_key(|script| fs::metadata(script).expect("a file").modified().expect("a time"));
    let script = script.expect("the build script of wardkey-core");
    let names = ["CHACHA20", "POLY1305", "SHA1", "SHA2"].map(|name| format!("CARGO_CFG_{name}_BACKEND"));
    let told = |lost: usize| {
        let mut command = Command::new(&script);
        let given = names.iter().enumerate().filter(|(number, _)| *number != lost);
        run(command.env_clear().envs(given.map(|(_, name)| (name, "soft"))), b"").exits(0).stdout
    };
    for lost in 0..names.len() {
        let told = told(lost);
        let error = told.lines().find(|line| line.starts_with("cargo::error=")).expect("an error");
        assert!(error.contains(r#"--cfg chacha20_backend="soft""#) && error.contains("RUSTFLAGS"), "{told}");
    }
    assert!(!told(names.len()).contains("cargo::error"), "with all of them");
}

/// `--cfg fuzzing` in a package's flags once made hashes that are worth nothing.
#[test]
fn stored_hashes_cost_what_is_written_whatever_the_flags() {
    let host = Host::new();
    host.person("alice");
    let record = host.status("alice")["record"].take();
    let codes = record["codes"].as_array().expect("codes");
    assert!(codes.len() == 5 && codes.iter().all(|code| code["memory"] == 19456), "{record:#}");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for room in ["core", "mail", "pam_module", "helper", "admin_cli", "fuzz"] {
        let manifest = fs::read_to_string(root.join(room).join("Cargo.toml")).expect("a manifest");
        let asks = manifest.contains(r#"features = ["cheap-hashes""#);
        assert_eq!(asks, room == "fuzz", "{room} asks for cheap hashes");
        if room != "fuzz" {
            let found = Command::new("grep")
                .args(["-rnE", r"cfg!?\(.*fuzzing"])
                .arg(root.join(room).join("src"))
                .output();
            assert_eq!(String::from_utf8_lossy(&found.expect("grep").stdout), "", "goes by a flag");
        }
    }
}

/// What tests need of `core` is in nothing that is installed.
#[test]
fn what_is_released_has_none_of_cores_features() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["tree", "--locked", "--offline", "--edges=normal,features", "--prefix=none"]);
    cargo.args(["-p", "pam_wardkey", "-p", "wardkey", "-p", "wardkey-helper"]).current_dir(root);
    let tree = run(&mut cargo, b"").exits(0).stdout;
    let of_core: Vec<&str> = tree.lines().filter(|line| line.starts_with("wardkey-core feature")).collect();
    assert!(!of_core.is_empty(), "{tree}");
    for line in of_core {
        assert!(line.starts_with("wardkey-core feature \"default\""), "{line}");
    }
}
