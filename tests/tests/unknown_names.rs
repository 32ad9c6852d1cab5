//! A password typed where the name belongs: no log keeps it, whichever program it was typed into.

use wardkey_tests::machine::host::{ALONE, AUDIT, CODE, Host};
use wardkey_tests::programs::pam::Script;

/// What nobody is called.
const TYPED: &str = "Gartenhaus#42";

/// Does something and sees that it was logged, without what was typed.
fn leaves_nothing(host: &Host, what: &str, action: impl FnOnce()) {
    let lines = host.syslog().lines_of(action);
    assert!(!lines.is_empty(), "{what}: nothing was logged");
    for line in lines {
        assert!(!line.text.contains("Gartenhaus"), "{what}: {line:?}");
    }
    let audit = host.read(AUDIT);
    assert!(!audit.contains("Gartenhaus"), "{what}: {audit}");
}

#[test]
fn a_name_that_nobody_has_is_in_no_log_of_a_login() {
    let host = Host::new();
    let _alice = host.person("alice");
    host.service_alone("noisy", "debug");
    for (service, code) in
        [(ALONE, "123456"), ("noisy", "123456"), (ALONE, "no code"), (ALONE, "0ABC-DEFG-HJKM-NPQR")]
    {
        leaves_nothing(&host, service, || {
            assert!(!host.pam(&Script::new(service, TYPED).types(CODE, code)).accepted());
        });
    }
    let last = host.read(AUDIT).lines().last().expect("a line").to_owned();
    assert!(last.contains(r#""user":null"#) && last.contains("unknown user"), "{last}");
    // A store that cannot be used names its files.
    host.must("chmod 0755 /var/lib/wardkey/users");
    leaves_nothing(&host, "a broken store", || {
        assert!(!host.pam(&Script::new(ALONE, TYPED).types(CODE, "123456")).accepted());
    });
}

#[test]
fn nor_in_one_of_the_helper() {
    let host = Host::new();
    let _alice = host.person("alice");
    let _helper = host.start_helper();
    leaves_nothing(&host, "a locker", || {
        assert!(!host.pam_as("alice", &Script::new(ALONE, TYPED)).accepted());
    });
}

#[test]
fn nor_in_one_of_the_command() {
    let host = Host::new();
    let mut left = host.person("leaving");
    let code = left.fresh_code(&host);
    for command in [
        &["reset", TYPED, "--verified-by", "x"][..],
        &["enroll", TYPED],
        &["pass", TYPED, "--verified-by", "x"],
        &["check", TYPED],
        &["remove", TYPED, "--reason", "x"],
        &["unlock", TYPED],
    ] {
        leaves_nothing(&host, command[0], || {
            let refused = host.wardkey(command, &format!("{code}\n"));
            assert!(
                refused.exits(1).stderr.contains(TYPED),
                "the person at the terminal reads what they typed"
            );
        });
    }
    // Somebody whose account is gone has a record, and so a name.
    host.must("sed -i /^leaving:/d /etc/passwd");
    host.wardkey(&["recovery-codes", "leaving"], "").exits(1);
    let last = host.read(AUDIT).lines().last().expect("a line").to_owned();
    assert!(last.contains(r#""user":"leaving""#), "{last}");
}
