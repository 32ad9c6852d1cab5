//! Disks that do not take what is written: full, read-only, limited.

use wardkey_tests::machine::disk::FileSystem;
use wardkey_tests::machine::host::{ALONE, CODE, Host, STATE, SUPPORT};
use wardkey_tests::programs::console::ConsoleProgram;
use wardkey_tests::programs::pam::{PamResult, Script, Transcript};
use wardkey_tests::proof::outcome::run;

/// Every file of the state, with its checksum.
fn whole_state(host: &Host) -> String {
    host.must(&format!(
        "find {STATE} -type f ! -name ballast -exec sha256sum {{}} + | sort -k2; find {STATE} | sort"
    ))
}

#[test]
fn a_full_disk_locks_nobody_out() {
    let host = Host::bare();
    host.mount_new(FileSystem::Ext4, STATE);
    host.configure("");
    let mut alice = host.person("alice");
    host.fill(STATE);
    let code = alice.fresh_code(&host);
    assert_eq!(host.types("alice", &code).result(), PamResult::Success);
    assert_eq!(host.types("alice", &code).result(), PamResult::AuthErr, "replayed");
    assert_eq!(host.types("alice", &alice.wrong_code(&host)).result(), PamResult::AuthErr);
    assert_eq!(host.types("alice", &alice.recovery_codes[0]).result(), PamResult::Success);
    assert_eq!(host.types("alice", &alice.recovery_codes[0]).result(), PamResult::AuthErr, "once more");
}

#[test]
fn commands_on_a_full_disk_fail_and_leave_everything_as_it_was() {
    let host = Host::bare();
    host.mount_new(FileSystem::Ext4, STATE);
    host.configure("");
    let mut alice = host.person("alice");
    host.add_account("bob");
    host.fill(STATE);
    let before = whole_state(&host);
    let code = alice.fresh_code(&host) + "\n";
    for (arguments, input) in [
        (&["enroll", "bob"][..], ""),
        (&["pass", "alice", "--verified-by", "passport"], ""),
        (&["emergency", "alice", "--count", "1", "--reason", "envelope"], ""),
        (&["recovery-codes", "alice"], code.as_str()),
    ] {
        let outcome = host.wardkey(&[&["--json"], arguments].concat(), input).exits(3);
        assert!(outcome.json()["error"]["message"].is_string(), "{outcome:?}");
        if arguments[0] != "recovery-codes" {
            assert_eq!(whole_state(&host), before, "{arguments:?}");
        }
    }
    assert_eq!(host.types("alice", &alice.recovery_codes[0]).result(), PamResult::Success);
}

// Row: S1-2
#[test]
fn a_read_only_state_accepts_nothing_and_tells_nothing() {
    let host = Host::new();
    let mut alice = host.person("alice");
    let before = whole_state(&host);
    host.make_read_only(STATE);
    let (right, wrong) = (alice.fresh_code(&host), alice.wrong_code(&host));
    let first = host.types("alice", &right);
    assert_eq!((first.result(), first.cannot_check()), (PamResult::AuthErr, true));
    assert!(first.seen().contains(SUPPORT), "{first:#?}");
    for code in [&wrong, &right, &alice.recovery_codes[0], &alice.wrong_recovery_code()] {
        let login = host.types("alice", code);
        assert_eq!((login.result(), login.seen()), (PamResult::AuthErr, first.seen()), "{code}");
    }
    assert!(host.syslog().authpriv(&["failed", "/var/lib/wardkey/users/alice"]).severity <= 4);
    host.must(&format!("umount {STATE}"));
    assert_eq!(whole_state(&host), before);
    assert!(host.types("alice", &right).accepted(), "the code was not spent");
}

#[test]
fn no_file_may_grow_and_still_there_is_no_oracle() {
    let host = Host::new();
    let mut alice = host.person("alice");
    let before = whole_state(&host);
    let (right, wrong) = (alice.fresh_code(&host), alice.wrong_code(&host));
    let limited = |code: &str| {
        let script = Script::new(ALONE, "alice").types(CODE, code);
        let limited = ["sh", "-c", "ulimit -f 0; exec \"$@\"", "sh"];
        let mut command = host.under(&limited, &host.pam_command(&[script]));
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
    assert_eq!(whole_state(&host), before, "nothing is recorded");
    assert!(host.types("alice", &right).accepted(), "nor spent");
}

fn a_limit_inherited_through(program: ConsoleProgram) {
    let host = Host::new();
    ConsoleProgram::prepare(&host);
    let mut alice = host.person("alice");
    let before = whole_state(&host);
    let right = alice.fresh_code(&host);
    let by_right = program.attempt_after(&host, "alice", &right, "ulimit -f 0;");
    let wrong = alice.wrong_code(&host);
    let by_wrong = program.attempt_after(&host, "alice", &wrong, "ulimit -f 0;");
    assert!(!by_right.accepted && !by_wrong.accepted);
    assert_eq!(by_right.text, by_wrong.text, "no oracle");
    assert_eq!(whole_state(&host), before, "nothing is recorded");
    let entry = program.attempt(&host, "alice", &right);
    assert!(entry.accepted, "nor spent: {}", entry.text);
}

#[test]
fn a_limit_inherited_through_su_is_no_oracle() {
    a_limit_inherited_through(ConsoleProgram::Su);
}

#[test]
fn a_limit_inherited_through_sudo_is_no_oracle() {
    a_limit_inherited_through(ConsoleProgram::Sudo);
}

#[test]
fn an_audit_file_that_cannot_be_written_changes_no_login() {
    let host = Host::new();
    let mut alice = host.person("alice");
    host.must("rm -rf /var/log/wardkey && ln -s /nowhere /var/log/wardkey");
    assert!(host.types("alice", &alice.fresh_code(&host)).accepted());
    let line = host.syslog().authpriv(&["/var/log/wardkey/audit.jsonl"]);
    assert!(line.severity <= 4, "{line:?}");
    assert_eq!(host.types("alice", &alice.wrong_code(&host)).result(), PamResult::AuthErr);
}
