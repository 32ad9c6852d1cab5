//! Disks that do not take what is written: full, read-only, limited.

use wardkey_tests::machine::disk::FileSystem;
use wardkey_tests::machine::world::{ALONE, CODE, STATE, SUPPORT, World};
use wardkey_tests::programs::pam::{PamResult, Script, Transcript};
use wardkey_tests::programs::program::Program;
use wardkey_tests::proof::outcome::run;

/// Every file of the state, with its checksum.
fn whole_state(world: &World) -> String {
    world.must(&format!(
        "find {STATE} -type f ! -name ballast -exec sha256sum {{}} + | sort -k2; find {STATE} | sort"
    ))
}

#[test]
fn a_full_disk_locks_nobody_out() {
    let world = World::bare();
    world.mount_new(FileSystem::Ext4, STATE);
    world.configure("");
    let mut alice = world.person("alice");
    world.fill(STATE);
    let code = alice.fresh_code(&world);
    assert_eq!(world.types("alice", &code).result(), PamResult::Success);
    assert_eq!(world.types("alice", &code).result(), PamResult::AuthErr, "replayed");
    assert_eq!(world.types("alice", &alice.wrong_code(&world)).result(), PamResult::AuthErr);
    assert_eq!(world.types("alice", &alice.recovery_codes[0]).result(), PamResult::Success);
    assert_eq!(world.types("alice", &alice.recovery_codes[0]).result(), PamResult::AuthErr, "once more");
}

#[test]
fn commands_on_a_full_disk_fail_and_leave_everything_as_it_was() {
    let world = World::bare();
    world.mount_new(FileSystem::Ext4, STATE);
    world.configure("");
    let mut alice = world.person("alice");
    world.add_account("bob");
    world.fill(STATE);
    let before = whole_state(&world);
    let code = alice.fresh_code(&world) + "\n";
    for (arguments, input) in [
        (&["enroll", "bob"][..], ""),
        (&["pass", "alice", "--verified-by", "passport"], ""),
        (&["emergency", "alice", "--count", "1", "--reason", "envelope"], ""),
        (&["recovery-codes", "alice"], code.as_str()),
    ] {
        let outcome = world.wardkey(&[&["--json"], arguments].concat(), input).exits(3);
        assert!(outcome.json()["error"]["message"].is_string(), "{outcome:?}");
        if arguments[0] != "recovery-codes" {
            assert_eq!(whole_state(&world), before, "{arguments:?}");
        }
    }
    assert_eq!(world.types("alice", &alice.recovery_codes[0]).result(), PamResult::Success);
}

// Row: S1-2
#[test]
fn a_read_only_state_accepts_nothing_and_tells_nothing() {
    let world = World::new();
    let mut alice = world.person("alice");
    let before = whole_state(&world);
    world.make_read_only(STATE);
    let (right, wrong) = (alice.fresh_code(&world), alice.wrong_code(&world));
    let first = world.types("alice", &right);
    assert_eq!((first.result(), first.cannot_check()), (PamResult::AuthErr, true));
    assert!(first.seen().contains(SUPPORT), "{first:#?}");
    for code in [&wrong, &right, &alice.recovery_codes[0], &alice.wrong_recovery_code()] {
        let login = world.types("alice", code);
        assert_eq!((login.result(), login.seen()), (PamResult::AuthErr, first.seen()), "{code}");
    }
    assert!(world.syslog().authpriv(&["failed", "/var/lib/wardkey/users/alice"]).severity <= 4);
    world.must(&format!("umount {STATE}"));
    assert_eq!(whole_state(&world), before);
    assert!(world.types("alice", &right).accepted(), "the code was not spent");
}

#[test]
fn no_file_may_grow_and_still_there_is_no_oracle() {
    let world = World::new();
    let mut alice = world.person("alice");
    let before = whole_state(&world);
    let (right, wrong) = (alice.fresh_code(&world), alice.wrong_code(&world));
    let limited = |code: &str| {
        let script = Script::new(ALONE, "alice").types(CODE, code);
        let limited = ["sh", "-c", "ulimit -f 0; exec \"$@\"", "sh"];
        let mut command = world.under(&limited, &world.pam_command(&[script]));
        let outcome = run(&mut command, b"");
        assert_eq!((outcome.signal(), outcome.code()), (None, Some(0)), "{outcome:?}");
        let login = Transcript::read(&outcome.stdout);
        (login.result(), login.seen())
    };
    let refused = limited(&right);
    assert!(refused.0 == PamResult::AuthErr && refused.1.contains("Cannot check codes now"), "{refused:?}");
    for code in [&wrong, &right, &alice.recovery_codes[0], &alice.wrong_recovery_code()] {
        assert_eq!(limited(code), refused, "{code}");
    }
    assert_eq!(whole_state(&world), before, "nothing is recorded");
    assert!(world.types("alice", &right).accepted(), "nor spent");
}

fn a_limit_inherited_through(program: Program) {
    let world = World::new();
    Program::prepare(&world);
    let mut alice = world.person("alice");
    let before = whole_state(&world);
    let right = alice.fresh_code(&world);
    let by_right = program.attempt_after(&world, "alice", &right, "ulimit -f 0;");
    let wrong = alice.wrong_code(&world);
    let by_wrong = program.attempt_after(&world, "alice", &wrong, "ulimit -f 0;");
    assert!(!by_right.accepted && !by_wrong.accepted);
    assert_eq!(by_right.text, by_wrong.text, "no oracle");
    assert_eq!(whole_state(&world), before, "nothing is recorded");
    let entry = program.attempt(&world, "alice", &right);
    assert!(entry.accepted, "nor spent: {}", entry.text);
}

#[test]
fn a_limit_inherited_through_su_is_no_oracle() {
    a_limit_inherited_through(Program::Su);
}

#[test]
fn a_limit_inherited_through_sudo_is_no_oracle() {
    a_limit_inherited_through(Program::Sudo);
}

#[test]
fn an_audit_file_that_cannot_be_written_changes_no_login() {
    let world = World::new();
    let mut alice = world.person("alice");
    world.must("rm -rf /var/log/wardkey && ln -s /nowhere /var/log/wardkey");
    assert!(world.types("alice", &alice.fresh_code(&world)).accepted());
    let line = world.syslog().authpriv(&["/var/log/wardkey/audit.jsonl"]);
    assert!(line.severity <= 4, "{line:?}");
    assert_eq!(world.types("alice", &alice.wrong_code(&world)).result(), PamResult::AuthErr);
}
