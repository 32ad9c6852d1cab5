//! Nobody learns by the clock who is enrolled, where the code comes before the password: a wrong code costs the same writes and
//! the same waits for the disk for every name.

use wardkey_tests::machine::disk::FileSystem;
use wardkey_tests::machine::host::{CODE, Host, STATE, SUPPORT};
use wardkey_tests::machine::interrupt::trace;
use wardkey_tests::people::cast::{ALIKE, Cast, DISABLED, ENROLLED, RESET, UNENROLLED, UNKNOWN, WAITING};
use wardkey_tests::people::person::PASSWORD;
use wardkey_tests::programs::pam::{PamResult, Script};

/// What this login writes of the state and waits for, in order: each call, and what came of it. Where in a ledger is left
/// out: its two blocks are written in turn.
fn writes(host: &Host, script: &Script) -> Vec<String> {
    let (outcome, trace) = trace(host, &host.pam_command(std::slice::from_ref(script)), b"");
    outcome.exits(0);
    let call = |line: &str| {
        let (name, arguments) = line.split_once(' ')?.1.trim_start().split_once('(')?;
        let is_write =
            ["write", "pwrite64", "fsync", "fdatasync"].contains(&name) && arguments.contains(STATE);
        is_write.then(|| format!("{name} = {}", arguments.rsplit_once(" = ").map_or("", |(_, said)| said)))
    };
    trace.lines().filter_map(call).collect()
}

/// The code first, and in one entry with the password.
fn prepare(host: &Host) {
    host.service("first", "auth required pam_wardkey.so\nauth required pam_unix.so nodelay\n");
    let combined =
        "auth requisite pam_wardkey.so forward_pass\nauth required pam_unix.so nodelay try_first_pass\n";
    host.service("combined", combined);
}

fn first(name: &str, code: &str) -> Script {
    Script::new("first", name).types(CODE, code).types("assword", "not it")
}

fn combined(name: &str, code: &str) -> Script {
    Script::new("combined", name).types("assword", format!("{PASSWORD}{code}"))
}

#[test]
fn a_wrong_code_costs_the_same_writes_for_everybody() {
    let cast = Cast::new();
    let (host, names) = (&cast.host, [&ALIKE[..], &[UNKNOWN, WAITING, DISABLED, RESET]].concat());
    prepare(host);
    let block = ["pwrite64 = 1536", "fdatasync = 0", "pwrite64 = 8"];
    type Form = fn(&str, &str) -> Script;
    let forms: [(Form, bool); 2] = [(first, true), (combined, false)];
    for (script, is_separate) in forms {
        for (code, expected) in
            [(cast.code.as_str(), &block[..]), ("7ABC-DEFG-HJKM-NPQR", &block), ("no", &[])]
        {
            for name in &names {
                if *name == ENROLLED {
                    host.wardkey(&["unlock", name], "").exits(0);
                }
                // Who waits is refused by one write whatever was typed; combined entries wait apart.
                let expected = if *name == WAITING && is_separate { &block[..] } else { expected };
                assert_eq!(writes(host, &script(name, code)), expected, "{name}: {code}");
            }
        }
    }
}

/// People without a record hear the same word as people whose record cannot be written.
#[test]
fn on_a_disk_that_takes_nothing_everybody_hears_the_same() {
    let host = Host::new();
    let alice = host.person(ENROLLED);
    host.add_account(UNENROLLED);
    prepare(&host);
    host.make_read_only(STATE);
    let wrong = alice.wrong_code(&host);
    for script in [first, combined] {
        for code in [wrong.as_str(), "7ABC-DEFG-HJKM-NPQR", "no"] {
            let heard = [ENROLLED, UNENROLLED, UNKNOWN].map(|name| {
                let login = host.pam(&script(name, code));
                (login.result(), login.seen())
            });
            assert!(heard[0].1.contains(SUPPORT), "{code}: {heard:#?}");
            assert!(heard[0] == heard[1] && heard[1] == heard[2], "{code}: {heard:#?}");
        }
    }
}

/// The file was made in full by `wardkey init`.
#[test]
fn a_full_disk_tells_nobody_apart() {
    let host = Host::bare();
    host.mount_new(FileSystem::Ext4, STATE);
    host.configure("");
    let alice = host.person(ENROLLED);
    host.add_account(UNENROLLED);
    prepare(&host);
    host.fill(STATE);
    for name in [ENROLLED, UNENROLLED, UNKNOWN] {
        let login = host.pam(&combined(name, &alice.wrong_code(&host)));
        assert_eq!(login.result(), PamResult::AuthErr, "{name}: {login:#?}");
    }
}

/// Root may have removed it, or wardkey was brought up to date without `init`.
#[test]
fn the_spare_file_is_made_again_where_it_is_missing() {
    let host = Host::new();
    let spare = format!("{STATE}/spare");
    let looks = || host.must(&format!("stat -c '%a %U %s' {spare}"));
    assert_eq!(looks(), "600 root 8192\n");
    host.must(&format!("rm {spare}"));
    prepare(&host);
    let login = host.pam(&combined(UNKNOWN, "123456"));
    assert_eq!(login.result(), PamResult::AuthErr, "{login:#?}");
    assert_eq!(looks(), "600 root 8192\n");
}
